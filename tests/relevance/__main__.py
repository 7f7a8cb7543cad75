"""Print how well visitors' queries are answered, by group and by kind of input, and every miss.

    python -m tests.relevance [--held-out]

Misses of the held-out queries are printed only when asked for: rules are not tuned by them.
"""

import sys
import tempfile
from pathlib import Path

from directory.db import make_engine, writing
from directory.files import terms
from directory.migrations import to_head
from directory.places import loader
from directory.usecases.curation import shipped_terms
from tests.relevance import cases, suite


def main() -> None:
    """Fill a database, index it, ask everything, print."""
    with tempfile.TemporaryDirectory(prefix="stillpoint-relevance-") as name:
        folder = Path(name)
        here = suite.site(filled(folder), folder)
        tuned = suite.answers(here, suite.questions("queries.csv"))
        held_out = suite.answers(here, suite.questions("held_out.csv"))
        here.engine.dispose()
        other = cases.site(filled(folder / "cases"), folder / "cases")
        held, wrong = cases.counted(other)
        other.engine.dispose()
    shown = [*tuned, *held_out] if "--held-out" in sys.argv else tuned
    print(suite.table(tuned, held_out))
    print("", *cases.table(held), f"(of the held-out half, {cases.FIRST} at first)", sep="\n")
    print(*wrong, sep="\n")
    print(*(answer for answer in shown if answer.wrong or not answer.right), sep="\n")


def filled(folder: Path) -> str:
    """The URL of a new database in a folder, with all places and terms."""
    folder.mkdir(exist_ok=True)
    url = f"sqlite:///{folder / 'site.db'}"
    engine = make_engine(url)
    to_head(engine)
    loader.load(engine)
    with writing(engine) as session:
        shipped_terms.load_taxonomy(session, terms.read())
    engine.dispose()
    return url


if __name__ == "__main__":
    main()
