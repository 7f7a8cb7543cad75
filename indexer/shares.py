"""All live listings' documents, for one process or divided among several."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from directory.db import REBUILD, make_engine, reading
from directory.errors import SearchUnavailable
from directory.models import Taxonomy
from directory.policies import Policies
from directory.search.port import Document
from indexer import listings
from indexer.documents import Documents

# A process of its own is ready to read after about a second.
WORTH_A_PROCESS = 5000


@dataclass(frozen=True, slots=True)
class Live:
    """The documents of all live listings; Divisible, as the search port calls it."""

    engine: Engine
    policies: Policies

    def __iter__(self) -> Iterator[Document]:
        """All of them, by id, read in this process."""
        return listings.stream(self.engine, _maker(self.engine, self.policies))

    def shares(self, count: int) -> list["Share"]:
        """At most so many ranges of ids with equally many listings; together they hold all ids.

        There is one alone when there are too few listings for a second process to be of use.
        """
        url = self.engine.url.render_as_string(hide_password=False)
        policies = tuple((name, policy.value) for name, policy in self.policies.by_country.items())
        cuts = listings.cuts(self.engine, count, at_least=WORTH_A_PROCESS)
        ends = (0, *cuts, None)
        return [Share(url, policies, after or 0, until) for after, until in pairwise(ends)]


@dataclass(frozen=True, slots=True)
class Share:
    """The live listings with `after < id <= until` (None: to the end), for another process.

    Called, it reads them through a connection of its own. Raises SearchUnavailable when the
    database does not answer.
    """

    url: str = field(repr=False)  # it may hold a password
    policies: tuple[tuple[str, str], ...]
    after: int
    until: int | None

    def __call__(self) -> Iterator[Document]:
        engine = make_engine(self.url, REBUILD)
        try:
            maker = _maker(engine, Policies.named(self.policies))
            yield from listings.stream(engine, maker, after=self.after, until=self.until)
        except SQLAlchemyError as error:
            reason = str(error).partition("\n")[0]
            raise SearchUnavailable(f"The database does not answer: {reason}") from None
        finally:
            engine.dispose()


def _maker(engine: Engine, policies: Policies) -> Documents:
    with reading(engine) as session:
        return Documents(Taxonomy.load(session), policies)
