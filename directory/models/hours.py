"""When a practice is open: the days of a usual week, and the days that are not usual."""

import re
from dataclasses import dataclass
from datetime import date

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """One stretch of a usual week: `day` 0 is Monday, times are local, "09:00" to "24:00"."""

    day: int
    opens: str
    closes: str

    def __post_init__(self) -> None:
        if not 0 <= self.day < len(DAYS):
            raise ValueError("A week has seven days, 0 to 6.")
        if not (_TIME.fullmatch(self.opens) and _TIME.fullmatch(self.closes)):
            raise ValueError("Times read like 09:00.")
        if self.opens >= self.closes:
            raise ValueError("A practice opens before it closes.")


@dataclass(frozen=True, slots=True, order=True)
class Closure:
    """Days on which nobody is there, both included, as ISO 8601 dates."""

    first: str
    last: str
    note: str = ""

    def __post_init__(self) -> None:
        if date.fromisoformat(self.first) > date.fromisoformat(self.last):
            raise ValueError("The first day comes before the last.")

    def over(self, today: date) -> bool:
        """Whether it lies wholly in the past."""
        return date.fromisoformat(self.last) < today
