"""Opening hours as people type them: "9-5", "9:00–12:30, 14–18", "closed"."""

import re
from datetime import date
from itertools import pairwise
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from directory.models import DAYS, Closure, Opening
from directory.places import fold
from directory.schemas.kinds import Spoken, Whole

MOST_STRETCHES = 4
EARLIEST = 6 * 60  # nobody who writes a bare "2" or "5" means the night
SHUT = frozenset({"", "closed", "shut", "no", "none", "-", "–", "off"})
_STRETCH = re.compile(
    r"(\d{1,2})(?:[:.h](\d{2})|h)?\s*([ap])?\.?m?\.?\s*(?:-|–|—|to|until|till)\s*"
    r"(\d{1,2})(?:[:.h](\d{2})|h)?\s*([ap])?\.?m?\.?",
    re.I,
)
HOW = "Write it like 9:00–17:00, or 9–12, 14–18; leave it empty when you are closed."


def stretches(day: int, typed: str) -> tuple[Opening, ...]:
    """The stretches of one day, in order; raises ValidationError when it cannot be read."""
    text = typed.strip()
    if fold(text) in SHUT or text.lower() in SHUT:
        return ()
    found = []
    for part in re.split(r"[,;&+]|\band\b", text, flags=re.I):
        match = _STRETCH.fullmatch(part.strip())
        if match is None:
            raise ValidationError(HOW)
        found.append(_opening(day, match))
    found.sort()
    if len(found) > MOST_STRETCHES or any(
        later.opens < earlier.closes for earlier, later in pairwise(found)
    ):
        raise ValidationError("These hours overlap. " + HOW)
    return tuple(found)


def shown(openings: tuple[Opening, ...], day: int) -> str:
    """One day's hours as they would be typed: "09:00–12:30, 14:00–18:00"."""
    return ", ".join(f"{one.opens}–{one.closes}" for one in openings if one.day == day)


def _opening(day: int, match: re.Match[str]) -> Opening:
    first_hour, first_minute, first_half, hour, minute, half = match.groups()
    opens = _minutes(first_hour, first_minute, first_half)
    closes = _minutes(hour, minute, half)
    # "9-5" is nine to five: somebody who closes before opening left out the "pm".
    if not half and closes <= opens and closes <= 12 * 60:
        closes += 12 * 60
    # "2-5" is in the afternoon, and so is "1-5pm"; "02:00-05:00" and "2am-5" are not.
    elif not first_half and first_hour[0] != "0" and _both_later(opens, closes, half):
        opens += 12 * 60
        closes += 0 if half else 12 * 60
    if not 0 <= opens < closes <= 24 * 60:
        raise ValidationError(HOW)
    return Opening(day, _time(opens), _time(closes))


def _both_later(opens: int, closes: int, half: str | None) -> bool:
    if half:
        return half.lower() == "p" and opens + 12 * 60 < closes
    return opens < EARLIEST and closes <= 12 * 60


def _minutes(hour: str, minute: str | None, half: str | None) -> int:
    hours, minutes = int(hour), int(minute or 0)
    if minutes > 59 or hours > (12 if half else 24):
        raise ValidationError(HOW)
    if half:
        hours = hours % 12 + (12 if half.lower() == "p" else 0)
    return hours * 60 + minutes


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


class OpeningSchema(Spoken):
    """The JSON of an Opening."""

    day = Whole(required=True, validate=validate.Range(0, len(DAYS) - 1))
    opens = fields.Str(required=True)
    closes = fields.Str(required=True)

    @post_load
    def to_opening(self, data: dict[str, Any], **_: object) -> Opening:
        try:
            return Opening(**data)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class ClosureSchema(Spoken):
    """The JSON of a Closure."""

    first = fields.Date(required=True, error_messages={"invalid": "This is no date."})
    last = fields.Date(load_default=None, error_messages={"invalid": "This is no date."})
    note = fields.Str(load_default="", validate=validate.Length(max=80))

    @post_load
    def to_closure(self, data: dict[str, Any], **_: object) -> Closure:
        first: date = data["first"]
        last: date = data["last"] or first
        if last < first:
            raise ValidationError("The last day comes before the first.", "last")
        return Closure(first.isoformat(), last.isoformat(), data["note"])
