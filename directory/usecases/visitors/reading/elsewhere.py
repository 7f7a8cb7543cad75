"""Where somebody does not want to go: "not in Denver", "but not near Bath", "except Boulder"."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from directory.places import Gazetteer, Place
from directory.search.text import Typed, folded
from directory.search.vocabulary import Span
from directory.usecases.visitors.reading.sureness import sure_enough


def _set(said: str) -> frozenset[str]:
    return frozenset(said.split())


# A place after these is not wanted.
_FIRM = _set(
    """except excepting excluding ausser sauf hormis excepto salvo tranne eccetto exceto behalve"""
)
# After these, when they stand before a word that leads to a place.
_NOT = _set("not nicht pas no non nao niet but never")
_IN = _set("in near at around from by im bei aus en dans a pres de em nel nella te nabij")
_BETWEEN = _set("the of for der die das la le les el il o het")
_OR = _set("or nor and oder ou o y e of en noch")
_BEFORE = _set(
    """but and anywhere everywhere anyone anybody everyone everybody all aber nur und mais et partout pero y
    ma e mas maar overal uberall please just"""
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
    for at, piece in enumerate(pieces):
        if not piece.plain or (found and at < found[-1].end):
            continue
        word = folded(piece.text)
        more = word in _OR and found and found[-1].end == at
        if more or word in _FIRM or (word in _NOT and _word(pieces, at + 1) in _IN):
            found += _after(pieces, at, gazetteer, read)
    return tuple(found)


def masked(pieces: Sequence[Typed], apart: Sequence[Apart]) -> tuple[Typed, ...]:
    """The same pieces, those that say where not to go as no plain words."""
    taken = {i for one in apart for i in range(one.start, one.end)}
    return tuple(replace(p, phrase=True) if i in taken else p for i, p in enumerate(pieces))


def _word(pieces: Sequence[Typed], at: int) -> str:
    return folded(pieces[at].text) if at < len(pieces) and pieces[at].plain else ""


def _after(pieces: Sequence[Typed], at: int, gazetteer: Gazetteer, read: Read) -> Iterator[Apart]:
    begin = at + 1
    while _word(pieces, begin) in _IN | _BETWEEN:
        begin += 1
    run = []
    for piece in pieces[begin:]:
        if not piece.plain:
            break
        run.append(piece.text)
    found = gazetteer.find_in(run, start_only=True) if run else None
    named = run[: found[1]] if found else []
    if found and sure_enough(named, found[2]) and not read(pieces[begin : begin + found[1]]):
        start = at
        while start > 0 and _word(pieces, start - 1) in _BEFORE | _NOT:
            start -= 1
        yield Apart(start, begin + found[1], found[2], found[1])
