"""Our site as it is served: gunicorn, a database full of the invented listings, its index."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from directory.config import Config
from directory.db import make_engine, reading, writing
from directory.files import terms
from directory.migrations import to_head
from directory.models import Draft, Listing, Practice, PracticePlace, Revision, State
from directory.models.listing import Decision
from directory.places import loader
from directory.search.port import Document, Query
from directory.usecases.curation import shipped_terms
from tests import sites
from tests.bench.listings import DAY

BATCH = 5_000
NOW = datetime.now(UTC)
# The listings are those of DAY; the site goes by the day it really is.
SINCE = NOW.date() - DAY
COUNTRY = " United States"

Row = dict[str, Any]


class Stillpoint:
    """One scratch folder: database and index made once, served as often as wanted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._settings = {
            "DATA_DIR": str(folder / "var"),
            "DATABASE_URL": f"sqlite:///{folder / 'site.db'}",
        }

    def fill(self, documents: Iterable[Document]) -> None:
        """Tables, places, terms, listings, index: as the site's own commands leave them."""
        engine = make_engine(self._settings["DATABASE_URL"])
        to_head(engine)
        loader.load(engine)
        with writing(engine) as session:
            shipped_terms.load_taxonomy(session, terms.read())
            for batch in _batches(documents):
                _add(session, batch)
            session.execute(update(Listing).values(live_id=Listing.id))
        engine.dispose()
        sites.rebuild_index(Config.from_env(self._settings))

    @contextmanager
    def served(self, workers: int) -> Iterator[tuple[str, int]]:
        """Its address and process while it runs with so many workers."""
        port = sites.free_port()
        settings = self._settings | {"PORT": str(port), "WEB_CONCURRENCY": str(workers)}
        with sites.process(sites.GUNICORN, self._folder / "web.log", settings) as web:
            address = f"http://127.0.0.1:{port}"
            sites.wait_for(f"{address}/readyz", web)
            yield address, web.pid

    def other_pages(self, queries: Iterable[Query]) -> dict[str, list[str]]:
        """The rest of what visitors see, by kind: the front page, suggestions, listings."""
        engine = make_engine(self._settings["DATABASE_URL"])
        with reading(engine) as session:
            slugs = session.scalars(select(Listing.slug).order_by(Listing.id).limit(200)).all()
        engine.dispose()
        words = dict.fromkeys(word[:4] for query in queries for word in query.words.all_of)
        return {
            "front page": ["/"],
            "suggestions": [f"/suggest?{urlencode({'q': word})}" for word in words],
            "listing": [f"/practitioners/{slug}" for slug in slugs],
        }


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    rest = iter(documents)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _add(session: Session, documents: Iterable[Document]) -> None:
    pairs = [(document, _draft(document)) for document in documents]
    session.execute(insert(Listing), [_listing(document) for document, _ in pairs])
    session.execute(insert(Revision), [_revision(d.listing_id, draft) for d, draft in pairs])
    session.execute(
        insert(PracticePlace),
        [row for d, draft in pairs for row in _places(d.listing_id, draft)],
    )


def _draft(document: Document) -> Draft:
    towns = document.place.split(COUNTRY)
    facets = document.facets
    return Draft(
        name=document.name,
        practices=tuple(
            Practice(
                country="US",
                locality=town.strip(),
                lat=spot.point.lat,
                lon=spot.point.lon,
                precision="exact",
                home_visit_km=spot.home_visit_km,
            )
            for town, spot in zip(towns, document.spots, strict=False)
        ),
        professions=facets["profession"],
        conditions=facets["condition"],
        credentials=facets["credential"],
        languages=facets["language"],
        ages=facets["ages"],
        access=facets["access"],
        about=document.about,
        accepting=True if document.accepting_stated_on else None,
    )


def _listing(document: Document) -> Row:
    stated = document.accepting_stated_on
    return {
        "id": document.listing_id,
        "slug": f"{'-'.join(document.name.lower().split())}-{document.listing_id}",
        "state": State.LIVE,
        "is_demo": False,
        "confirmed_on": document.confirmed_on + SINCE,
        "accepting_stated_on": stated + SINCE if stated else None,
        "created_at": NOW,
    }


def _revision(listing_id: int, draft: Draft) -> Row:
    """The listing's only one, by the same number."""
    return {
        "id": listing_id,
        "listing_id": listing_id,
        "content": draft,
        "created_at": NOW,
        "decision": Decision.APPROVED,
        "decided_on": NOW.date(),
        "notes": {},
    }


def _places(listing_id: int, draft: Draft) -> Iterator[Row]:
    for position, practice in enumerate(draft.practices):
        yield {
            "revision_id": listing_id,
            "position": position,
            "country": practice.country,
            "region": practice.region,
            "locality": practice.locality,
            "postcode": practice.postcode,
            "lat": practice.lat,
            "lon": practice.lon,
            "precision": practice.precision,
        }
