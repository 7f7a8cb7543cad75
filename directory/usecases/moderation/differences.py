"""Two versions of a listing beside each other: field by field, and in texts word by word."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from directory.models import Draft, Practice
from directory.places import Point, distance_km
from directory.promises import Flag, lint
from directory.said import Said
from directory.usecases.listings.fields import FIELDS, NOTHING_YET

# Risky fields first: who it is, where, how to reach them, what they promise.
ORDER = (
    *("name", "suffix", "professions", "credentials", "practices", "phone", "email", "website"),
    *("about", "first_visit", "background", "fees", "conditions", "photo", "ages", "languages"),
    *("hours", "closures", "sliding_scale", "accepting", "access"),
    *("online", "online_only", "serves", "practitioner"),
    *("by_appointment", "price", "free_talk", "receipts"),
)
RISKY = frozenset(ORDER[:12])
TEXTS = frozenset({"about", "first_visit", "background", "fees"})
SETS = frozenset(
    {"professions", "credentials", "conditions", "ages", "languages", "access", "serves"}
)
_WORD = re.compile(r"\S+\s*|\s+")
# Comparing texts takes time by their lengths multiplied; beyond this all of it is shown twice.
MOST_COMPARED = 1_500_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text: "same", "gone" or "new"; `flagged` when it promises something."""

    kind: str
    text: str
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A place of work before and after; `km` is how far the pin moved, None when none did."""

    before: Practice | None
    after: Practice | None
    km: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs, or, the first time, that says something.

    `kind` is "text", "set", "places" or "value"; then `pieces`, `gone`, `kept` and `new`,
    or `places` hold it in detail. `before` and `after` are the values themselves.
    """

    field: str
    label: Said
    kind: str
    risky: bool
    before: object
    after: object
    pieces: tuple[Piece, ...] = ()
    gone: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    places: tuple[Moved, ...] = ()
    flags: tuple[Flag, ...] = ()


def between(live: Draft | None, proposed: Draft) -> tuple[Difference, ...]:
    """What differs, fields that promise something first, then the riskier ones."""
    before = live or NOTHING_YET
    names = [name for name in ORDER if getattr(before, name) != getattr(proposed, name)]
    found = [_difference(name, before, proposed) for name in names]
    return tuple(sorted(found, key=lambda one: not one.flags))


def _difference(name: str, live: Draft, proposed: Draft) -> Difference:
    before, after = getattr(live, name), getattr(proposed, name)
    kind = "text" if name in TEXTS else "set" if name in SETS else "value"
    label, risky = FIELDS[name], name in RISKY
    if kind == "text":
        flags = lint(after)
        pieces = words(before, after, flags)
        return Difference(name, label, kind, risky, before, after, pieces=pieces, flags=flags)
    if kind == "set":
        gone, kept, new = _sets(before, after)
        return Difference(name, label, kind, risky, before, after, gone=gone, kept=kept, new=new)
    if name == "practices":
        return Difference(name, label, "places", risky, before, after, places=moved(before, after))
    return Difference(name, label, kind, risky, before, after)


def _sets(
    before: Sequence[str], after: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    return (
        tuple(one for one in before if one not in after),
        tuple(one for one in after if one in before),
        tuple(one for one in after if one not in before),
    )


def words(before: str, after: str, flags: Sequence[Flag] = ()) -> tuple[Piece, ...]:
    """Word by word what went, what stayed and what is new; promises of the new text marked.

    What is not "new" is, in order, the old text; what is not "gone" the new one.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) * len(new) > MOST_COMPARED:
        return (Piece("gone", before), *_marked("new", after, 0, flags))
    pieces: list[Piece] = []
    at = 0
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for verb, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if verb in ("delete", "replace"):
            pieces.append(Piece("gone", "".join(old[old_from:old_to])))
        text = "".join(new[new_from:new_to])
        pieces.extend(_marked("same" if verb == "equal" else "new", text, at, flags))
        at += len(text)
    return tuple(pieces)


def _marked(kind: str, text: str, at: int, flags: Iterable[Flag]) -> Iterator[Piece]:
    """A stretch that begins `at` some letter of the whole, cut where promises begin and end."""
    end, done = at + len(text), at
    for flag in flags:
        start, stop = max(flag.start, done), min(flag.end, end)
        if start >= stop:
            continue
        if start > done:
            yield Piece(kind, text[done - at : start - at])
        yield Piece(kind, text[start - at : stop - at], flagged=True)
        done = stop
    if done < end:
        yield Piece(kind, text[done - at :])


def moved(before: Sequence[Practice], after: Sequence[Practice]) -> tuple[Moved, ...]:
    """Places that differ, each beside the one that it most likely replaces."""
    old = [one for one in before if one not in after]
    new = [one for one in after if one not in before]
    pairs: list[tuple[Practice | None, Practice | None]] = []
    for one in list(old):
        same = next((other for other in new if _alike(one)(other)), None)
        if same is not None:
            pairs.append((one, same))
            old.remove(one)
            new.remove(same)
    return tuple(Moved(a, b, _km(a, b)) for a, b in (*pairs, *zip_longest(old, new)))


def _alike(one: Practice) -> Callable[[Practice], bool]:
    return lambda other: (one.country, one.locality) == (other.country, other.locality)


def _km(a: Practice | None, b: Practice | None) -> float | None:
    if a is None or b is None or a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    if (a.lat, a.lon) == (b.lat, b.lon):
        return None
    return distance_km(Point(a.lat, a.lon), Point(b.lat, b.lon))
