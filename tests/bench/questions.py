"""What is asked: a seeded set of queries, each of some kind, each with an answer.

A query is made from a listing that it must find, so its words do occur: a word of prose
as often as people write it, a word of a condition or profession, a town, a surname.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random

from directory.places import Point
from directory.search.port import Circle, Document, Query, Sort, Words
from directory.search.text import STOP_WORDS
from tests.bench.listings import COMMON_FIRST, CONDITIONS, DAY, PROFESSIONS, RANK, document

HOW_MANY = 200
PLAIN = re.compile(r"\b[a-z]{5,}\b")


@dataclass(frozen=True, slots=True)
class Question:
    """A query and the kind that it is reported under."""

    kind: str
    query: Query


@dataclass(frozen=True, slots=True)
class Asker:
    """Someone who looks for one certain listing."""

    rng: Random
    wanted: Document

    def words(self, count: int) -> Words:
        """Words that it has: of prose, conditions, professions, town or name."""
        makers = (self._of_prose, self._of_condition, self._of_profession, self._town, self._family)
        drawn = self.rng.choices(makers, weights=(45, 20, 15, 10, 10), k=count)
        return Words(tuple(dict.fromkeys(make() for make in drawn)))

    def common_words(self) -> Words:
        """Two words that many listings use, and one of a condition."""
        often = [word for word in self._prose() if 2 <= RANK[word] < 300]
        return Words((*self.rng.sample(often, k=2), self._of_condition()))

    def filters(self) -> dict[str, frozenset[str]]:
        """Professions, conditions or both, and now and then a language."""
        facets, rng = self.wanted.facets, self.rng
        chance = rng.random()
        chosen = {}
        if chance < 0.7:
            others = rng.choices(list(PROFESSIONS), k=rng.randrange(3))
            chosen["profession"] = frozenset((rng.choice(facets["profession"]), *others))
        if chance > 0.4:
            most = min(2, len(facets["condition"]))
            chosen["condition"] = frozenset(rng.sample(facets["condition"], k=rng.randint(1, most)))
        if rng.random() < 0.3:
            chosen["language"] = frozenset((rng.choice(facets["language"]),))
        return chosen

    def accepting(self) -> bool:
        """Whether to ask for those who accept new clients; the wanted one must."""
        stated = self.wanted.accepting_stated_on
        return stated is not None and (DAY - stated).days < 90 and self.rng.random() < 0.5

    def circle(self, km: float) -> Circle:
        """Around a place some two kilometres from its first practice."""
        here = self.wanted.spots[0].point
        return Circle(
            Point(here.lat + self.rng.gauss(0, 0.01), here.lon + self.rng.gauss(0, 0.01)), km
        )

    def condition_word(self) -> Words:
        """One word of a condition."""
        return Words((self._of_condition(),))

    def word_of_many(self) -> Words:
        """A word that at least a third of all listings use."""
        return Words((self.rng.choice((*COMMON_FIRST[:4], "therapist")),))

    def _prose(self) -> list[str]:
        return sorted(set(self.wanted.about[:-1].lower().split()) & RANK.keys())

    def _of_prose(self) -> str:
        return self.rng.choice([word for word in self._prose() if RANK[word] >= 20])

    def _of_condition(self) -> str:
        return self._plain(CONDITIONS, self.wanted.facets["condition"])

    def _of_profession(self) -> str:
        return self._plain(PROFESSIONS, self.wanted.facets["profession"])

    def _plain(self, terms: Mapping[str, str], slugs: tuple[str, ...]) -> str:
        text = " ".join(terms[slug] for slug in slugs).lower()
        return self.rng.choice(sorted(set(PLAIN.findall(text)) - STOP_WORDS) or [self._family()])

    def _town(self) -> str:
        return self.wanted.place.split()[0].lower()

    def _family(self) -> str:
        return self.wanted.name.split()[-1].lower()


def _text(words: Words, **others: object) -> Query:
    return Query(DAY, words, sort=Sort.RELEVANCE, **others)  # type: ignore[arg-type]


def _near(circle: Circle, **others: object) -> Query:
    return Query(DAY, circle=circle, sort=Sort.DISTANCE, **others)  # type: ignore[arg-type]


KINDS: Mapping[str, Callable[[Asker], Query]] = {
    "one word": lambda a: _text(a.words(1)),
    "two words": lambda a: _text(a.words(2)),
    "three common words": lambda a: _text(a.common_words()),
    "text + filters": lambda a: _text(
        a.words(a.rng.randint(1, 2)), chosen=a.filters(), accepting=a.accepting()
    ),
    "filters only": lambda a: Query(DAY, chosen=a.filters(), accepting=a.accepting()),
    "10 km": lambda a: _near(a.circle(10)),
    "25 km + filters": lambda a: _near(a.circle(25), chosen=a.filters(), accepting=a.accepting()),
    "100 km + text": lambda a: _text(a.condition_word(), circle=a.circle(100)),
    "broad": lambda a: _text(
        a.word_of_many(), chosen={"language": frozenset({"en"})} if a.rng.random() < 0.5 else {}
    ),
}


def questions(listings: int, count: int = HOW_MANY, seed: int = 5) -> list[Question]:
    """The kinds in turn, about listings drawn from the first so many."""
    rng = Random(seed)
    return [
        Question(kind, KINDS[kind](Asker(rng, document(rng.randint(1, listings)))))
        for kind in islice(cycle(KINDS), count)
    ]
