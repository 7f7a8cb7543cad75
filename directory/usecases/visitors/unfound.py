"""Words that found nothing, counted: a word, a total, nothing else."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from threading import Lock

from sqlalchemy import JSON, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.models import Revision, UnknownWords
from directory.search.text import STOP_WORDS, folded, typed
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.results import Results

LEAST_SEEN = 5
LONGEST = 40
SHORTEST = 3
# Different words in memory; beyond that those seen once are forgotten.
MOST = 5_000
# What follows these is a place, whether we know it or not.
PLACE_FOLLOWS = frozenset({"in", "near", "nearby", "around", "at", "from", "by", "nr"})
_TRIMMED = ".,;:!?…()[]"


class Unfound:
    """What this process has heard since it started; safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: Counter[str] = Counter()
        self._written: Counter[str] = Counter()

    def note(self, words: Iterable[str]) -> None:
        """Each of these words found nothing once more."""
        with self._lock:
            for word in words:
                if word not in self._seen and len(self._seen) >= MOST:
                    self._forget_rare()
                if word in self._seen or len(self._seen) < MOST:
                    self._seen[word] += 1

    def flush(self, transaction: Callable[[], AbstractContextManager[Session]]) -> None:
        """Write down what was seen often enough; without any, no transaction begins.

        When writing fails it is kept for the next time, and the error is raised.
        """
        with self._lock:
            new = {
                word: seen - self._written[word]
                for word, seen in self._seen.items()
                if seen >= LEAST_SEEN and seen > self._written[word]
            }
            self._written.update(new)
        if not new:
            return
        try:
            with transaction() as session:
                add(session, new)
        except BaseException:
            with self._lock:
                self._written.subtract(new)
            raise

    def _forget_rare(self) -> None:
        self._seen = Counter({word: seen for word, seen in self._seen.items() if seen > 1})


def words_of(results: Results, finder: Finder) -> tuple[str, ...]:
    """The words of a search to count, folded; none when it found something."""
    if (results.total and not results.partial) or not results.wanted.q:
        return ()
    left = {folded(piece.text) for piece in typed(results.understood.text) if piece.plain}
    plain = dict.fromkeys(_plain_words(results.wanted.q))
    return tuple(word for word in plain if word in left and _unknown(word, finder))


def add(session: Session, counts: dict[str, int]) -> None:
    """Add to the totals; words of anybody's name here, public or not, are passed over."""
    names = _name_words(session)
    # In one order everywhere, so that two workers never wait for each other.
    rows = [
        {"words": word, "total": total, "dismissed": False}
        for word, total in sorted(counts.items())
        if word not in names
    ]
    if not rows:
        return
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = insert(UnknownWords).values(rows)
    total = UnknownWords.total + new.excluded.total
    session.execute(
        new.on_conflict_do_update(index_elements=[UnknownWords.words], set_={"total": total})
    )


def _plain_words(q: str) -> Iterator[str]:
    """Words of letters alone, as they were typed between spaces: "a@b.example" is none."""
    for piece in q.split():
        word = piece.strip(_TRIMMED)
        if folded(word) in PLACE_FOLLOWS:
            return
        if word.isalpha() and len(folded(word)) >= SHORTEST and len(word) <= LONGEST:
            yield folded(word)


def _unknown(word: str, finder: Finder) -> bool:
    """Whether it is no asking word, no term's, no place, and no beginning of a listed name."""
    return not (
        word in STOP_WORDS
        or finder.vocabulary.knows(word)
        or finder.gazetteer.find_in([word], start_only=True)
        or finder.reader.names(word, limit=1)
    )


def _name_words(session: Session) -> frozenset[str]:
    content = type_coerce(Revision.content, JSON)
    names = session.scalars(select(content["name"].as_string()).distinct())
    return frozenset(folded(word) for name in names for word in (name or "").split())
