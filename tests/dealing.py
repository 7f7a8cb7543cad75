"""In which order tests run: what takes long begins, so that all workers end together.

xdist deals every worker a stretch of the collection, all of the same length; whoever has
nothing left takes half of what another has left, from its end. So each stretch begins with
what takes long, and small tests are left for the end. The folders of a pile stay in one hand:
browser tests share a server and a Chromium, which no second worker need start.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# One pile for each worker, about as long as the other.
PILES = (("browser",), ("journeys", "faults", "indexer", "bench", "relevance"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Every worker puts the items in the same order."""
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    items[:] = dealt(items, workers)


def dealt(items: Sequence[pytest.Item], workers: int) -> list[pytest.Item]:
    """The items in stretches, one for each worker, each beginning with its piles."""
    hands: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for number, pile in enumerate(PILES):
        for folder in pile:
            hands[number % workers] += [item for item in items if _folder(item) == folder]
    long = {folder for pile in PILES for folder in pile}
    small = [item for item in items if _folder(item) not in long]
    for number, hand in enumerate(hands):
        room = max(0, len(items) // workers - len(hand))
        taken = len(small) if number == workers - 1 else room
        hand.extend(small[:taken])
        del small[:taken]
    return [item for hand in hands for item in hand]


def _folder(item: pytest.Item) -> str:
    if item.get_closest_marker("browser"):
        return "browser"
    path = item.path
    return path.relative_to(HERE).parts[0] if path.is_relative_to(HERE) else ""
