"""Invented listings, the same for every engine and every run: number i is always the same one."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from directory.files import terms
from directory.models import ACCESS, AGES, FEES, PRACTITIONERS, TIMES, Kind
from directory.places import Point
from directory.search.port import Document, Price, Spot

DAY = date(2026, 11, 22)
LEMMAS, TOWNS, SURNAMES, FIRST_NAMES = 15_000, 500, 4_000, 60
LANGUAGES = ("en", "es", "fr", "de", "pt", "it", "zh", "vi", "ar", "pl", "nl", "ja")
SERVED = ("US", "CA", "GB", "IE", "AU", "NZ", "DE", "FR", "ES", "MX")
STARTS = (*"bcdfghjklmnprtvw", "br", "dr", "fl", "gr", "pl", "st", "tr")
# A word's forms in prose and how often each is used; every stemmer leads them to the first.
FORMS = {"": 0.6, "s": 0.2, "ing": 0.1, "ed": 0.1}


def _invented(count: int, seed: int) -> list[str]:
    """Different words of two syllables or more that no stemmer shortens."""
    rng = Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        starts = rng.choices(STARTS, k=3)
        vowels = rng.choices("aeiou", k=3)
        syllables = [a + b for a, b in zip(starts, vowels, strict=True)][: rng.choice((2, 2, 3))]
        found["".join(syllables) + rng.choice("bkpmf")] = None
    return list(found)


def _zipf(count: int, steepness: float) -> list[float]:
    """Cumulative weights by which the k-th of so many is drawn: 1 / k ** steepness."""
    return list(accumulate(1 / k**steepness for k in range(1, count + 1)))


def _terms(kind: Kind) -> dict[str, str]:
    """The words of each term of the taxonomy, by slug."""
    return {
        term.slug: " ".join((str(term.columns["label"]), *term.synonyms))
        for term in terms.read()
        if term.kind is kind
    }


COMMON_FIRST = _invented(LEMMAS, seed=1)
RANK = {lemma: rank for rank, lemma in enumerate(COMMON_FIRST)}
PROSE = [lemma + ending for lemma in COMMON_FIRST for ending in FORMS]
PROSE_WEIGHTS = list(
    accumulate(share / rank**1.02 for rank in range(1, LEMMAS + 1) for share in FORMS.values())
)
GIVEN = [word.capitalize() for word in _invented(FIRST_NAMES, seed=2)]
FAMILY = [word.capitalize() for word in _invented(SURNAMES, seed=3)]
PROFESSIONS, CONDITIONS = _terms(Kind.PROFESSION), _terms(Kind.CONDITION)
CREDENTIALS = _terms(Kind.CREDENTIAL)


def _towns() -> list[tuple[str, Point]]:
    rng = Random(4)
    names = [word.capitalize() for word in _invented(TOWNS, seed=4)]
    return [(name, Point(rng.uniform(30, 50), rng.uniform(-120, -75))) for name in names]


BIGGEST_TOWNS_FIRST = _towns()
REGIONS = 50
_TOWN, _FAMILY = _zipf(TOWNS, 0.8), _zipf(SURNAMES, 0.8)


def documents(count: int) -> Iterator[Document]:
    """Listings 1 to `count`, made one by one."""
    return (document(number) for number in range(1, count + 1))


def document(number: int) -> Document:
    """Listing number so and so. All are shown on DAY; some accept, a tenth visits homes."""
    rng = Random(number)
    professions = _some(rng, list(PROFESSIONS), 1, 3, 0.7)
    conditions = _some(rng, list(CONDITIONS), 2, 10, 0.6)
    credentials = _some(rng, list(CREDENTIALS), 0, 2, 0.8)
    towns = rng.choices(BIGGEST_TOWNS_FIRST, cum_weights=_TOWN, k=2 if rng.random() < 0.15 else 1)
    (family,) = rng.choices(FAMILY, cum_weights=_FAMILY)
    stated = DAY - timedelta(days=rng.randrange(150))
    return Document(
        listing_id=number,
        name=f"{rng.choice(GIVEN)} {family}",
        professions=_spelled(PROFESSIONS, professions) + " " + _spelled(CREDENTIALS, credentials),
        conditions=_spelled(CONDITIONS, conditions),
        place=" ".join(f"{name} United States" for name, _ in towns),
        about=_prose(rng),
        facets={
            "profession": professions,
            "condition": conditions,
            "language": ("en",) if rng.random() < 0.6 else _some(rng, LANGUAGES, 1, 3, 1.2),
            "credential": credentials,
            "ages": _some(rng, list(AGES), 1, 4, 0.3),
            "access": _some(rng, list(ACCESS), 0, 3, 0.3),
            **_offers(Random(f"{number}:offers")),
        },
        spots=_spots(rng, towns),
        confirmed_on=DAY - timedelta(days=rng.randrange(360)),
        accepting_stated_on=stated if rng.random() < 0.8 else None,
        price=_price(Random(f"{number}:price")),
    )


def _offers(rng: Random) -> dict[str, tuple[str, ...]]:
    """Drawn on their own: what else a listing says stays as it was."""
    online = rng.random() < 0.4
    return {
        "times": _some(rng, list(TIMES), 0, 3, 0.3),
        "fees": _some(rng, list(FEES), 0, 3, 0.3),
        "online": ("1",) if online else (),
        "serves": _some(rng, SERVED, 1, 2, 1.5) if online else (),
        "practitioner": _some(rng, list(PRACTITIONERS), 0, 1, 1.0),
    }


def _price(rng: Random) -> Price | None:
    return Price(rng.randrange(50, 200, 5), "USD") if rng.random() < 0.7 else None


def _some(
    rng: Random, values: Sequence[str], least: int, most: int, steepness: float
) -> tuple[str, ...]:
    weights = _WEIGHTS.setdefault((len(values), steepness), _zipf(len(values), steepness))
    return tuple(
        dict.fromkeys(rng.choices(values, cum_weights=weights, k=rng.randint(least, most)))
    )


_WEIGHTS: dict[tuple[int, float], list[float]] = {}


def _spelled(terms: dict[str, str], slugs: Sequence[str]) -> str:
    return " ".join(terms[slug] for slug in slugs)


def _prose(rng: Random) -> str:
    said = rng.choices(PROSE, cum_weights=PROSE_WEIGHTS, k=rng.randint(60, 150))
    return " ".join(said).capitalize() + "."


def _spots(rng: Random, towns: Sequence[tuple[str, Point]]) -> tuple[Spot, ...]:
    """Around the middle of each town; whoever visits homes does so from the first."""
    visits = [rng.choice((10.0, 20.0, 40.0)) if rng.random() < 0.1 else 0.0, 0.0]
    return tuple(
        Spot(
            Point(middle.lat + rng.gauss(0, 0.06), middle.lon + rng.gauss(0, 0.08)),
            km,
            _AREAS[name],
        )
        for (name, middle), km in zip(towns, visits, strict=False)
    )


# Each town is a district of its own, in one of the regions of one country.
_AREAS = {
    name: ("US", f"US.{rank % REGIONS:02}", f"US.{rank % REGIONS:02}.{rank:03}")
    for rank, (name, _) in enumerate(BIGGEST_TOWNS_FIRST)
}
