"""What somebody does not want: "not massage", "anyone but a chiropractor", "−massage"."""

from collections.abc import Callable, Sequence

from directory.search.text import Typed, each, folded, typed
from directory.search.vocabulary import Span

# What comes after these is not wanted, whatever it is.
_FIRM = each(
    """without except excluding excepting minus ohne ausser sans sauf hormis excepto salvo senza
    tranne eccetto sem exceto zonder behalve"""
)
# After these it may be a symptom, too: "no energy", "not latching".
_MILD = each(
    "no not none non never kein keine keinen keiner nicht pas aucun nessun nao geen niet sin"
)
# After these a fact is not wanted, either: "doesn't speak English".
_NOT_DONE = each("doesnt dont isnt arent cannot cant wont")
# Facts by which somebody can be left out; others that are refused are passed over, and it is said.
LEFT_OUT = each("profession condition credential language ages times online practitioner")
# Behind a minus these stay words: "-Deutsch" leaves out whose text says so.
_WORDS = frozenset({"field", "language"})
# "Anyone but …" says so; "massage but …" does not.
_ALL = each(
    """anyone anybody anything everyone everybody everything all nobody noone alle jeder jede tout
    tous todos todo tutti todas cualquiera iedereen"""
)
_BUT = frozenset({"but", "than", "save", "bar", "nur", "mais", "pero", "ma"})
_ELSE = frozenset({"other", "someone", "somebody"})
_BETWEEN = each(
    """a an any the for of de d du des une un la le les el los einen eine ein una uno con um uma with
    mit avec een by from like into in interested keen on more another to be see seeing want wanting"""
)
_OR = frozenset({"or", "nor", "oder", "ou", "o", "of", "noch", "ni"})
# Who lacks these suffers: that is what they come for.
_LACKED = each(
    """posture fertility digestion vision coordination infant-feeding insomnia immune asthma low-energy
    stress development-delay learning sensory"""
)


def parted(
    pieces: Sequence[Typed],
    spans: Sequence[Span],
    read: Callable[[Sequence[Typed]], list[Span]],
) -> tuple[list[Span], list[Span]]:
    """The terms and facts that are wanted, and those that are not, with the words that say so."""
    wanted: list[Span] = []
    unwanted = [span for at, piece in enumerate(pieces) for span in _signed(at, piece, read)]
    for span in spans:
        start = _begins(pieces, span, unwanted)
        if start is None and unwanted and _of_whom(span, unwanted[-1]):
            start = unwanted.pop().start  # "not accepting kids" refuses kids
        if start is None:
            wanted.append(span)
        else:
            unwanted.append(Span(start, span.end, span.kind, span.slug))
    return wanted, sorted(unwanted, key=lambda span: span.start)


def _of_whom(span: Span, refused: Span) -> bool:
    """Whether it says right after "not accepting" who is not."""
    return span.kind == "ages" and refused.kind == "accepting" and refused.end == span.start


def _signed(at: int, piece: Typed, read: Callable[[Sequence[Typed]], list[Span]]) -> list[Span]:
    """The term or fact behind a minus, when it is one as a whole."""
    if not piece.without:
        return []
    inside = typed(piece.text)
    spans = [span for span in read(inside) if span.kind not in _WORDS]
    whole = len(spans) == 1 and spans[0].end - spans[0].start == len(inside)
    return [Span(at, at + 1, spans[0].kind, spans[0].slug)] if whole else []


def _begins(pieces: Sequence[Typed], span: Span, unwanted: Sequence[Span]) -> int | None:
    """Where the words begin that say a term is not wanted; None when it is."""
    if span.kind == "field":
        return None
    at = span.start - 1
    while at >= 0 and pieces[at].plain and folded(pieces[at].text) in _BETWEEN:
        at -= 1
    if at < 0 or not pieces[at].plain:
        return None
    word = folded(pieces[at].text)
    if word in _OR and unwanted and unwanted[-1].end == at:
        return at
    if not (word in _FIRM or _except(pieces, at, word) or _denied(span, pieces, word)):
        return None
    while at > 0 and pieces[at - 1].plain and folded(pieces[at - 1].text) in _ALL | _BUT | _ELSE:
        at -= 1
    return at


def _except(pieces: Sequence[Typed], at: int, word: str) -> bool:
    """Whether it is the "but" of "anyone but", or the "than" of "other than"."""
    before = folded(pieces[at - 1].text) if at else ""
    return word in _BUT and (before in _ALL or before == "other")


def _denied(span: Span, pieces: Sequence[Typed], word: str) -> bool:
    """Whether a "no" refuses what follows: any fact, and a term unless it is what is lacked."""
    if span.kind not in ("profession", "condition"):
        return word in _MILD | _NOT_DONE
    return word in _MILD and _refused(span, pieces)


def _refused(span: Span, pieces: Sequence[Typed]) -> bool:
    """Whether somebody refuses a term by "no": a trade, or what is no lack of something."""
    first = folded(pieces[span.start].text)
    lacked = span.slug in _LACKED or first.endswith("ing")
    return span.kind == "profession" or not lacked
