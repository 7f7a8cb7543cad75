"""Where somebody does not want to go: "not in Denver", "but not near Bath", "except Boulder"."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from directory.places import Gazetteer, Place
from directory.search.text import Typed, each, folded
from directory.search.vocabulary import Span
from directory.usecases.visitors.reading.sureness import sure_enough

# A place after these is not wanted.
_FIRM = each(
    """except excepting excluding ausser ausgenommen sauf hormis excepto salvo tranne eccetto exceto
    behalve without ohne sans senza sem zonder menos minus"""
)
# Nor is it after these, which say so of anything.
_NOT = each("not nicht pas no non nao niet never kein keine sin nor")
# After this only when a word for everywhere stands before it.
_BUT = frozenset({"but"})
# Two words that say so together.
_PAIRS = frozenset({("apart", "from"), ("aside", "from"), ("other", "than")})
_IN = each("in near at around from by im bei aus en dans a pres de em nel nella te nabij")
_BETWEEN = each("the of for der die das la le les el il o het")
_OR = each("or nor and oder ou o y e of en noch")
_BEFORE = each("""but and aber nur und mais et pero y ma e mas maar please just except anything""")
_EVERYWHERE = each(
    """anywhere everywhere anyone anybody everyone everybody all partout overal uberall"""
)


@dataclass(frozen=True, slots=True)
class Apart:
    """A place that is not wanted, and the words that say so: the last `length` name it."""

    start: int
    end: int
    place: Place
    length: int


Read = Callable[[Sequence[Typed]], list[Span]]


def places(pieces: Sequence[Typed], gazetteer: Gazetteer, read: Read) -> tuple[Apart, ...]:
    """The places that a line says to be without; what is `read` as a term or fact is none."""
    found: list[Apart] = []
    taken: set[int] | None = None
    for at, piece in enumerate(pieces):
        if found and at < found[-1].end:
            continue
        begin = at if piece.without else _begin(pieces, at, found)
        if begin is None:
            continue
        if taken is None:  # "pas cher" says nothing of the Cher
            taken = {i for span in read(pieces) for i in range(span.start, span.end)}
        if at not in taken and (one := _named(pieces, at, begin, gazetteer, read)):
            found.append(one)
    return tuple(found)


def _begin(pieces: Sequence[Typed], at: int, found: Sequence[Apart]) -> int | None:
    """Where a place may begin that the word here says to be without; None for any other word."""
    word, after = _word(pieces, at), _word(pieces, at + 1)
    if (word, after) in _PAIRS:
        return at + 2
    more = word in _OR and found and found[-1].end == at
    but = word in _BUT and at > 0 and _word(pieces, at - 1) in _EVERYWHERE
    return at + 1 if more or but or word in _FIRM or word in _NOT else None


def masked(pieces: Sequence[Typed], apart: Sequence[Apart | Span]) -> tuple[Typed, ...]:
    """The same pieces, those that say where not to go, or what it may cost, as no plain words."""
    taken = {i for one in apart for i in range(one.start, one.end)}
    return tuple(replace(p, phrase=True) if i in taken else p for i, p in enumerate(pieces))


def _word(pieces: Sequence[Typed], at: int) -> str:
    return folded(pieces[at].text) if at < len(pieces) and pieces[at].plain else ""


def _named(
    pieces: Sequence[Typed], at: int, begin: int, gazetteer: Gazetteer, read: Read
) -> Apart | None:
    """The place that is named from `begin` on, with the words before it that belong to it."""
    while begin > at and _word(pieces, begin) in _IN | _BETWEEN:
        begin += 1
    run = _run(pieces, begin)
    found = gazetteer.find_in(run, start_only=True) if run else None
    if found is None or not sure_enough(run[: found[1]], found[2]):
        return None
    signed = begin == at
    length = 1 if signed and pieces[begin].phrase else found[1]
    meant = [
        replace(piece, without=False, phrase=False) for piece in pieces[begin : begin + length]
    ]
    if read(meant):
        return None
    start = at
    while not signed and start > 0 and _word(pieces, start - 1) in _BEFORE | _NOT | _EVERYWHERE:
        start -= 1
    return Apart(start, begin + length, found[2], length)


def _run(pieces: Sequence[Typed], begin: int) -> list[str]:
    """The words from there on that may name a place; a phrase behind a minus is one of its own."""
    run: list[str] = []
    for at, piece in enumerate(pieces[begin:]):
        if at == 0 and piece.without and piece.phrase:
            return piece.text.split()
        if not (piece.plain or (at == 0 and piece.without)):
            break
        run.append(piece.text)
    return run
