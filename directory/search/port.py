"""What every search engine answers to: our own Query, Ranking and Document.

An engine is a Reader for web workers and a Writer for the indexer. They share nothing
but what the Writer publishes. Everything here is plain, frozen and engine-free.
"""

import enum
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol, runtime_checkable

from directory.places import Point

FACETS = (
    *("profession", "condition", "language", "credential", "ages", "access"),
    *("times", "fees", "online", "serves", "practitioner"),
)
ALL_OF = frozenset({"condition", "fees"})


def alternatives(
    slugs: frozenset[str], either: frozenset[frozenset[str]]
) -> Iterator[frozenset[str]]:
    """What was chosen in a facet of which all must match, as sets of which any will do."""
    groups = [slugs & group for group in sorted(either, key=sorted) if slugs & group]
    yield from groups
    yield from (frozenset({slug}) for slug in sorted(slugs.difference(*groups)))


class Sort(enum.Enum):
    """How results are ordered; ties always rotate daily."""

    RELEVANCE = "relevance"
    DISTANCE = "distance"
    NAME = "name"
    CONFIRMED = "confirmed"
    FAIR = "fair"


@dataclass(frozen=True, slots=True)
class Circle:
    """All that lies within `km` of `centre`, or is visited at home there."""

    centre: Point
    km: float


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the map in degrees, its edges included (to a centimetre or so).

    Across the date line west exceeds east.
    Raises ValueError for what is none.
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        sides = -180 <= self.west <= 180 and -180 <= self.east <= 180
        if not (sides and -90 <= self.south <= self.north <= 90):
            raise ValueError("No part of the map.")


@dataclass(frozen=True, slots=True)
class Words:
    """Free text: every one of `all_of` and `phrases`, none of `none_of`. Words are as typed."""

    all_of: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.all_of or self.phrases or self.none_of)


class Price(NamedTuple):
    """What a session costs: an amount in a currency (ISO 4217), compared in that one only."""

    amount: float
    currency: str


@dataclass(frozen=True, slots=True)
class Query:
    """One question. `chosen` maps a facet's name to the slugs selected in it.

    Values of a facet are alternatives, except those of `condition` and `fees`: all must match,
    but of those in one set of `either` any will do.
    With a `box` a practice must lie in it.
    Of `areas`, too, any will do: a practice must lie in one, and with `home_visits` it is
    that practice which visits homes.
    When `online` is chosen, whoever works online for people in the country `served` is found as
    if they were there, after those who are.
    `up_to` leaves those whose price is in its currency and no higher.
    `without` maps a facet's name to slugs of which a listing has none. None of its practices lies
    in any of the areas `not_in`, or within any of the circles `not_near`.
    `day` decides what is still fresh and how ties rotate.
    """

    day: date
    words: Words = Words()
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    either: frozenset[frozenset[str]] = frozenset()
    circle: Circle | None = None
    areas: frozenset[str] = frozenset()
    box: Box | None = None
    served: str = ""
    without: Mapping[str, frozenset[str]] = field(default_factory=dict)
    not_in: frozenset[str] = frozenset()
    not_near: frozenset[Circle] = frozenset()
    accepting: bool = False
    home_visits: bool = False
    up_to: Price | None = None
    sort: Sort = Sort.FAIR
    offset: int = 0
    limit: int = 20


class Hit(NamedTuple):
    """One listing found.

    `practice` is the index of its nearest practice when a circle was asked for, of its first
    one there when an area or a box was; `distance_km` is how far the nearest is,
    None for who is found from afar, working online; `matched` names the fields where words were found;
    `visits` says that it was found because it visits homes there, not by its own place.
    """

    listing_id: int
    score: float
    distance_km: float | None = None
    practice: int = 0
    matched: tuple[str, ...] = ()
    visits: bool = False


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answer: the page's hits, the exact total, and exact counts by facet and slug.

    A facet whose values are alternatives is counted without its own selection;
    `condition` and `fees` within the results. With a place `online` counts whom choosing it
    finds: those from afar, too. `partial` says that not all words were found
    together, and that the best partial matches stand in.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A practice on the map, with its home-visit radius in km (0: none).

    `areas` are the codes of all areas that it lies in: its country, its region …
    """

    point: Point
    home_visit_km: float = 0.0
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """What the index knows of a listing: only what may be found and shown.

    `facets` holds slugs by facet; the five texts are searched, `professions` and
    `conditions` with their labels and synonyms spelled out. `accepting_stated_on` is
    the day on which it was said that new clients are welcome, None when it was not.
    """

    listing_id: int
    name: str
    professions: str
    conditions: str
    place: str
    about: str
    facets: Mapping[str, tuple[str, ...]]
    spots: tuple[Spot, ...]
    confirmed_on: date
    accepting_stated_on: date | None
    price: Price | None = None

    def digest(self) -> str:
        """A fingerprint of everything in it: 32 hexadecimal digits."""
        stated = self.accepting_stated_on
        texts = (self.name, self.professions, self.conditions, self.place, self.about)
        said = (
            self.listing_id,
            [len(text) for text in texts],
            sorted(self.facets.items()),
            [(s.point.lat, s.point.lon, s.home_visit_km, s.areas) for s in self.spots],
            (self.confirmed_on.toordinal(), stated.toordinal() if stated else None),
            tuple(self.price) if self.price else None,
        )
        return hashlib.sha256("".join((*texts, repr(said))).encode()).hexdigest()[:32]


# Ranges of numbers: the first and the last of each, in ascending order.
Gaps = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """Which rows of the outbox are known: those up to `cursor`, but for what lies in `gaps`.

    A number in a gap was given to a transaction that may yet commit it.
    """

    cursor: int
    gaps: Gaps = ()

    def holds(self, number: int) -> bool:
        """Whether that row is known."""
        return number <= self.cursor and not any(low <= number <= high for low, high in self.gaps)

    def covers(self, other: "Heard") -> bool:
        """Whether all that the other one knows is known here."""
        return other.cursor <= self.cursor and all(
            any(theirs <= low and min(high, other.cursor) <= last for theirs, last in other.gaps)
            for low, high in self.gaps
            if low <= other.cursor
        )


@dataclass(frozen=True, slots=True)
class Changes:
    """The present state of changed listings, and the ids of those not public any more.

    `cursor` is the newest outbox row that they cover, and `gaps` are the numbers up to there that
    they do not. Applying them twice is harmless.
    """

    present: tuple[Document, ...]
    gone: tuple[int, ...]
    cursor: int
    gaps: Gaps = ()

    @property
    def heard(self) -> Heard:
        """The outbox rows that they cover."""
        return Heard(self.cursor, self.gaps)


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What serves now. `cursor` is the newest outbox row that it holds; none of `gaps` does it."""

    generation: str
    listings: int
    cursor: int
    built_at: str
    gaps: Gaps = ()

    @property
    def heard(self) -> Heard:
        """The outbox rows that it holds."""
        return Heard(self.cursor, self.gaps)


class Reader(Protocol):
    """Searches what was published last. Safe to share between threads.

    Every method raises SearchUnavailable when no sound index can be opened.
    """

    def search(self, query: Query) -> Ranking:
        """Rank the listings that match."""

    def totals(self, queries: Sequence[Query]) -> list[int]:
        """How many listings each query would find, exactly."""

    def spell(self, words: Sequence[str]) -> list[str | None]:
        """For each word: itself (folded) when the index knows it, else one near it, else None."""

    def names(self, prefix: str, *, limit: int) -> list[int]:
        """Listing ids whose name has a word beginning with `prefix`, best first."""

    def called(self, word: str) -> int:
        """How many have this very word in their name."""

    def currency(self) -> str:
        """The currency in which most prices are; "" when nobody names any."""

    def crowds(self, *, most: int) -> list[Point]:
        """Where most practise: the place of one practice in each such spot, the fullest first.

        Whoever may be shown no more still counts: only to find out where to look.
        """

    def generation(self) -> str:
        """What answers now; while it is the same and the day, so are the answers.

        Asked for before a search, it is never newer than what answers.
        """

    def ids(self) -> Mapping[int, str]:
        """Every listing id with the digest of its document; for `verify`."""

    def status(self) -> IndexStatus:
        """What serves now."""


class Share(Protocol):
    """A part of all documents that another process can read: a picklable callable."""

    def __call__(self) -> Iterable[Document]:
        """Read the documents, in ascending order of their ids."""


@runtime_checkable
class Divisible(Protocol):
    """Documents that several processes can read at once, each its share."""

    def __iter__(self) -> Iterator[Document]:
        """All of them, one by one, in this process."""

    def shares(self, count: int) -> Sequence[Share]:
        """At most so many shares of about equal size, that hold each document once."""


class Writer(Protocol):
    """Publishes; one at a time. A failure at any point leaves what served before."""

    def rebuild(
        self,
        documents: Iterable[Document],
        *,
        cursor: int,
        catch_up: Callable[[int], Changes] | None = None,
        progress: Callable[[int], None] = lambda done: None,
    ) -> IndexStatus:
        """Build a fresh generation beside the serving one, catch up, then swap atomically.

        `documents` that are Divisible are read and indexed on all cores. `cursor` is the newest
        outbox row before the documents were read; `catch_up` is given it just before the swap,
        and answers with what changed since.
        """

    def apply(self, changes: Changes) -> IndexStatus:
        """Publish changes on top of what serves; nothing, when it knows what they do not."""

    def check(self) -> None:
        """Read all that serves from the disk; raises SearchUnavailable when any is damaged."""

    def overlaid(self) -> int:
        """How many listings lie on top of the last rebuild; the next one folds them in."""

    def status(self) -> IndexStatus | None:
        """What serves now; None before the first rebuild."""
