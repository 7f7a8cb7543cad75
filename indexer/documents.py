"""Row to document: the one place that knows both tables and index."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

from babel import Locale

from directory.models import Draft, Kind, Listing, Practice, State, Taxonomy
from directory.places import Point
from directory.places.areas import holding
from directory.policies import WELLBEING, Policies, Policy
from directory.search.port import Document, Price, Spot
from directory.search.vocabulary import Vocabulary, sentences_without

COUNTRIES: Mapping[str, str] = dict(Locale("en").territories)
log = logging.getLogger(__name__)


class Row(Protocol):
    """A live listing as SQL gives it: `content` is the Draft's JSON, as text."""

    @property
    def id(self) -> int: ...
    @property
    def content(self) -> str: ...
    @property
    def confirmed_on(self) -> date: ...
    @property
    def accepting_stated_on(self) -> date | None: ...


def say_left_out(listing_id: int, reason: str) -> None:
    """Tell the log that the index has to do without a listing."""
    log.error("listing %d is left out, for it cannot be read: %s", listing_id, reason)


@dataclass(frozen=True)
class Documents:
    """Makes documents of listings, under the claims policies, with the taxonomy's words.

    `left_out` hears, with the reason, of each row that no document can be made of.
    """

    taxonomy: Taxonomy
    policies: Policies
    left_out: Callable[[int, str], None] = say_left_out

    def of(self, listing: Listing) -> Document | None:
        """The document of a listing; None when it is not live."""
        if listing.state is not State.LIVE or listing.live is None:
            return None
        stated = listing.accepting_stated_on
        return self._made(listing.id, listing.live.content, listing.confirmed_on, stated)

    def of_row(self, row: Row) -> Document | None:
        """The document of a live listing's row; None, and `left_out` hears it, when it is harmed.

        As strict as the site is when it shows a listing: whatever the index finds can be shown.
        """
        try:
            draft = Draft.from_json(json.loads(row.content))
            return self._made(row.id, draft, row.confirmed_on, row.accepting_stated_on)
        except Exception as error:  # whatever is wrong with it must not stop the others
            self.left_out(row.id, f"{type(error).__name__}: {error}")
            return None

    def _made(
        self, listing_id: int, draft: Draft, confirmed: date, stated: date | None
    ) -> Document:
        practices = draft.shown_practices
        countries = [practice.country for practice in draft.practices]
        silent = self.policies.strictest(countries) is Policy.NO_CONDITIONS
        conditions = () if silent else draft.conditions
        said = self._quiet if silent else str
        return Document(
            listing_id=listing_id,
            name=_joined(draft.name, draft.suffix, *(said(p.name) for p in practices)),
            professions=self._professions(draft),
            conditions=_joined(*(self._conditions[slug] for slug in conditions)),
            place=_joined(*map(_place, practices)),
            about=_joined(*map(said, (draft.about, draft.first_visit, draft.background))),
            facets=_facets(draft, conditions),
            spots=() if draft.online_only else tuple(map(_spot, practices)),
            price=Price(draft.price.amount, draft.price.currency) if draft.price else None,
            confirmed_on=confirmed,
            accepting_stated_on=stated if draft.accepting else None,
        )

    def _quiet(self, text: str) -> str:
        return sentences_without(self._vocabulary, "condition", WELLBEING, text)

    def _professions(self, draft: Draft) -> str:
        trades = (self._trades[slug] for slug in draft.professions)
        return _joined(*trades, *(self._credentials[slug] for slug in draft.credentials))

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        phrases = ((k.value, slug, words) for k, slug, words in self.taxonomy.phrases())
        return Vocabulary(phrases, self.taxonomy.phrases_elsewhere())

    @cached_property
    def _conditions(self) -> "_Words":
        return _Words(self.taxonomy, Kind.CONDITION)

    @cached_property
    def _trades(self) -> "_Words":
        return _Words(self.taxonomy, Kind.PROFESSION)

    @cached_property
    def _credentials(self) -> "_Words":
        return _Words(self.taxonomy, Kind.CREDENTIAL)


class _Words(dict[str, str]):
    """The words of each term of one kind, by slug; each is looked up once."""

    def __init__(self, taxonomy: Taxonomy, kind: Kind) -> None:
        super().__init__()
        self._taxonomy, self._kind = taxonomy, kind

    def __missing__(self, slug: str) -> str:
        words = self[slug] = self._taxonomy.words_for(self._kind, slug)
        return words


def _facets(draft: Draft, conditions: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {
        "profession": draft.professions,
        "condition": conditions,
        "language": draft.languages,
        "credential": draft.credentials,
        "ages": draft.ages,
        "access": draft.access,
        "times": draft.times,
        "fees": draft.fee_terms,
        "online": ("1",) if draft.online else (),
        "serves": draft.countries_served,
        "practitioner": (draft.practitioner,) if draft.practitioner else (),
    }


def _place(practice: Practice) -> str:
    country = COUNTRIES.get(practice.country, practice.country)
    return _joined(practice.locality, practice.region, practice.postcode, country)


def _spot(practice: Practice) -> Spot:
    # A live listing has every practice placed: Listing.approve sees to it.
    if practice.lat is None or practice.lon is None:
        raise ValueError(f"Its practice in {practice.locality!r} has no place on the map.")
    point = Point(practice.lat, practice.lon)
    areas = holding.areas_of(
        point,
        country=practice.country,
        region=practice.region,
        locality=practice.locality,
    )
    return Spot(point, practice.home_visit_km, areas)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
