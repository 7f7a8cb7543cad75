"""Row to document: the one place that knows both tables and index."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from babel import Locale
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from directory.claims import WELLBEING, Policies, Policy
from directory.models import Draft, Kind, Listing, Practice, State, Taxonomy
from directory.places import Point
from directory.search.port import Document, Spot
from directory.search.text import Vocabulary, sentences_without

BATCH = 500
COUNTRIES: Mapping[str, str] = Locale("en").territories


@dataclass(frozen=True)
class Documents:
    """Makes documents of listings, under the claims policies, with the taxonomy's words."""

    taxonomy: Taxonomy
    policies: Policies

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary((k.value, slug, words) for k, slug, words in self.taxonomy.phrases())

    def of(self, listing: Listing) -> Document | None:
        """The document of a listing; None when it is not live."""
        if listing.state is not State.LIVE or listing.live is None:
            return None
        draft = listing.live.content
        practices = [practice.public for practice in draft.practices]
        countries = [practice.country for practice in draft.practices]
        silent = self.policies.strictest(countries) is Policy.NO_CONDITIONS
        conditions = () if silent else draft.conditions
        said = self._quiet if silent else str
        return Document(
            listing_id=listing.id,
            name=_joined(draft.name, draft.suffix, *(said(p.name) for p in practices)),
            professions=self._professions(draft),
            conditions=self._words(Kind.CONDITION, conditions),
            place=_joined(*map(_place, practices)),
            about=_joined(*map(said, (draft.about, draft.first_visit, draft.background))),
            facets=_facets(draft, conditions),
            spots=tuple(map(_spot, practices)),
            confirmed_on=listing.confirmed_on,
            accepting_stated_on=listing.accepting_stated_on if draft.accepting else None,
        )

    def _quiet(self, text: str) -> str:
        return sentences_without(self._vocabulary, "condition", WELLBEING, text)

    def _professions(self, draft: Draft) -> str:
        credentials = self._words(Kind.CREDENTIAL, draft.credentials)
        return _joined(self._words(Kind.PROFESSION, draft.professions), credentials)

    def _words(self, kind: Kind, slugs: Iterable[str]) -> str:
        return _joined(*(self.taxonomy.words_for(kind, slug) for slug in slugs))


def _facets(draft: Draft, conditions: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {
        "profession": draft.professions,
        "condition": conditions,
        "language": draft.languages,
        "credential": draft.credentials,
        "ages": draft.ages,
        "access": draft.access,
    }


def _place(practice: Practice) -> str:
    country = COUNTRIES.get(practice.country, practice.country)
    return _joined(practice.locality, practice.region, practice.postcode, country)


def _spot(practice: Practice) -> Spot:
    # A live listing has every practice placed: Listing.approve sees to it.
    assert practice.lat is not None and practice.lon is not None  # noqa: S101
    return Spot(Point(practice.lat, practice.lon), practice.home_visit_km)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def count(session: Session) -> int:
    """How many listings are live."""
    live = select(func.count()).select_from(Listing).where(Listing.state == State.LIVE)
    return session.scalar(live) or 0


def stream(session: Session, documents: Documents) -> Iterator[Document]:
    """Every live listing's document, by id, in batches: memory stays bounded."""
    last = 0
    while batch := _batch(session, last):
        for listing in batch:
            if document := documents.of(listing):
                yield document
        last = batch[-1].id
        session.expunge_all()


def _batch(session: Session, after: int) -> list[Listing]:
    return list(
        session.scalars(
            select(Listing)
            .options(joinedload(Listing.live))
            .where(Listing.id > after, Listing.state == State.LIVE)
            .order_by(Listing.id)
            .limit(BATCH)
        )
    )


def present(
    session: Session, documents: Documents, ids: Iterable[int]
) -> tuple[list[Document], list[int]]:
    """The present state of some listings: their documents, and the ids that have none."""
    wanted = list(ids)
    rows = session.scalars(
        select(Listing).options(joinedload(Listing.live)).where(Listing.id.in_(wanted))
    )
    found = [document for row in rows if (document := documents.of(row))]
    return found, sorted(set(wanted) - {document.listing_id for document in found})
