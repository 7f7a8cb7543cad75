"""Second tries for words that find nobody: another reading, another spelling, fewer words.

Exact before fuzzy: a spelling is tried only when the words as typed find nobody together,
and only for words that neither the field, the index nor the gazetteer knows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz.distance import OSA

from directory.errors import Invalid
from directory.places import Place
from directory.search.port import Query, Ranking, Words
from directory.search.text import STOP_WORDS, folded, slips
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.query import Asked, ask
from directory.usecases.visitors.reading import facts, people, spellings
from directory.usecases.visitors.reading.fact_words import FLAGS
from directory.usecases.visitors.reading.sureness import (
    NOT_A_PLACE,
    is_meant,
    only_asks,
    sure_enough,
)
from directory.usecases.visitors.results import Spelling

# So many words that the field does not know are looked up, so many of them guessed at.
MOST_LOOKED_UP = 8
MOST_GUESSED = 4
LONGEST_Q = 200
# With fewer letters a word beside others is no country or region, but their code: "my".
SHORTEST_CODED = 4
NOBODY = Ranking(0, (), {})


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, how it was asked in the end, and the spelling that it took.

    `offered` is a spelling that would change what is meant: nobody took it. `dropped` are the
    kinds of facts that were left out because nobody has them together with the rest.
    """

    asked: Asked
    ranking: Ranking
    spelling: Spelling | None = None
    offered: Spelling | None = None
    dropped: tuple[str, ...] = ()
    facts: bool = True

    @property
    def everything(self) -> bool:
        """Whether every word was found together."""
        return bool(self.ranking.total) and not self.ranking.partial


def place_first(finder: Finder, found: Found) -> Found:
    """The same words with the place among them, when nobody is called so and it finds somebody."""
    placed = _placed(finder, found.asked)
    if placed is None or placed.around is None:
        return found
    words = placed.reading.place_words.split()
    if len(words) == 1 and finder.reader.names(words[0], limit=1):
        return found
    if found.everything:  # whoever has all the words comes as they are typed, place and all
        placed = replace(placed, query=replace(placed.query, words=found.asked.query.words))
    again = replace(found, asked=placed, ranking=finder.reader.search(placed.query))
    return again if again.everything else found


def try_again(finder: Finder, first: Found) -> Found:
    """What is found when the words are said otherwise; else the best that finds somebody."""
    tried = [first]
    guesses = _guesses(finder, first.asked)
    for again in _said_otherwise(finder, first.asked, guesses):
        found = replace(again, ranking=finder.reader.search(again.asked.query))
        if found.everything:
            return found
        if not _place_is_a_name(finder, found.asked):
            tried.append(found)
    offered = _respelled(finder, first.asked, guesses.made | guesses.offered)
    best = _best_partial(finder, tried)
    if offered is None or not guesses.offered:
        return best
    return replace(best, offered=offered.spelling)


def _place_is_a_name(finder: Finder, asked: Asked) -> bool:
    """Whether the place is rather a first name: then it is one only where all words are found.

    What was understood is no surname, nor is a word in small letters that nobody is called by.
    """
    reading = asked.reading
    start, end = reading.place_span
    understood = {i for span in reading.spans for i in range(span.start, span.end)}
    words = [
        piece.text if piece.plain and i not in understood else ""
        for i, piece in enumerate(reading.pieces)
    ]
    beside = [*words[:start], *words[end - 1 :]]
    if len(reading.place_words.split()) != 1 or not people.is_called(beside, start):
        return False
    first, surname = beside[start : start + 2]
    capital = first[0].isupper() and surname[0].isupper()
    return capital or bool(finder.reader.names(folded(surname), limit=1))


def _best_partial(finder: Finder, tried: Sequence[Found]) -> Found:
    """Of what was tried, what understood most and finds somebody; a place is not given up."""
    by_hand = _wishes(_by_hand(tried[0].asked))
    # Where a fact cannot be met, its words elsewhere in a text are no answer.
    heard = [one for one in tried if one.facts]
    # A condition that nobody may name there was understood all the same.
    ranked = sorted(heard, key=lambda one: -_wishes(one.asked.query) - len(one.asked.unsearched))
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
    flags = query.accepting + query.home_visits + bool(query.up_to)
    return chosen + bool(query.circle or query.areas) + flags


def _by_hand(asked: Asked) -> Query:
    """What was chosen, rather than read from the words."""
    query = replace(asked.query, chosen=asked.wanted.chosen())
    return replace(query, circle=None, areas=frozenset()) if asked.reading.place else query


def _said_otherwise(finder: Finder, asked: Asked, guesses: "_Guesses") -> Iterator[Found]:
    """With a place among the words; facts as words; another spelling; with all of them."""
    yield from _read_again(finder, Found(asked, NOBODY))
    factual = {span.kind for span in asked.reading.spans} & facts.KINDS
    if (
        factual
        and not factual & facts.OFFERED
        and (plain := _again(finder, asked.wanted, facts=False))
    ):
        yield Found(plain, NOBODY, facts=False)
    if parted := _parted(finder, asked):
        yield parted
    if spelled := _respelled(finder, asked, guesses.made):
        yield spelled
        yield from _read_again(finder, spelled)


def _read_again(finder: Finder, found: Found) -> Iterator[Found]:
    if placed := _placed(finder, found.asked):
        yield replace(found, asked=placed)


def _again(finder: Finder, wanted: Criteria, *, facts: bool = True) -> Asked | None:
    if len(wanted.q) > LONGEST_Q:
        return None
    try:
        return ask(finder, wanted, facts=facts)
    except Invalid:
        return None


def _placed(finder: Finder, asked: Asked) -> Asked | None:
    """The same words, a place among those left read as "near" it."""
    if asked.around is not None or asked.reading.near_me:
        return None
    for start, end in asked.reading.left_over:
        run = [piece.text for piece in asked.reading.pieces[start:end]]
        found = _town_of_quarter(finder, run, finder.gazetteer.find_in(run))
        if found and not _may_be_one(run[found[0] : found[1]], found[2]):
            found = None
        if found := found or _word_of_place(finder, run):
            q = asked.reading.q_with_word("near", start + found[0])
            return _again(finder, replace(asked.wanted, q=q))
    return None


def _may_be_one(words: Sequence[str], place: Place) -> bool:
    """Whether these words may be that place at all."""
    if len(words) == 1:
        return folded(words[0]) not in NOT_A_PLACE and is_meant(words, place)
    return not only_asks(words)


def _town_of_quarter(
    finder: Finder, run: Sequence[str], found: tuple[int, int, Place] | None
) -> tuple[int, int, Place] | None:
    """Of "Capitol Hill Seattle" it is Seattle, though there is a Capitol Hill elsewhere."""
    if found is None or found[1] == len(run) or folded(run[found[1]]) in STOP_WORDS:
        return found
    rest = finder.gazetteer.find_in(run[found[1] :], start_only=True)
    if rest and rest[2].population > found[2].population:
        return found[1], found[1] + rest[1], rest[2]
    return found


def _word_of_place(finder: Finder, run: Sequence[str]) -> tuple[int, int, Place] | None:
    """A word that alone would be a place, beside others that say nothing to us; the last first."""
    for at in reversed(range(min(len(run), MOST_LOOKED_UP))):
        found = finder.gazetteer.find_in(run[at : at + 1], start_only=True)
        if found is None or folded(run[at]) in STOP_WORDS or people.is_first_name(run[at]):
            continue
        code = len(run[at]) < SHORTEST_CODED and found[2].kind != "town"
        if not code and sure_enough(list(run[at : at + 1]), found[2]):
            return at, at + 1, found[2]
    return None


def _respelled(finder: Finder, asked: Asked, spelled: dict[str, str]) -> Found | None:
    """The same words, some of them spelled otherwise."""
    if not spelled:
        return None
    q = asked.reading.q_with(spelled)
    again = _again(finder, replace(asked.wanted, q=q))
    return Found(again, NOBODY, Spelling(q, asked.wanted.but(q=q))) if again else None


@dataclass(frozen=True, slots=True)
class _Guesses:
    """Spellings of unknown words: those sure enough to be searched for, and those to be offered."""

    made: dict[str, str]
    offered: dict[str, str]


def _guesses(finder: Finder, asked: Asked) -> _Guesses:
    words = asked.reading.text.all_of
    strange = [word for word in words if not finder.vocabulary.knows(word)][:MOST_LOOKED_UP]
    in_index = dict(zip(strange, finder.reader.spell(strange), strict=True))
    unknown = [word for word in strange if in_index[word] != folded(word)][:MOST_GUESSED]
    guesses = _Guesses(_joined(finder, words, unknown), {})
    for word in unknown:
        if word in guesses.made or finder.gazetteer.find_in([word], start_only=True):
            continue
        near = [finder.vocabulary.spell(word), in_index[word]]
        if known := [guess for guess in near if guess and _worth_a_guess(guess)]:
            best = min(known, key=lambda guess: OSA.distance(folded(word), guess))
            sure = spellings.sure(folded(word), best)
            (guesses.made if sure else guesses.offered)[word] = best
    return guesses


def _worth_a_guess(word: str) -> bool:
    return slips(word) > 0 and word not in STOP_WORDS


def _parted(finder: Finder, asked: Asked) -> Found | None:
    """The same words, one that nobody has as the words that it was made of: "vandertesten"."""
    words = [word for word in asked.reading.text.all_of if not finder.vocabulary.knows(word)]
    for word in words[:MOST_GUESSED]:
        ways = spellings.parted(word)
        queries = [
            replace(asked.query, words=Words(phrases=(way,)), chosen={}, circle=None, limit=0)
            for way in ways
        ]
        for way, total in zip(ways, finder.reader.totals(queries), strict=True):
            if total:
                return _respelled(finder, asked, {word: way})
    return None


def _joined(finder: Finder, words: Sequence[str], unknown: Sequence[str]) -> dict[str, str]:
    """Neighbours that are one known word without the space: "o brien", "head aches"."""
    pairs = [(a, b) for a, b in pairwise(words) if a in unknown or b in unknown]
    ways = [(a, b, way) for a, b in pairs for way in spellings.joined(folded(a), folded(b))]
    spelled: dict[str, str] = {}
    known = finder.reader.spell([way for _, _, way in ways])
    for (a, b, word), in_index in zip(ways, known, strict=True):
        if (in_index == word or finder.vocabulary.knows(word)) and not {a, b} & spelled.keys():
            spelled |= {a: word, b: ""}
    return spelled


def unmet(finder: Finder, found: Found) -> tuple[str, ...]:
    """Words as typed that nobody has together with the rest; without a rest, that nobody has."""
    if found.everything:
        return ()
    words = found.asked.query.words.all_of[:MOST_LOOKED_UP]
    rest = Query(found.asked.query.day)
    if found.ranking.total:
        rest = _without_facts(found.asked, found.asked.query, found.dropped)
    asked = [replace(rest, words=Words((word,)), offset=0, limit=0) for word in words]
    totals = finder.reader.totals(asked)
    return tuple(word for word, total in zip(words, totals, strict=True) if not total)


def _softened(finder: Finder, found: Found) -> Found:
    """The best partial match: without the words nobody has, then with fewer conditions.

    What was chosen by hand is never left out; neither is a place, nor every condition.
    """
    if found.ranking.total:
        return found
    softer = list(_softer(found.asked))
    totals = finder.reader.totals([replace(one, offset=0, limit=0) for one, _ in softer])
    for (query, dropped), total in zip(softer, totals, strict=True):
        if total:
            ranking = replace(finder.reader.search(query), partial=True)
            return replace(found, ranking=ranking, dropped=dropped)
    return found


def _softer(asked: Asked) -> Iterator[tuple[Query, tuple[str, ...]]]:
    """Less and less, with the kinds of facts that were left out, which come last."""
    kept = [asked.query, *_fewer(asked)]
    yield from ((query, ()) for query in kept[1:])
    read = [kind for kind in facts.KINDS if asked.reading.slugs(kind)]
    for kinds in (*((kind,) for kind in sorted(read)), tuple(sorted(read))):
        for query in kept:
            if _wishes(fewer := _without_facts(asked, query, kinds)) or fewer.words:
                yield fewer, kinds


def _without_facts(asked: Asked, query: Query, kinds: Sequence[str]) -> Query:
    """A query without the facts that were read from the words; those chosen by hand stay."""
    by_hand = asked.wanted.chosen()
    chosen = {
        name: by_hand.get(name, frozenset()) if name in kinds else slugs
        for name, slugs in query.chosen.items()
    }
    flags = {name: getattr(asked.wanted, name) for name in FLAGS if name in kinds}
    if "up_to" in kinds and not asked.wanted.up_to:
        query = replace(query, up_to=None)
    return replace(query, chosen={k: v for k, v in chosen.items() if v}, **flags)


def _fewer(asked: Asked) -> Iterator[Query]:
    """Without the words that nobody has, then with fewer conditions."""
    reading, query = asked.reading, asked.query
    fewer = replace(query, words=replace(query.words, all_of=()))
    if query.words.all_of:
        yield fewer
    if asked.unsearched:
        return
    by_hand = frozenset(asked.wanted.condition)
    read = [slug for slug in reading.slugs("condition") if slug not in by_hand]
    fewer_of_them = [read[:most] for most in range(len(read) - 1, 0, -1)]
    for kept in (*fewer_of_them, *([slug] for slug in read[1:] if len(read) > 1)):
        yield replace(fewer, chosen={**query.chosen, "condition": by_hand.union(kept)})
