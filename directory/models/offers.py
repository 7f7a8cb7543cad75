"""What a practice offers besides its work: times, prices, sessions online; and who gives them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.numbers import get_territory_currencies

from directory.models.hours import Opening

# Evenings begin, and mornings end, at these local times.
EVENING, MORNING = "18:00", "09:00"
SATURDAY, SUNDAY = 5, 6
TIMES = {
    "saturday": "Saturdays",
    "sunday": "Sundays",
    "evening": "Evenings, after 18:00",
    "early": "Mornings, before 9:00",
    "appointment": "By appointment",
}
FEES = {
    "sliding-scale": "Sliding scale",
    "free-talk": "Free first talk",
    "receipts": "Receipts for insurers",
    "price": "Names a price",
}
ONLINE = {"1": "Works online"}
# As they say it themselves; whoever says nothing is nothing of these.
PRACTITIONERS = {"woman": "A woman", "man": "A man", "another": "Another gender"}
MOST_AMOUNT, MOST_MINUTES = 10_000_000, 600


@dataclass(frozen=True, slots=True)
class Price:
    """What one session costs: an amount in an ISO 4217 currency, of so many minutes (0: not said)."""

    amount: float
    currency: str
    minutes: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.amount <= MOST_AMOUNT:
            raise ValueError("A price is more than nothing.")
        if self.currency not in currencies():
            raise ValueError(f"Unknown currency {self.currency!r}.")
        if not 0 <= self.minutes <= MOST_MINUTES:
            raise ValueError("A session lasts some minutes.")


def times_in(hours: Iterable[Opening], *, by_appointment: bool) -> tuple[str, ...]:
    """Which of TIMES hold for a usual week: always told from the hours, never kept beside them."""
    found = {name for opening in hours for name in _times(opening)}
    if by_appointment:
        found.add("appointment")
    return tuple(name for name in TIMES if name in found)


def _times(opening: Opening) -> Iterator[str]:
    if opening.day == SATURDAY:
        yield "saturday"
    elif opening.day == SUNDAY:
        yield "sunday"
    elif opening.closes > EVENING:
        yield "evening"
    if opening.opens < MORNING:
        yield "early"


@cache
def currency_of(country: str) -> str:
    """What is paid with in a country, "" when nobody knows; the first of several."""
    return next(iter(get_territory_currencies(country)), "") if country else ""


@cache
def country_names() -> Mapping[str, str]:
    """English names of the countries in which anything is paid, by ISO 3166-1 code."""
    named: Mapping[str, str] = Locale("en").territories
    return {code: name for code, name in named.items() if len(code) == 2 and currency_of(code)}


@cache
def currencies() -> Mapping[str, str]:
    """Every currency that is legal tender somewhere today, with a country where it is."""
    countries = [str(code) for code in Locale("en").territories]
    found = {code: country for country in countries for code in get_territory_currencies(country)}
    return dict(sorted(found.items()))
