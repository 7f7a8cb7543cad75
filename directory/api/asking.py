"""What was asked of the API: read strictly, all that is wrong told at once.

A page passes over a parameter that it does not know; a program that misspells one would take
everybody in the directory for its answer.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from marshmallow import Schema, fields
from rapidfuzz.distance import OSA
from werkzeug.datastructures import MultiDict

from directory.errors import Invalid
from directory.said import Said, said
from directory.schemas import read
from directory.schemas.kinds import Form

# What is wrong with a parameter, for programs: see ABOUT in `described`.
TYPES = ("unknown-parameter", "repeated-parameter", "invalid-value", "unknown-value")
UNKNOWN, REPEATED, MALFORMED, UNHEARD = TYPES
# One slip in so many letters.
LETTERS_FOR_A_SLIP = 3
# What others call it.
MEANT = {
    "query": "q",
    "search": "q",
    "text": "q",
    "place": "near",
    "location": "near",
    "city": "near",
    "radius": "within",
    "distance": "within",
    "latitude": "lat",
    "longitude": "lon",
    "lng": "lon",
    "limit": "per_page",
    "page_size": "per_page",
    "order": "sort",
    "lang": "language",
    "cursor": "since",
}
POSITION = frozenset({"lat", "lon"})
Given = MultiDict[str, str]


class NothingSchema(Form):
    """An address that takes no parameter."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one parameter: of which type it is, in words, and which was meant."""

    name: str
    type: str
    reason: str | Said
    nearest: str | None = None


class Refused(Invalid):
    """Parameters that cannot be understood, each with what is wrong with it."""

    def __init__(self, faults: Sequence[Fault], instead: Sequence[tuple[str, object]] = ()) -> None:
        by_name: dict[str, list[str | Said]] = {}
        for fault in faults:
            by_name.setdefault(fault.name, []).append(fault.reason)
        super().__init__(by_name, instead)
        self.faults = tuple(faults)


def faults_of(error: Invalid) -> tuple[Fault, ...]:
    """What is wrong, parameter by parameter."""
    if isinstance(error, Refused):
        return error.faults
    return tuple(_faults(error.fields, UNHEARD))


def asked(schema: Schema, given: Given, check: Callable[[Any], object] | None = None) -> Any:
    """Load parameters; raises Refused, which names all that is wrong.

    `check` is given what was loaded, and raises Invalid for values that nobody knows. It is asked
    here only to tell all when something else is wrong already.
    """
    found = [*_strange(schema, given), *_repeated(schema, given)]
    try:
        loaded = read(schema, _without(given, found) if found else given)
        if not found:
            return loaded
    except Invalid as error:
        found += _faults(error.fields, MALFORMED)
    raise refused(schema, given, found, check)


def refused(
    schema: Schema,
    given: Given,
    found: Sequence[Fault],
    check: Callable[[Any], object] | None,
    instead: Sequence[tuple[str, object]] = (),
) -> Refused:
    """These faults, and those that show once what is at fault already is left out."""
    all_found, ways = list(found), list(instead)
    while new := _more(schema, _without(given, all_found), check):
        known = {fault.name for fault in all_found}
        more = [fault for fault in new[0] if fault.name not in known]
        if not more:
            break
        all_found += more
        ways += new[1]
    return Refused(all_found, ways)


def _more(
    schema: Schema, given: Given, check: Callable[[Any], object] | None
) -> tuple[list[Fault], Sequence[tuple[str, object]]] | None:
    """What is wrong with the rest, and ways on; None when nothing is."""
    try:
        loaded = read(schema, given)
    except Invalid as error:
        return list(_faults(error.fields, MALFORMED)), ()
    try:
        if check:
            check(loaded)
    except Invalid as error:
        return list(faults_of(error)), error.instead
    return None


def _strange(schema: Schema, given: Given) -> Iterator[Fault]:
    names = names_of(schema)
    for name in given:
        if name not in names:
            nearest = _nearest(name, names)
            reason = said("There is no such parameter.")
            if nearest:
                reason = said("There is no such parameter. Did you mean “%(name)s”?", name=nearest)
            yield Fault(name, UNKNOWN, reason, nearest)


def names_of(schema: Schema) -> Sequence[str]:
    """What its parameters are called."""
    return _names(type(schema))


@cache
def _names(kind: type[Schema]) -> Sequence[str]:
    return [field.data_key or name for name, field in kind().fields.items()]


def _nearest(typed: str, names: Sequence[str]) -> str | None:
    folded = typed.lower()
    if MEANT.get(folded) in names:
        return MEANT[folded]
    distance, name = min(((OSA.distance(folded, one), one) for one in names), default=(9, ""))
    return name if distance <= max(1, len(name) // LETTERS_FOR_A_SLIP) < len(name) else None


def _repeated(schema: Schema, given: Given) -> Iterator[Fault]:
    many = [name for name in given if len(given.getlist(name)) > 1]
    for own, field in schema.fields.items() if many else ():
        name = field.data_key or own
        if name in many and not isinstance(field, fields.List):
            yield Fault(name, REPEATED, said("Given more than once; say it once."))


def _faults(by_name: Mapping[str, Sequence[str | Said]], kind: str) -> Iterator[Fault]:
    for name, reasons in by_name.items():
        for reason in reasons:
            yield Fault(name, kind, reason)


def _without(given: Given, faults: Sequence[Fault]) -> Given:
    blamed = {fault.name for fault in faults}
    if blamed & POSITION:
        blamed |= POSITION  # one of them alone is no position
    return MultiDict((name, value) for name, value in given.items(multi=True) if name not in blamed)
