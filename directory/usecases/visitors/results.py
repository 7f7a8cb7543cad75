"""What a search gives back: plain values for the page and the API alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from directory.models import FEES, Closure, Opening, Practice, Price
from directory.places import Place, Point
from directory.said import Said
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.finder import Watch
from directory.usecases.visitors.highlighting import Highlights


@dataclass(frozen=True, slots=True)
class Term:
    """A slug with the words that people read."""

    slug: str
    label: str


@dataclass(frozen=True, slots=True)
class Check:
    """Somebody of ours asked whoever gave a credential: whom, and on which day."""

    issuer: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class Badge:
    """A credential as claimed; `kind` is course, assessed, registered, specialty …

    `checked` is there while a check of it holds.
    """

    slug: str
    label: str
    issuer: str
    kind: str
    rank: int
    checked: Check | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """All that the public may see of a listing, the claims policy already applied.

    `accepting` is None when nothing is stated, or no longer holds. A practice with
    `hide_address` has no street, no exact position: only its town.
    Of who works online only a practice is its country alone. `serves` are the countries of
    clients seen online. `conditions_allowed` is False where the country's policy lets none be named.
    `claimable` says that nobody keeps it yet; `updated_at` is when this version was written.
    """

    listing_id: int
    slug: str
    name: str
    suffix: str
    professions: tuple[Term, ...]
    conditions: tuple[Term, ...]
    conditions_allowed: bool
    credentials: tuple[Badge, ...]
    languages: tuple[Term, ...]
    ages: tuple[Term, ...]
    access: tuple[Term, ...]
    practices: tuple[Practice, ...]
    about: str
    fees: str
    phone: str
    email: str
    website: str
    accepting: bool | None
    confirmed_on: date
    is_demo: bool
    first_visit: str = ""
    background: str = ""
    photo: str = ""
    hours: tuple[Opening, ...] = ()
    closures: tuple[Closure, ...] = ()
    sliding_scale: bool = False
    free_talk: bool = False
    receipts: bool = False
    price: Price | None = None
    times: tuple[Term, ...] = ()
    online: bool = False
    online_only: bool = False
    serves: tuple[Term, ...] = ()
    practitioner: Term | None = None
    claimable: bool = False
    updated_at: datetime | None = None
    # What it was made of, as one number: two with the same say the same.
    made_of: int = field(default=0, compare=False, repr=False)
    # What pages have made of it, by language.
    made: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def title(self) -> str:
        """The name as it stands on the card: "Rowan Testerly, LMT"."""
        return f"{self.name}, {self.suffix}" if self.suffix else self.name

    @property
    def fee_terms(self) -> tuple[Term, ...]:
        """Which of FEES hold."""
        held = (self.sliding_scale, self.free_talk, self.receipts, self.price)
        return tuple(Term(*one) for one, true in zip(FEES.items(), held, strict=True) if true)


@dataclass(frozen=True, slots=True)
class Result:
    """One listing in a page of results.

    `practice` is the practice shown (the nearest one when a place was asked for),
    `why` the reasons it is here, in words.
    """

    profile: Profile
    practice: Practice
    score: float
    distance_km: float | None
    visits: bool
    why: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Beyond:
    """How many practise just across an area's border, and the search for them."""

    total: int
    wanted: Criteria


@dataclass(frozen=True, slots=True)
class Around:
    """The place that was searched around or in, and others of that name, biggest first.

    Of an area `areas` are the codes that whoever practises in it has, and there is no radius.
    `unread` are words for a place of which nothing is known, such as a quarter's name; `aside` is
    another one that was named with it, and was left aside. `across`
    says that it is just across the border where was looked; `beyond` who practises there.
    """

    label: str
    point: Point
    within_km: float | None
    country: str
    alternatives: tuple[Place, ...] = ()
    areas: tuple[str, ...] = ()
    unread: str = ""
    aside: str = ""
    across: bool = False
    beyond: "Beyond | None" = None

    @property
    def kind(self) -> str:
        """ "area" when people are in it, "point" when they are near it."""
        return "area" if self.areas else "point"


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing the search was narrowed by; `wanted` is the search without it.

    `understood` says that it was read from the visitor's own words, `words` which.
    """

    kind: str
    value: str
    label: Said
    wanted: Criteria
    understood: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a filter: how many results it has, and whether it is selected."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A way on when few were found: what to drop or widen, and the exact total it gives."""

    drop: str
    label: Said
    total: int
    wanted: Criteria


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read from the visitor's words: slugs, the words for the place, and the rest."""

    text: str = ""
    profession: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Spelling:
    """Words that would find something, where the typed ones found nothing."""

    text: str
    wanted: Criteria


@dataclass(frozen=True, slots=True)
class Results:
    """A page of results with everything around it.

    `partial` says that the words were not all found together. `serious` are conditions
    asked for where a doctor should be seen first. `notes` are sentences for the visitor,
    such as why no condition can be searched in a country. `highlights` marks the words in
    whatever a page shows of a listing. `currency` is the one of `up_to`. `people` are all whom the
    index found for this page, None where the public may not see them. Of the slugs in one set of
    `either` any was enough. `says_what_is_left_out` tells whether notes do. `watch` goes on while the answer is written.
    """

    wanted: Criteria
    total: int
    results: tuple[Result, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    understood: Understood
    chips: tuple[Chip, ...]
    around: Around | None
    did_you_mean: Spelling | None
    relaxations: tuple[Relaxation, ...]
    partial: bool
    serious: tuple[Term, ...]
    notes: tuple[Said, ...]
    sort: str
    took_ms: float
    watch: Watch
    has_demo: bool
    highlights: Highlights
    currency: str = ""
    people: Mapping[int, Profile | None] = field(default_factory=dict)
    either: frozenset[frozenset[str]] = frozenset()
    says_what_is_left_out: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-self.total // self.wanted.per_page)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line under the search box: `wanted` is the search it starts; a practitioner has a `slug`.

    `words` is the synonym that the typed letters matched, when it is not the label itself.
    """

    label: str
    words: str = ""
    wanted: Criteria | None = None
    slug: str = ""


@dataclass(frozen=True, slots=True)
class SuggestionGroup:
    """Suggestions of one kind: condition, profession, wish, place or practitioner."""

    kind: str
    items: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class TownCount:
    """A town with listings, for browsing: `near` is what to search for."""

    label: str
    near: str
    count: int


@dataclass(frozen=True, slots=True)
class Home:
    """What the front page shows: exact counts over everything public.

    `groups` holds (slug, label, conditions) for each condition group with any listing.
    """

    total: int
    professions: tuple[FacetValue, ...]
    groups: tuple[tuple[str, str, tuple[FacetValue, ...]], ...]
    towns: tuple[TownCount, ...]
    has_demo: bool
