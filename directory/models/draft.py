"""What a listing says: one frozen value, whatever door it came through."""

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

from directory.models.hours import Closure, Opening
from directory.models.offers import FEES, Price, times_in

AGES = {
    "infants": "Babies",
    "children": "Children",
    "teens": "Teenagers",
    "adults": "Adults",
    "older": "Older people",
}
ACCESS = {
    "wheelchair": "Wheelchair access",
    "step-free": "Step-free entrance",
    "parking": "Parking nearby",
    "public-transport": "Near public transport",
    "quiet": "Quiet, low-light room",
    "online": "Online first talk",
}
# Decimals of a degree that a hidden address keeps.
COARSE = 2
# Stored only when they say something, so that a version which knows none of them reads the rest.
LATER = frozenset(
    {
        *("by_appointment", "free_talk", "receipts", "price"),
        *("online", "online_only", "serves", "practitioner"),
    }
)
PRECISIONS = ("", "exact", "postcode", "locality")


@dataclass(frozen=True, slots=True)
class Practice:
    """One place where a practitioner works.

    `country` is an ISO 3166-1 alpha-2 code. `lat` and `lon` are degrees, both or neither;
    `precision` says how well they are known. `home_visit_km` is the travel radius from
    here, 0 when no home visits are made.
    """

    country: str
    locality: str
    name: str = ""
    address: str = ""
    region: str = ""
    postcode: str = ""
    lat: float | None = None
    lon: float | None = None
    precision: str = ""
    hide_address: bool = False
    home_visit_km: float = 0.0

    def __post_init__(self) -> None:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("A position needs both latitude and longitude.")
        if self.lat is not None and self.lon is not None:
            if not (math.isfinite(self.lat) and -90 <= self.lat <= 90):
                raise ValueError("Latitude lies between -90 and 90.")
            if not (math.isfinite(self.lon) and -180 <= self.lon <= 180):
                raise ValueError("Longitude lies between -180 and 180.")
        if self.precision not in PRECISIONS:
            raise ValueError(f"Unknown precision {self.precision!r}.")

    @property
    def placed(self) -> bool:
        """Whether we know where it is."""
        return self.lat is not None

    @property
    def public(self) -> "Practice":
        """As the public may see and find it: a hidden address to about a kilometre only."""
        if not self.hide_address:
            return self
        lat, lon = self.lat, self.lon
        return dataclasses.replace(
            self,
            address="",
            postcode="",
            lat=None if lat is None else round(lat, COARSE),
            lon=None if lon is None else round(lon, COARSE),
        )

    @property
    def town(self) -> str:
        """The place in words, without the street."""
        return ", ".join(part for part in (self.locality, self.region, self.country) if part)

    @property
    def country_only(self) -> "Practice":
        """What the public sees of it when nobody can come there."""
        return Practice(country=self.country, locality="")


@dataclass(frozen=True, slots=True)
class Draft:
    """A listing's whole content. Slugs are the taxonomy's, languages ISO 639-1 codes.

    `about`, `first_visit` and `background` hold a little Markdown. `photo` is a Photo's id.
    `accepting` is None when nothing was said about new clients. `serves` are the countries
    (ISO 3166-1) of clients seen online; without any, those of the practices. `practitioner` is
    one of PRACTITIONERS, "" when they do not say.
    """

    name: str
    practices: tuple[Practice, ...]
    suffix: str = ""
    professions: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    about: str = ""
    first_visit: str = ""
    background: str = ""
    photo: str = ""
    hours: tuple[Opening, ...] = ()
    closures: tuple[Closure, ...] = ()
    fees: str = ""
    sliding_scale: bool = False
    phone: str = ""
    email: str = ""
    website: str = ""
    accepting: bool | None = None
    by_appointment: bool = False
    free_talk: bool = False
    receipts: bool = False
    price: Price | None = None
    online: bool = False
    online_only: bool = False
    serves: tuple[str, ...] = ()
    practitioner: str = ""

    @property
    def placed(self) -> bool:
        """Whether every practice can be put on the map."""
        return bool(self.practices) and all(practice.placed for practice in self.practices)

    @property
    def town(self) -> str:
        """The town of the first practice in words; "" without any."""
        return self.practices[0].town if self.practices else ""

    @property
    def shown_practices(self) -> tuple[Practice, ...]:
        """The practices as the public may see them; of who works online only, the countries."""
        if self.online_only:
            return tuple(dict.fromkeys(practice.country_only for practice in self.practices))
        return tuple(practice.public for practice in self.practices)

    @property
    def times(self) -> tuple[str, ...]:
        """Which of TIMES hold."""
        return times_in(self.hours, by_appointment=self.by_appointment)

    @property
    def fee_terms(self) -> tuple[str, ...]:
        """Which of FEES hold."""
        held = (self.sliding_scale, self.free_talk, self.receipts, self.price)
        return tuple(slug for slug, true in zip(FEES, held, strict=True) if true)

    @property
    def countries_served(self) -> tuple[str, ...]:
        """The countries of clients seen online; none when nobody is."""
        if not self.online:
            return ()
        return self.serves or tuple(dict.fromkeys(one.country for one in self.practices))

    @property
    def words(self) -> dict[str, str]:
        """Every text in the practitioner's own words, by field."""
        names = ("about", "first_visit", "background", "fees")
        return {name: text for name in names if (text := getattr(self, name))}

    @property
    def title(self) -> str:
        """The name as it stands on the card: "Rowan Testerly, LMT"."""
        return f"{self.name}, {self.suffix}" if self.suffix else self.name

    def to_json(self) -> dict[str, Any]:
        """The stored form; `from_json` gives back an equal Draft."""
        stored = dataclasses.asdict(self)
        return {name: value for name, value in stored.items() if value or name not in LATER}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Draft":
        """Rebuild a stored Draft; raises ValueError or TypeError when it is not one."""
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in stored.items()
        }
        values["practices"] = tuple(Practice(**place) for place in stored["practices"])
        values["hours"] = tuple(Opening(**one) for one in stored.get("hours", ()))
        values["closures"] = tuple(Closure(**one) for one in stored.get("closures", ()))
        values["price"] = Price(**stored["price"]) if stored.get("price") else None
        return cls(**values)
