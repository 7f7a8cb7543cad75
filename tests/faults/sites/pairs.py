"""The row "races": pairs of all verbs over one listing, and eights, on both databases."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations_with_replacement
from pathlib import Path
from random import Random

from directory.db import make_engine
from directory.places import Gazetteer
from tests import verbs
from tests.databases import BOTH, Templates
from tests.faults.outcomes import Outcome, Scale
from tests.faults.scenes import spread


def raced(folder: Path, scale: Scale, templates: Templates) -> Outcome:
    """Nobody is told of a deadlock, and no version hangs in the air."""
    outcome = Outcome("races", "pairs and eights of all verbs over one listing")
    every = list(combinations_with_replacement(verbs.VERBS, 2))
    pairs = [every[one] for one in spread(scale.of(len(every), least=4), range(len(every)))]
    dice = Random(8)
    eights = [dice.sample(list(verbs.VERBS), 8) for _ in range(scale.of(40, least=1))]
    lost, seen = Counter[str](), 0
    for kind in BOTH:
        (folder / kind).mkdir(parents=True)
        with templates.copy(kind, folder / kind) as url, ThreadPoolExecutor(8) as hands:
            engine = make_engine(url)
            scene = verbs.scenes(engine, Gazetteer(engine), folder / kind)
            with verbs.lost_races(engine) as races:
                for number, names in enumerate([*pairs, *eights]):
                    seen += not _told_well(outcome, engine, scene(number), names, hands)
            lost += races
            outcome.violations += [f"{kind}: {one}" for one in verbs.broken(engine)]
            engine.dispose()
    again = (
        ", ".join(f"{state} {times} times" for state, times in sorted(lost.items())) or "nothing"
    )
    outcome.notes.append(f"deadlocks seen by people: {seen}; begun anew: {again}")
    return outcome


def _told_well(outcome, engine, at, names, hands) -> bool:
    """Whether all were answered in our words."""
    outcome.runs += 1
    try:
        verbs.at_once(engine, at, names, hands)
    except Exception as error:
        outcome.violations.append(f"{' and '.join(names)}: {type(error).__name__}: {error}"[:200])
        return False
    return True
