"""What a visitor asks for, and how to ask for a little more or less."""

from dataclasses import dataclass, fields, replace
from typing import Self

from directory.search.port import FACETS, Sort

DEFAULT_KM = 50.0
MOST_KM = 500.0
KM_PER_MILE = 1.609344


@dataclass(frozen=True, slots=True)
class Criteria:
    """One search, as the page and the API both read it; see the README for each parameter.

    `within_km` is None when nothing was said (then DEFAULT_KM holds); `within` keeps the
    visitor's own words for it ("25mi"). `up_to` is what a session may cost, in the currency of
    the place. `beyond` looks just across an area's border instead.
    """

    q: str = ""
    profession: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    near: str = ""
    lat: float | None = None
    lon: float | None = None
    within: str = ""
    beyond: bool = False
    language: tuple[str, ...] = ()
    credential: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    fees: tuple[str, ...] = ()
    online: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    practitioner: tuple[str, ...] = ()
    up_to: float | None = None
    accepting: bool = False
    home_visits: bool = False
    sort: Sort | None = None
    page: int = 1
    per_page: int = 20

    @property
    def within_km(self) -> float:
        """The radius in km."""
        return kilometres(self.within) if self.within else DEFAULT_KM

    def chosen(self) -> dict[str, frozenset[str]]:
        """The slugs asked for, by facet; facets without any are left out."""
        return {name: frozenset(getattr(self, name)) for name in FACETS if getattr(self, name)}

    def but(self, **changes: object) -> Self:
        """The same search with something changed, from its first page."""
        return replace(self, **({"page": 1} | changes))  # type: ignore[arg-type]

    def without(self, name: str, value: str = "") -> Self:
        """The same search without one filter, or without one value of it."""
        if name == "place":
            return self.but(near="", lat=None, lon=None, within="", beyond=False)
        kept = getattr(self, name)
        if value and isinstance(kept, tuple):
            return self.but(**{name: tuple(slug for slug in kept if slug != value)})
        return self.but(**{name: type(self).__dataclass_fields__[name].default})

    def params(self) -> list[tuple[str, str]]:
        """The URL parameters that say the same; defaults are left out."""
        pairs: list[tuple[str, str]] = []
        for spec in fields(self):
            value = getattr(self, spec.name)
            if value == spec.default:
                continue
            values = value if isinstance(value, tuple) else (value,)
            pairs += [(spec.name, _as_text(one)) for one in values]
        return pairs


def _as_text(value: object) -> str:
    if value is True:
        return "1"
    if isinstance(value, Sort):
        return value.value
    return f"{value:g}" if isinstance(value, float) and value == round(value, 4) else str(value)


def kilometres(within: str) -> float:
    """Read `25mi`, `40km` or a number of km; raises ValueError when it is none of them."""
    text = within.strip().lower().replace(" ", "")
    factor = 1.0
    for unit, km in (("miles", KM_PER_MILE), ("mi", KM_PER_MILE), ("km", 1.0)):
        if text.endswith(unit):
            text, factor = text.removesuffix(unit), km
            break
    km_asked = float(text) * factor
    if not 0 < km_asked <= MOST_KM + 0.5:
        raise ValueError("out of range")
    return min(km_asked, MOST_KM)
