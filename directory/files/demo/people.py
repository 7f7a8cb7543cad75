"""Clearly fictional practitioners in real towns, so that a fresh directory looks alive."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from math import cos, radians
from random import Random
from typing import Any

from directory.files.demo import words
from directory.files.demo.facts import (
    COUNTRIES,
    FAR_AWAY,
    LADDER,
    LEAST_PEOPLE,
    ONLINE_ONLY,
    PROFILES,
    SHARES,
    SPECIALTIES,
    Country,
    Profile,
)
from directory.files.demo.phones import fictional_phone
from directory.models import Condition, Draft, Opening, Practice, Price, Taxonomy
from directory.models.offers import currency_of
from directory.places import Point, distance_km, fold
from directory.places.big_towns import Spot, Town
from directory.usecases.imports.intake import Newcomer

__all__ = ["COUNTRIES", "LEAST_PEOPLE", "demo_drafts"]

OLDEST_DAYS = 300
SECOND_PRACTICE_KM = 80
FEWEST_WORDS = 62
WRITTEN_IN = 2026
# Names of their own, which keep their capital inside a sentence.
_PROPER = ("Bell's", "Parkinson's", "Down", "Lyme")
# Labels that make no sense inside a sentence.
_IN_WORDS = {
    "tmj": "jaw pain",
    "stroke-recovery": "life after a stroke",
    "tongue-tie": "tongue-tie",
    "after-birth-baby": "a difficult birth",
}
# Where the claims policy lets no condition be named, none stands in a bio either.
_UNNAMED = frozenset({"GB"})


def demo_drafts(
    count: int, seed: int, taxonomy: Taxonomy, towns: Sequence[Town], today: date
) -> Iterator[Newcomer]:
    """That many people; the same ones for the same seed and towns, the first ones first.

    Only the day of their last confirmation depends on `today`.
    """
    world = _World(towns)
    for number in range(1, count + 1):
        # One generator a person: a longer list never changes the people before.
        chance = Random(f"{seed}:{number}")  # noqa: S311  # nosec B311 - no secret
        draft = _Person(chance, taxonomy, world).draft()
        days = int(OLDEST_DAYS * chance.random() ** 1.9)
        yield Newcomer(f"demo:{seed}:{number}", draft, today - timedelta(days=days))


class _World:
    """The towns by country, each as likely as its size and its known share make it."""

    def __init__(self, towns: Sequence[Town]) -> None:
        self.towns: dict[str, list[Town]] = {}
        for town in towns:
            if not any(char.isdigit() for char in town.name):  # "Paris 19" is a part of one
                self.towns.setdefault(town.country, []).append(town)
        self._sums = {code: list(accumulate(_odds(code, t))) for code, t in self.towns.items()}
        self._codes = [code for code in COUNTRIES if code in self.towns]
        if not self._codes:
            raise ValueError("There are no towns to put anybody in: load the gazetteer first.")
        self._weights = [COUNTRIES[code].weight for code in self._codes]

    def town(self, chance: Random) -> Town:
        """Some town."""
        code = chance.choices(self._codes, self._weights)[0]
        return chance.choices(self.towns[code], cum_weights=self._sums[code])[0]

    def near(self, town: Town, chance: Random) -> Town:
        """Another town within reach, or the same one."""
        there = self.towns[town.country]
        tries = chance.sample(there, min(40, len(there)))
        nearest = min(
            (other for other in tries if other != town),
            key=lambda other: distance_km(other.point, town.point),
            default=town,
        )
        near = distance_km(nearest.point, town.point) < SECOND_PRACTICE_KM
        return nearest if near else town


def _odds(country: str, towns: Sequence[Town]) -> Iterator[float]:
    """How likely each town is: its share where it has one, else its part of the rest."""
    shares = SHARES.get(country, {})
    # The root keeps big cities from taking everything.
    people = [town.population**0.85 for town in towns]
    rest = (1 - sum(shares.values())) / sum(people)
    for town, weight in zip(towns, people, strict=True):
        yield shares.get((town.name, town.region), weight * rest)


HOURS = (
    (),
    (("09:00", "17:00"),),
    (("08:30", "12:00"), ("13:00", "17:30")),
    (("10:00", "18:30"),),
    (("12:00", "20:00"),),
)


@dataclass
class _Person:
    """One invented practitioner; `draft` may be called once.

    `amount` is what 60 minutes cost, once the fees are told.
    """

    chance: Random
    taxonomy: Taxonomy
    world: _World
    amount: int = 0

    def draft(self) -> Draft:
        """All that this person says."""
        town = self.world.town(self.chance)
        country = COUNTRIES[town.country]
        trades = self._trades(country)
        profile = PROFILES[trades[0]]
        name = self._name(country)
        conditions = self._conditions(trades)
        practices = self._practices(town, country)
        handle = ".".join(fold(name).split())
        domain = self._domain(name, practices[0])
        said = Draft(
            name=name,
            suffix=self._suffix(profile, town.country),
            professions=trades,
            conditions=conditions,
            credentials=self._credentials(trades, town.country),
            languages=self._languages(country),
            ages=self._ages(profile),
            access=self._some(
                {"wheelchair": 0.35, "step-free": 0.4, "parking": 0.5}
                | {"public-transport": 0.4, "quiet": 0.3, "online": 0.25}
            ),
            about=self._about(town, trades[0], profile, conditions),
            fees=self._fees(country),
            phone=fictional_phone(town.country, town.region, town.name, self.chance),
            email=f"{handle}@{domain}" if self.chance.random() < 0.92 else "",
            website=f"https://{domain}" if self.chance.random() < 0.7 else "",
            accepting=self.chance.choices((True, False, None), (66, 14, 20))[0],
            practices=practices,
            hours=self._hours(),
            sliding_scale=self.chance.random() < 0.2,
        )
        return replace(said, **self._offers(country, said.hours))

    def _offers(self, country: Country, hours: tuple[Opening, ...]) -> dict[str, Any]:
        """Drawn last: who somebody is does not depend on it."""
        online = self.chance.random() < 0.3
        only = online and country.code in ONLINE_ONLY and self.chance.random() < 0.5
        named = bool(self.amount) and self.chance.random() < 0.75
        neighbours = [code for code in country.neighbours if self.chance.random() < 0.5]
        return {
            "hours": (*hours, *self._sunday()) if hours else (),
            "by_appointment": self.chance.random() < 0.4,
            "free_talk": self.chance.random() < 0.3,
            "receipts": self.chance.random() < 0.35,
            "price": Price(float(self.amount), currency_of(country.code), 60) if named else None,
            "online": online,
            "online_only": only,
            "serves": self._serves(country, neighbours, afar=only) if online else (),
            "practitioner": self.chance.choices(("woman", "man", "another", ""), (46, 22, 4, 28))[
                0
            ],
        }

    def _hours(self) -> tuple[Opening, ...]:
        """A usual week; some say none."""
        days = sorted(self.chance.sample(range(6), self.chance.randint(3, 6)))
        shape = self.chance.choice(HOURS)
        return tuple(Opening(day, opens, closes) for day in days for opens, closes in shape)

    def _some(self, odds: Mapping[str, float]) -> tuple[str, ...]:
        return tuple(value for value, odd in odds.items() if self.chance.random() < odd)

    def _name(self, country: Country) -> str:
        firsts, lasts = words.FIRST_NAMES, words.LAST_NAMES
        pools = (country.names, country.names, country.names, "en", "world")
        first = self.chance.choice(firsts[self.chance.choice(pools)])
        return f"{first} {self.chance.choice(lasts[self.chance.choice(pools)])}"

    def _trades(self, country: Country) -> tuple[str, ...]:
        slugs = [slug for slug in PROFILES if slug in self.taxonomy.professions]
        weights = [PROFILES[slug].weight_in(country.code) for slug in slugs]
        first = self.chance.choices(slugs, weights)[0]
        also = "craniosacral-therapist"
        second = first != also and self.chance.random() < 0.3
        return (first, also) if second else (first,)

    def _suffix(self, profile: Profile, code: str) -> str:
        letters = profile.letters.get(code, profile.letters.get("", ()))
        return self.chance.choice(letters) if letters and self.chance.random() < 0.85 else ""

    def _conditions(self, trades: Sequence[str]) -> tuple[str, ...]:
        groups = [group for trade in trades for group in PROFILES[trade].groups]
        pool = [term for term in self.taxonomy.conditions.values() if term.group in groups]
        pool = [term for term in pool if not term.serious or self.chance.random() < 0.35]
        most = min(len(pool), self.chance.choice((4, 6, 8, 10, 13)))
        # What many lists name, many practitioners name too.
        weights = {term.slug: 1 + 2 * len(set("UAE") & set(term.flags)) for term in pool}
        ranked = sorted(pool, key=lambda t: self.chance.random() ** (1 / weights[t.slug]))
        chosen = {term.slug for term in ranked[len(ranked) - most :]}
        return tuple(slug for slug in self.taxonomy.conditions if slug in chosen)

    def _credentials(self, trades: Sequence[str], code: str) -> tuple[str, ...]:
        found = self._lineage(code)
        found += self._some(SPECIALTIES)
        profile = PROFILES[trades[0]]
        if profile.licensed and code in ("US", "CA", "AU", "NZ", "GB", "DE", "FR"):
            found += ("licence",)
        if trades[0] == "massage-therapist" and code == "US" and self.chance.random() < 0.35:
            found += ("bctmb",)
        return tuple(slug for slug in dict.fromkeys(found) if slug in self.taxonomy.credentials)

    def _lineage(self, code: str) -> tuple[str, ...]:
        """Biodynamic training with its registers, or a way up the ladder of courses."""
        if self.chance.random() < 0.24:
            registers = {"US": "rcst-na", "CA": "rcst-na", "GB": "rcst-uk"}
            registers |= dict.fromkeys(("NZ", "AU", "JP"), "pact-member")
            own = registers.get(code)
            also = ("cnhc",) if code == "GB" and self.chance.random() < 0.5 else ()
            return ("bcst-foundation", *((own,) if own else ()), *also)
        climbed: list[str] = []
        for slug, odd in LADDER:
            if self.chance.random() > odd:
                break
            climbed.append(slug)
        return tuple(climbed) or ("cst1",)

    def _languages(self, country: Country) -> tuple[str, ...]:
        return country.speaks + self._some(country.also_speaks)

    def _ages(self, profile: Profile) -> tuple[str, ...]:
        if profile.families:
            odds = {"infants": 0.95, "children": 0.8, "teens": 0.4, "adults": 0.6, "older": 0.2}
        else:
            odds = {"infants": 0.2, "children": 0.35, "teens": 0.6, "adults": 1.0, "older": 0.75}
        return self._some(odds) or ("adults",)

    @staticmethod
    def _serves(country: Country, neighbours: Sequence[str], *, afar: bool) -> tuple[str, ...]:
        served = (country.code, *neighbours, *(FAR_AWAY if afar else ()))
        return served if len(served) > 1 else ()

    def _sunday(self) -> tuple[Opening, ...]:
        return (Opening(6, "10:00", "14:00"),) if self.chance.random() < 0.08 else ()

    def _fees(self, country: Country) -> str:
        if self.chance.random() < 0.12:
            return ""
        low, high, step = country.price
        price = self.chance.randrange(low, high + 1, step)
        shape = self.chance.choice(
            (
                "{c}{p} for 60 minutes",
                "{c}{p} / 60 min; {c}{q} / 90 min",
                "{c}{p} an hour; lower fees on request",
                "{c}{p} for adults, {c}{r} for babies and children",
            )
        )
        long, young = price * 7 // 5 // step * step, price * 7 // 10 // step * step
        self.amount = price
        return shape.format(c=country.currency, p=price, q=long, r=young)

    def _practices(self, town: Town, country: Country) -> tuple[Practice, ...]:
        count = self.chance.choices((1, 2, 3), (78, 18, 4))[0]
        homes = [town, *(self.world.near(town, self.chance) for _ in range(count - 1))]
        visits = self.chance.choice((5, 10, 15, 25, 40)) if self.chance.random() < 0.24 else 0
        return tuple(
            self._practice(home, country, visits if position == 0 else 0)
            for position, home in enumerate(homes)
        )

    def _practice(self, town: Town, country: Country, visits: float) -> Practice:
        spot = self.chance.choice(town.spots) if town.spots else None
        named = self.chance.random() < 0.6
        street = self.chance.choice(words.STREETS[country.names]).format(
            n=self.chance.randrange(1, 190)
        )
        known = self.chance.random() < 0.75
        point = self._scatter(town, spot) if known else (spot.point if spot else town.point)
        precision = "exact" if known else "postcode" if spot and spot.exact else "locality"
        return Practice(
            country=town.country,
            locality=town.name,
            region=town.region,
            postcode=spot.postcode if spot else "",
            name=self.chance.choice(words.PRACTICE_NAMES) if named else "",
            address=street if known else "",
            lat=round(point.lat, 5),
            lon=round(point.lon, 5),
            precision=precision,
            hide_address=known and self.chance.random() < 0.25,
            home_visit_km=float(visits),
        )

    def _scatter(self, town: Town, spot: Spot | None) -> Point:
        """A point some streets away, so that neighbours do not stand on one another."""
        centre = spot.point if spot else town.point
        km = 0.6 if spot and spot.exact else min(2.5, 0.4 + town.population / 250_000)
        lat = centre.lat + self.chance.uniform(-km, km) / 111
        lon = centre.lon + self.chance.uniform(-km, km) / (111 * cos(radians(centre.lat)))
        return Point(lat, max(-180.0, min(180.0, lon)))

    def _domain(self, name: str, practice: Practice) -> str:
        plain = "-".join(fold(practice.name or name.rsplit(maxsplit=1)[-1]).split())
        return f"{plain.encode('ascii', 'ignore').decode().strip('-') or 'practice'}.example"

    def _about(self, town: Town, trade: str, profile: Profile, conditions: Sequence[str]) -> str:
        years = self.chance.randrange(3, 31)
        filled: dict[str, Any] = {
            "years": years,
            "since": WRITTEN_IN - years,
            "town": town.name,
            "a_trade": _with_article(self.taxonomy.professions[trade].label.lower()),
            "terms": self._terms(conditions),
        }
        second = () if trade == "craniosacral-therapist" else words.SECOND_CALLINGS
        parts: list[Sequence[str]] = [words.OPENINGS + second, words.SESSIONS]
        if conditions and town.country not in _UNNAMED:
            parts.append(words.WORK_WITH)
        parts += [words.WITH_FAMILIES if profile.families else words.WITH_ADULTS]
        parts += [words.TRAINING, words.CLOSINGS]
        sentences = [self.chance.choice(part).format_map(filled) for part in parts]
        spare = [s for s in (*words.SESSIONS, *words.CLOSINGS) if s not in sentences]
        self.chance.shuffle(spare)
        while sum(len(s.split()) for s in sentences) < FEWEST_WORDS or self.chance.random() < 0.3:
            sentences.insert(2, spare.pop())
        half = max(2, len(sentences) // 2)
        return f"{' '.join(sentences[:half])}\n\n{' '.join(sentences[half:])}"

    def _terms(self, conditions: Sequence[str]) -> str:
        """Two or three conditions as they stand in a sentence."""
        some = self.chance.sample(list(conditions), min(3, len(conditions)))
        labels = [_condition(self.taxonomy.conditions[slug]) for slug in some]
        return " and ".join([", ".join(labels[:-1]), labels[-1]] if labels[1:] else labels)


def _condition(term: Condition) -> str:
    """A condition inside a sentence: "neck pain", "Bell's palsy", "PTSD"."""
    label = _IN_WORDS.get(term.slug, term.label.partition(" (")[0])
    if label.startswith(_PROPER) or label[1:2].isupper():
        return label
    return label[:1].lower() + label[1:]


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
