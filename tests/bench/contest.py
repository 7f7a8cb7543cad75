"""The contest: every engine answers the same questions, turn by turn."""

import gc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

from directory.search.port import Document, Query
from tests.bench.engines import Answer, Engine
from tests.bench.ours import Asked, Ours
from tests.bench.questions import Question
from tests.bench.stored import Stored

ROUNDS = 3
# A server runs one engine: the processor's caches are its own. So each answers some in a row.
IN_A_ROW = 20
OURS, COLD, SWAPPED = "ours", "ours, cold", "ours, just swapped"
OUR_OWN = (OURS, SWAPPED, COLD)


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


def built(build: Callable[[Iterable[Document]], None], stored: Stored) -> float:
    """Seconds that an engine needs to index the stored listings, without reading them."""
    stored.reading_s()
    began = perf_counter()
    build(stored)
    return perf_counter() - began - stored.reading_s()


def contest(
    ours: Ours,
    peers: Sequence[Engine],
    questions: Sequence[Question],
    waiting: Sequence[Asked] = (),
) -> Outcome:
    """Ask every question of every engine, several rounds, in turns; who comes first changes.

    The peers have seen all of their questions before. Our cold reader has just been opened,
    the warm one knows the words and no query. `waiting` are readers, one for each round, that
    had an older generation open when the newest was published: they see it now, and what they
    answer first is what visitors get after a swap.
    """
    outcome = Outcome(questions)
    for peer in peers:
        for question in questions[:: peer.every]:
            peer.ask(question.query)
    for round_ in range(ROUNDS):
        warm = ours.warm([question.query for question in questions])
        entrants: dict[str, Callable[[Query], Answer]] = {OURS: warm.ask, COLD: ours.fresh().ask}
        if waiting:
            entrants[SWAPPED] = ours.caught_up(waiting[round_]).ask
        entrants |= {peer.name: peer.ask for peer in peers if not round_ or peer.every == 1}
        gc.collect()
        for name, place in order({name: _every(peers, name) for name in entrants}, len(questions)):
            _ask(outcome, name, place, entrants[name])
    return outcome


def order(every: Mapping[str, int], count: int) -> Iterator[tuple[str, int]]:
    """Who is asked which question: some in a row each, and then the next."""
    for turn, start in enumerate(range(0, count, IN_A_ROW)):
        for name in _turned(list(every), turn):
            for place in range(start, min(start + IN_A_ROW, count)):
                if place % every[name] == 0:
                    yield name, place


def _ask(outcome: Outcome, name: str, place: int, ask: Callable[[Query], Answer]) -> None:
    query = outcome.questions[place].query
    began = perf_counter()
    answer = ask(query)
    outcome.seconds[name][place].append(perf_counter() - began)
    outcome.answers[name][place] = answer


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
