"""The bulk-written index is the generic writer's, however many parts and processes made it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import index, scoring
from whoosh.query import And, Or, Term

from directory.errors import SearchUnavailable
from directory.search.port import Changes, Query, Words
from directory.search.stems import term_of
from directory.search.text import WORD, folded
from directory.search.whoosh_engine import WhooshReader, WhooshWriter
from directory.search.whoosh_engine.arrays import files
from directory.search.whoosh_engine.arrays.columns import NOBODY
from directory.search.whoosh_engine.arrays.schema import BOOSTS, FIELDS
from directory.search.whoosh_engine.arrays.strings import Strings
from directory.search.whoosh_engine.building import bulk
from tests.search.documents import TODAY, document, drawn
from tests.search.generic import write_generic
from tests.search.shares import Divided, Endless, Kept, Killed, Unreadable

pieces = st.sampled_from(
    ("quiet", "Quiet", "touch", "touched", "Müller", "Mueller", "don't", "O’Brien", "2nd", "42",
     "'", "'s", "_", "naïve", "Łódź", "ß", "東京", "ﬁne", "a", "-", ".")
) | st.text(max_size=4)  # fmt: skip
texts = st.lists(pieces, max_size=12).map(" ".join)


@st.composite
def wordy(draw):
    """A few documents in whose texts anything may stand, or nothing."""
    count = draw(st.integers(1, 5))
    return [document(n, **{f: draw(texts) for f in FIELDS}) for n in range(1, count + 1)]


def built(folder, documents, **how):
    folder.mkdir(parents=True, exist_ok=True)
    bulk.build(folder, documents, **how)
    return folder


def contents(folder):
    """All that plain Whoosh reads from an index, with frequencies as far as 255."""
    with index.open_dir(str(folder)).reader() as reader:
        fields = sorted(reader.indexed_field_names())
        column = reader.column_reader("listing_id")
        return {
            "terms": {term: described(reader, term) for term in reader.all_terms()},
            "totals": {f: reader.field_length(f) for f in fields},
            "lengths": [
                [reader.doc_field_length(d, f) for d in range(reader.doc_count())] for f in fields
            ],
            "extremes": [(reader.min_field_length(f), reader.max_field_length(f)) for f in FIELDS
                         if reader.field_length(f)],
            "ids": [column[d] for d in range(reader.doc_count())],
            "stored": [reader.stored_fields(d) for d in range(reader.doc_count())],
        }  # fmt: skip


def described(reader, term):
    info, found = reader.term_info(*term), []
    matcher = reader.postings(*term)
    while matcher.is_active():
        # A key has no frequency.
        times = matcher.value_as("frequency") if term[0] != "key" else 1
        found.append((matcher.id(), min(matcher.weight(), 255), min(times, 255)))
        matcher.next()
    lengths = (info.min_length(), info.max_length())
    extremes = (info.min_id(), info.max_id(), min(info.max_weight(), 255))
    assert info.weight() >= sum(weight for _, weight, _ in found)
    return info.doc_frequency(), lengths, extremes, found


def kept_arrays(folder, part=0):
    """What our own file says: positions by term and document, and words with their counts."""
    found = files.read(folder / f"postings-{part}.arrays")
    terms = Strings(found["term_bytes"], found["term_ends"])
    positions = {}
    for i, term in enumerate(terms):
        at = int(found["position_starts"][i])
        posted = slice(int(found["starts"][i]), int(found["starts"][i + 1]))
        for doc, code in zip(
            found["docs"][posted].tolist(), found["codes"][posted].tolist(), strict=True
        ):
            positions[term, doc] = found["positions"][at : at + (code >> 8)].tolist()
            at += code >> 8
        assert at == found["position_starts"][i + 1]
    assert list(terms) == sorted(terms)
    words = [word.decode() for word in Strings(found["word_bytes"], found["word_ends"])]
    assert words == sorted(words)
    return positions, dict(zip(words, found["word_counts"].tolist(), strict=True)), found.meta


def naive_arrays(documents):
    """The same, said in the plainest way."""
    positions, words, sure = defaultdict(list), Counter(), set()
    for doc, one in enumerate(documents):
        spelled = set()
        for number, field in enumerate(FIELDS):
            for place, word in enumerate(WORD.findall(getattr(one, field))):
                if term := term_of(field, word):
                    positions[bytes([number]) + term.encode(), doc].append(min(place, 65_535))
                spelled.add(folded(word))
                if field != "about":
                    sure.add(folded(word))
        words.update(word for word in spelled if len(word) > 2)
    counts = {word: max(count, 2 if word in sure else 1) for word, count in words.items()}
    return {posting: places[:255] for posting, places in positions.items()}, counts


def same_as_generic(documents):
    with tempfile.TemporaryDirectory() as place:
        bulk = built(Path(place) / "bulk", documents)
        write_generic(Path(place) / "generic", documents)

        assert contents(bulk) == contents(Path(place) / "generic")
        positions, words, meta = kept_arrays(bulk)
        assert (positions, words) == naive_arrays(documents)
        totals = contents(bulk)["totals"]
        assert meta["totals"] == [totals.get(field, 0) for field in FIELDS]
        assert meta["documents"] == len(documents)


@settings(max_examples=40, deadline=None)
@given(wordy())
def test_a_bulk_written_index_is_the_generic_writers(documents):
    same_as_generic(documents)


def test_very_long_texts_and_very_frequent_words_are_indexed_as_the_generic_writer_does():
    long = " ".join(f"word{n % 7000}" for n in range(70_000)) + " last"
    often = "quiet " * 300 + "'room' quiet"

    same_as_generic([document(1, about=long), document(2), document(3, name=often, about=often)])


def test_more_terms_than_two_bytes_can_number_keep_their_order(tmp_path):
    each, count = 100, 700
    names = [[f"w{n * each + i}" for i in range(each)] for n in range(count)]

    folder = built(tmp_path, [document(n + 1, name=" ".join(names[n])) for n in range(count)])

    found = files.read(folder / "postings-0.arrays")
    numbers = [int(word[1:]) for word in sorted(word for name in names for word in name)]
    assert found["docs"][: each * count].tolist() == [number // each for number in numbers]
    assert found["positions"][: each * count].tolist() == [number % each for number in numbers]
    assert found["word_counts"].max() == count


def test_plain_whoosh_prunes_rightly_over_many_blocks(tmp_path):
    documents = [
        document(n, about="quiet " * (1 + n * 7 % 11) + "light " * (n % 3) + "and " * (n * 5 % 23))
        for n in range(1, 9001)
    ]
    found = index.open_dir(str(built(tmp_path / "many", documents)))
    queries = [
        Term("about", "quiet"),
        Or([Term("about", "quiet"), Term("about", "light"), Term("name", "rowan")]),
        And([Term("about", "quiet"), Term("about", "light")]),
    ]

    with found.searcher(weighting=scoring.BM25F()) as searcher:
        for query in queries:
            every = searcher.search(query, limit=None)
            first = searcher.search(query, limit=20)

            assert [hit.docnum for hit in every][:20] == [hit.docnum for hit in first]


def answers(root):
    """What our reader says to some questions, and what plain Whoosh does: (ids, scores)."""
    reader = WhooshReader(root)
    typed = (Words(("quiet",)), Words(("rowan", "touch")), Words((), ("light touch",)))
    found = [reader.search(Query(TODAY, words, limit=100)) for words in typed]
    (base,) = root.glob("base-*")
    with index.open_dir(str(base)).searcher() as searcher:
        column = searcher.reader().column_reader("listing_id")
        plain = searcher.search(
            Or([Term(field, "quiet", boost) for field, boost in BOOSTS.items()]), limit=None
        )
        hits = {column[hit.docnum]: round(hit.score, 6) for hit in plain}
    return found, hits, dict(reader.ids())


@pytest.fixture
def some():
    """Listings that differ in texts, and not all in the same words."""
    says = ("A quiet room and a light touch.", "quiet quiet", "A loud hall; light touch", "")
    return [document(n, about=says[n % 4] * (1 + n % 3)) for n in range(1, 90)]


def test_parts_made_for_want_of_memory_answer_as_one(tmp_path, some):
    WhooshWriter(tmp_path / "one").rebuild(some, cursor=0)
    WhooshWriter(tmp_path / "many", memory_mb=0).rebuild(some[:70], cursor=0)
    WhooshWriter(tmp_path / "few").rebuild(some[:70], cursor=0)

    assert len(list(tmp_path.glob("many/base-1/postings-*.arrays"))) == 70
    assert len(list(tmp_path.glob("one/base-1/postings-*.arrays"))) == 1
    assert answers(tmp_path / "many") == answers(tmp_path / "few")


def test_two_processes_build_what_one_does(tmp_path, some):
    heard = []
    WhooshWriter(tmp_path / "one").rebuild(some, cursor=0)
    divided = Divided([Kept(tuple(some[:40])), Kept(tuple(some[40:]))])

    status = WhooshWriter(tmp_path / "two", processes=2).rebuild(
        divided, cursor=0, progress=heard.append
    )

    assert status.listings == len(some) == heard[-1]
    columns = files.read(tmp_path / "two/base-1/columns.arrays")
    assert columns.meta["parts"] == [40, 49]
    assert [n for n in columns["ids"].tolist() if n != NOBODY] == [d.listing_id for d in some]
    assert answers(tmp_path / "two") == answers(tmp_path / "one")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [(Killed, r"killed \(SIGKILL\)"), (Unreadable, "ValueError: row 7 is broken")],
)
def test_a_builder_that_fails_stops_the_others_and_leaves_nothing(tmp_path, some, bad, reason):
    writer = WhooshWriter(tmp_path / "index", processes=2)
    served = writer.rebuild(some[:3], cursor=1)
    pid_file = tmp_path / "pid"
    endless = Endless(tuple(some[:3]), pid_file)

    with pytest.raises(SearchUnavailable, match=reason):
        writer.rebuild(Divided([endless, bad(tuple(some))]), cursor=2)

    assert not pid_file.exists() or not alive(int(pid_file.read_text()))
    assert not list((tmp_path / "index").glob("building-*"))
    assert writer.status() == served


def test_builders_end_when_their_parent_is_killed(tmp_path, some):
    pid_file = tmp_path / "pid"
    folder = tmp_path / "folder"
    folder.mkdir()
    script = tmp_path / "parent.py"
    script.write_text(
        "from pathlib import Path\n"
        "from directory.search.whoosh_engine.building import bulk\n"
        "from tests.search.shares import Divided, Endless\n"
        "if __name__ == '__main__':\n"
        f"    shares = [Endless((), Path({str(pid_file)!r}))] * 2\n"
        f"    bulk.build(Path({str(folder)!r}), Divided(shares), processes=2)\n"
    )
    here = {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, str(script)], env=os.environ | here) as parent:
        wait_for(pid_file.exists)
        parent.send_signal(signal.SIGKILL)

    child = int(pid_file.read_text())
    wait_for(lambda: not alive(child))


def wait_for(happened, seconds=30):
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)


def alive(pid):
    """Whether a process runs; one that has ended and that nobody asked for does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=6), st.data())
def test_changes_lie_over_the_base_as_if_all_had_been_built_anew(steps, data):
    with tempfile.TemporaryDirectory() as place:
        writer = WhooshWriter(Path(place))
        present = {n: document(n) for n in range(1, 5)}
        writer.rebuild(present.values(), cursor=0)
        for cursor, step in enumerate(steps, start=1):
            listing = data.draw(st.integers(1, 7))
            if step:
                present[listing] = data.draw(drawn(listing))
                writer.apply(Changes((present[listing],), (), cursor))
            else:
                present.pop(listing, None)
                writer.apply(Changes((), (listing,), cursor))

        status = writer.status()
        assert dict(WhooshReader(Path(place)).ids()) == {n: d.digest() for n, d in present.items()}
        assert (status.listings, status.cursor) == (len(present), len(steps))


def test_what_was_let_go_is_no_memory_of_ours_and_is_read_again_all_the_same(tmp_path):
    wanted = np.arange(1 << 20, dtype=np.uint64)
    files.write(tmp_path / "numbers.arrays", {"numbers": wanted})
    found = files.read(tmp_path / "numbers.arrays")

    read = [int(found["numbers"].sum()), _mapped(tmp_path / "numbers.arrays")]
    found.let_go()
    left = _mapped(tmp_path / "numbers.arrays")

    assert read[0] == wanted.sum()
    assert left < read[1] / 10
    assert np.array_equal(found["numbers"], wanted)


def _mapped(path):
    """How many KB of a file count as this process's memory; Linux tells."""
    maps = Path("/proc/self/smaps")
    if not maps.exists():
        pytest.skip("only Linux tells")
    of_file = maps.read_text().partition(str(path))[2]
    return int(of_file.partition("Rss:")[2].split()[0])
