"""Second tries for words that find nobody: another reading, another spelling, fewer words.

Exact before fuzzy: a spelling is tried only when the words as typed find nobody together,
and only for words that neither the field, the index nor the gazetteer knows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz.distance import OSA

from directory.errors import Invalid
from directory.search.port import Query, Ranking
from directory.search.text import STOP_WORDS, folded, slips
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.filter_words import filtered
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.query import Asked, ask
from directory.usecases.visitors.results import Spelling

# So many words that the field does not know are looked up, so many of them guessed at.
MOST_LOOKED_UP = 8
MOST_GUESSED = 4
LONGEST_Q = 200
NOBODY = Ranking(0, (), {})


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, how it was asked in the end, and the spelling that it took."""

    asked: Asked
    ranking: Ranking
    spelling: Spelling | None = None

    @property
    def everything(self) -> bool:
        """Whether every word was found together."""
        return bool(self.ranking.total) and not self.ranking.partial


def try_again(finder: Finder, first: Found) -> Found:
    """What is found when the words are said otherwise; else the best that finds somebody."""
    tried = [first]
    for again in _said_otherwise(finder, first.asked):
        found = replace(again, ranking=finder.reader.search(again.asked.query))
        if found.everything:
            return found
        tried.append(found)
    return _best_partial(finder, tried)


def _best_partial(finder: Finder, tried: Sequence[Found]) -> Found:
    """Of what was tried, what understood most and finds somebody; a place is not given up."""
    by_hand = _wishes(_by_hand(tried[0].asked))
    ranked = sorted(tried, key=lambda one: -_wishes(one.asked.query))
    for found in ranked:
        if ranked[0].asked.around and not found.asked.around:
            continue
        more = _wishes(found.asked.query) > by_hand
        if (softened := _softened(finder, found) if more else found).ranking.total:
            return softened
    return ranked[0]


def _wishes(query: Query) -> int:
    """By how many things a query is narrowed down, words aside."""
    chosen = sum(map(len, query.chosen.values()))
    return chosen + bool(query.circle or query.areas) + query.accepting + query.home_visits


def _by_hand(asked: Asked) -> Query:
    """What was chosen, rather than read from the words."""
    query = replace(asked.query, chosen=asked.wanted.chosen())
    return replace(query, circle=None, areas=frozenset()) if asked.reading.place else query


def _said_otherwise(finder: Finder, asked: Asked) -> Iterator[Found]:
    """With a place and filters among the words; with another spelling; with all of them."""
    yield from _read_again(finder, Found(asked, NOBODY))
    if spelled := _spelled(finder, asked):
        yield spelled
        yield from _read_again(finder, spelled)


def _read_again(finder: Finder, found: Found) -> Iterator[Found]:
    """With a place among the words, with filters among them."""
    if placed := _placed(finder, found.asked):
        found = replace(found, asked=placed)
        yield found
    wanted = filtered(found.asked.wanted, found.asked.reading)
    if wanted and (again := _again(finder, wanted)):
        yield replace(found, asked=again)


def _again(finder: Finder, wanted: Criteria) -> Asked | None:
    if len(wanted.q) > LONGEST_Q:
        return None
    try:
        return ask(finder, wanted)
    except Invalid:
        return None


def _placed(finder: Finder, asked: Asked) -> Asked | None:
    """The same words, a place among those left read as "near" it."""
    if asked.around is not None or asked.reading.near_me:
        return None
    for start, end in asked.reading.left_over:
        run = [piece.text for piece in asked.reading.pieces[start:end]]
        if found := finder.gazetteer.find_in(run):
            q = asked.reading.q_with_word("near", start + found[0])
            return _again(finder, replace(asked.wanted, q=q))
    return None


def _spelled(finder: Finder, asked: Asked) -> Found | None:
    """The same words, the unknown among them as the nearest known ones."""
    spelled = _spellings(finder, asked)
    if not spelled:
        return None
    q = asked.reading.q_with(spelled)
    again = _again(finder, replace(asked.wanted, q=q))
    return Found(again, NOBODY, Spelling(q, asked.wanted.but(q=q))) if again else None


def _spellings(finder: Finder, asked: Asked) -> dict[str, str]:
    words = asked.reading.text.all_of
    strange = [word for word in words if not finder.vocabulary.knows(word)][:MOST_LOOKED_UP]
    in_index = dict(zip(strange, finder.reader.spell(strange), strict=True))
    unknown = [word for word in strange if in_index[word] != folded(word)][:MOST_GUESSED]
    spelled = _joined(finder, words, unknown)
    for word in unknown:
        if word in spelled or finder.gazetteer.find_in([word]):
            continue
        guesses = [finder.vocabulary.spell(word), in_index[word]]
        if near := [guess for guess in guesses if guess and _worth_a_guess(guess)]:
            spelled[word] = min(near, key=lambda guess: OSA.distance(folded(word), guess))
    return spelled


def _worth_a_guess(word: str) -> bool:
    return slips(word) > 0 and word not in STOP_WORDS


def _joined(finder: Finder, words: Sequence[str], unknown: Sequence[str]) -> dict[str, str]:
    """Neighbours that are one known word without the space: "o brien", "head aches"."""
    pairs = [(a, b) for a, b in pairwise(words) if a in unknown or b in unknown]
    together = [folded(a + b) for a, b in pairs]
    spelled: dict[str, str] = {}
    for (a, b), word, known in zip(pairs, together, finder.reader.spell(together), strict=True):
        if (known == word or finder.vocabulary.knows(word)) and a not in spelled:
            spelled |= {a: word, b: ""}
    return spelled


def _softened(finder: Finder, found: Found) -> Found:
    """The best partial match: without the words nobody has, then with fewer conditions.

    What was chosen by hand is never left out; neither is a place, nor every condition.
    """
    if found.ranking.total:
        return found
    softer = list(_softer(found.asked))
    totals = finder.reader.totals([replace(query, offset=0, limit=0) for query in softer])
    for query, total in zip(softer, totals, strict=True):
        if total:
            ranking = replace(finder.reader.search(query), partial=True)
            return replace(found, ranking=ranking)
    return found


def _softer(asked: Asked) -> Iterator[Query]:
    reading, query = asked.reading, asked.query
    fewer = replace(query, words=replace(query.words, all_of=()))
    if query.words.all_of:
        yield fewer
    by_hand = frozenset(asked.wanted.condition)
    read = [slug for slug in reading.slugs("condition") if slug not in by_hand]
    fewer_of_them = [read[:most] for most in range(len(read) - 1, 0, -1)]
    for kept in (*fewer_of_them, *([slug] for slug in read[1:] if len(read) > 1)):
        yield replace(fewer, chosen={**query.chosen, "condition": by_hand.union(kept)})
