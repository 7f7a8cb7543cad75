"""The contest: every engine answers the same questions, turn by turn."""

import gc
import pickle
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

from directory.search.port import Document, Query
from tests.bench.engines import Answer, Engine
from tests.bench.listings import documents
from tests.bench.ours import Ours
from tests.bench.questions import Question

ROUNDS = 3
BATCH = 1_000
OURS, COLD = "ours", "ours, cold"


@dataclass
class Outcome:
    """What was measured: seconds by engine, then by the question's place in the set."""

    questions: Sequence[Question]
    seconds: dict[str, dict[int, list[float]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    answers: dict[str, dict[int, Answer]] = field(default_factory=lambda: defaultdict(dict))

    def medians(self, engine: str, kind: str = "") -> list[float]:
        """Each question's median over the rounds, in milliseconds; of one kind, or of all."""
        return [
            median(taken) * 1e3
            for place, taken in self.seconds[engine].items()
            if kind in ("", self.questions[place].kind)
        ]


def store(path: Path, count: int) -> None:
    """Make the listings once; engines then read them fast, one by one."""
    with path.open("wb") as file:
        batch: list[Document] = []
        for document in documents(count):
            batch.append(document)
            if len(batch) == BATCH:
                pickle.dump(batch, file)
                batch = []
        pickle.dump(batch, file)


@dataclass
class Stored:
    """The stored listings. `seconds` is what reading them took, to be left out of a build."""

    path: Path
    seconds: float = 0.0

    def __iter__(self) -> Iterator[Document]:
        with self.path.open("rb") as file:
            while True:
                began = perf_counter()
                try:
                    batch = pickle.load(file)
                except EOFError:
                    return
                self.seconds += perf_counter() - began
                yield from batch


def built(build: Callable[[Iterable[Document]], None], path: Path) -> float:
    """Seconds that an engine needs to index the stored listings, without reading them."""
    stored = Stored(path)
    began = perf_counter()
    build(stored)
    return perf_counter() - began - stored.seconds


def contest(ours: Ours, peers: Sequence[Engine], questions: Sequence[Question]) -> Outcome:
    """Ask every question of every engine, several rounds; who comes first changes each time.

    The peers have seen all of their questions before. Our cold reader has just been opened,
    the warm one knows the words and no query.
    """
    outcome = Outcome(questions)
    for peer in peers:
        for question in questions[:: peer.every]:
            peer.ask(question.query)
    for round_ in range(ROUNDS):
        warm = ours.warm([question.query for question in questions])
        entrants: dict[str, Callable[[Query], Answer]] = {COLD: ours.fresh().ask, OURS: warm.ask}
        entrants |= {peer.name: peer.ask for peer in peers if not round_ or peer.every == 1}
        gc.collect()
        for place, question in enumerate(questions):
            for name in _turned(list(entrants), place):
                if place % _every(peers, name) == 0:
                    began = perf_counter()
                    answer = entrants[name](question.query)
                    outcome.seconds[name][place].append(perf_counter() - began)
                    outcome.answers[name][place] = answer
    return outcome


def _turned(names: list[str], by: int) -> list[str]:
    by %= len(names)
    return names[by:] + names[:by]


def _every(peers: Sequence[Engine], name: str) -> int:
    return next((peer.every for peer in peers if peer.name == name), 1)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a peer and we say the same: `asked` in common, what differs, by kind."""

    asked: int
    totals: Mapping[str, int]
    counts: Mapping[str, int]
    squares: int
    example: str


def agreement(outcome: Outcome, peer: Engine) -> Agreement:
    """Compare totals and facet counts. Who searches squares is not asked about circles."""
    totals: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    asked = squares = 0
    example = ""
    for place, theirs in outcome.answers[peer.name].items():
        question, mine = outcome.questions[place], outcome.answers[OURS][place]
        if question.query.circle and not peer.round:
            squares += 1
            continue
        asked += 1
        if theirs.total != mine.total:
            totals[question.kind] += 1
            said = " ".join(question.query.words.all_of)
            example = example or f"“{said}”: ours {mine.total}, {peer.name} {theirs.total}"
        elif (theirs.professions, theirs.conditions) != (mine.professions, mine.conditions):
            counts[question.kind] += 1
    return Agreement(asked, totals, counts, squares, example)


def memory(ours: Ours, questions: Sequence[Question]) -> float:
    """Megabytes of a process that has the index open and has answered every question."""
    kept = ours.root.with_suffix(".questions")
    kept.write_bytes(pickle.dumps([question.query for question in questions]))
    command = [sys.executable, "-m", "tests.bench.resident", str(ours.root), str(kept)]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(said.stdout)
