"""Opening hours and days away, as people there read them."""

from collections.abc import Sequence
from datetime import date, time
from typing import NamedTuple

from babel import Locale
from flask_babel import format_date, format_time, get_locale
from flask_babel import gettext as _

from directory.models import Closure, Opening

MIDNIGHT = "24:00"


class Row(NamedTuple):
    """Days of a usual week (0: Monday) with equal hours, and both in words."""

    days: tuple[int, ...]
    name: str
    hours: str


def timetable(hours: Sequence[Opening]) -> list[tuple[str, str]]:
    """The open days of a usual week: the day's name and its hours, days of equal hours together."""
    return [(row.name, row.hours) for row in week(hours)]


def week(hours: Sequence[Opening]) -> list[Row]:
    """The open days of a usual week, days of equal hours together."""
    by_day = {
        day: ", ".join(_stretch(one) for one in hours if one.day == day)
        for day in sorted({one.day for one in hours})
    }
    rows: list[tuple[list[int], str]] = []
    for day, text in by_day.items():
        if rows and rows[-1][1] == text and rows[-1][0][-1] == day - 1:
            rows[-1][0].append(day)
        else:
            rows.append(([day], text))
    return [Row(tuple(days), _days(days), text) for days, text in rows]


def away_days(closure: Closure) -> str:
    """When nobody is there: "24 December – 2 January"."""
    first, last = date.fromisoformat(closure.first), date.fromisoformat(closure.last)
    if first == last:
        return str(format_date(first, "long"))
    return f"{format_date(first, 'long')} – {format_date(last, 'long')}"


def _stretch(opening: Opening) -> str:
    return f"{_clock(opening.opens)} – {_clock(opening.closes)}"


def _clock(text: str) -> str:
    if text == MIDNIGHT:
        return str(_("midnight"))
    shown: str = format_time(time.fromisoformat(text), "short", rebase=False)
    return shown


def _days(days: Sequence[int]) -> str:
    names = (get_locale() or Locale("en")).days["stand-alone"]["wide"]
    if len(days) == 1:
        return str(names[days[0]])
    return f"{names[days[0]]} – {names[days[-1]]}"
