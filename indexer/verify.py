"""Verify: the index against SQL, every difference named."""

from collections.abc import Iterator

from sqlalchemy import Engine

from directory.db import reading
from directory.models import Taxonomy
from directory.policies import USUAL, Policies
from directory.search.port import Reader
from indexer import listings
from indexer.documents import Documents


def differences(engine: Engine, reader: Reader, policies: Policies = USUAL) -> Iterator[str]:
    """One line for each listing that index and SQL do not agree on, or that cannot be read."""
    indexed = dict(reader.ids())
    harmed: dict[int, str] = {}
    with reading(engine) as session:
        maker = Documents(Taxonomy.load(session), policies, harmed.__setitem__)
    for document in listings.stream(engine, maker):
        found = indexed.pop(document.listing_id, None)
        if found is None:
            yield f"listing {document.listing_id} is live but not in the index"
        elif found != document.digest():
            yield f"listing {document.listing_id} differs from its live revision"
    for listing_id, reason in harmed.items():
        indexed.pop(listing_id, None)
        yield f"listing {listing_id} is live but left out, for it cannot be read: {reason}"
    for listing_id in sorted(indexed):
        yield f"listing {listing_id} is in the index but not live"
