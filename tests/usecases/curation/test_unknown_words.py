"""Words that found nothing: which are counted, which never, and when they are written down."""

import pytest
from sqlalchemy import select

from directory.db import reading, writing
from directory.errors import NotFound
from directory.models import Actor, Kind, Role, UnknownWords
from directory.usecases.curation import unknown_words
from directory.usecases.visitors import searching, unfound
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.unfound import Unfound
from tests import factories


def kept(session) -> dict[str, int]:
    return {row.words: row.total for row in session.scalars(select(UnknownWords))}


SEARCHES = {
    "Frobnicitis": ("frobnicitis",),
    "frobnicitis migraine": ("frobnicitis",),
    "frobnicitis Boulder": ("frobnicitis",),
    "frobnicitis in Kleinhintertupfing": ("frobnicitis",),
    "Juniper frobnicitis": ("frobnicitis",),  # a listed name
    "a.person@example.org": (),
    "+1 503 555 0101": (),
    "frob1 x9": (),
    '"frobnicitis" -frobnicitis': (),
    "f" * 41: (),
    "migraine": (),
    "": (),
}


def test_only_single_words_that_nobody_knows_are_counted(indexed):
    finder = indexed.finder()
    with indexed.reading() as session:
        results = {q: searching.find(session, finder, Criteria(q=q)) for q in SEARCHES}

    assert {q: unfound.words_of(found, finder) for q, found in results.items()} == SEARCHES


def test_a_word_is_written_down_from_its_fifth_time_on(engine):
    heard = Unfound()

    def flushed(times: int) -> dict[str, int]:
        heard.note(["frobnicitis"] * times)
        heard.flush(lambda: writing(engine))
        with reading(engine) as session:
            return kept(session)

    assert flushed(4) == {}
    assert flushed(1) == {"frobnicitis": 5}
    assert flushed(0) == {"frobnicitis": 5}
    assert flushed(2) == {"frobnicitis": 7}


def test_nobodys_name_is_written_down_even_of_who_is_not_public(engine, session):
    with writing(engine) as writer:
        factories.listing(writer, name="Zoë Unlisted", state=factories.State.HIDDEN)
    heard = Unfound()
    heard.note(["zoe", "unlisted", "frobnicitis"] * 5)

    heard.flush(lambda: writing(engine))

    assert kept(session) == {"frobnicitis": 5}


def test_memory_is_bounded_and_rare_words_are_forgotten_first(engine, session, monkeypatch):
    monkeypatch.setattr(unfound, "MOST", 3)
    heard = Unfound()
    heard.note(["often"] * 5)
    for word in ("one", "two", "three", "four"):
        heard.note([word])
    heard.note(["often"])

    heard.flush(lambda: writing(engine))

    assert kept(session) == {"often": 6}


def test_a_word_is_suggested_with_the_terms_nearest_to_it_until_it_is_settled(engine, session):
    with writing(engine) as writer:
        unfound.add(writer, {"migrane": 9, "qqqq": 5})

    found = unknown_words.suggestions(session)
    unknown_words.dismiss(session, "qqqq", by=Actor(1, Role.REVIEWER))
    unknown_words.settle(session, "migrane", by=Actor(1, Role.ADMIN))

    assert [(one.words, one.total) for one in found] == [("migrane", 9), ("qqqq", 5)]
    assert (Kind.CONDITION, "migraine") in [(near.kind, near.slug) for near in found[0].near]
    assert unknown_words.suggestions(session) == ()
    with pytest.raises(NotFound):
        unknown_words.dismiss(session, "qqqq", by=Actor(1, Role.PRACTITIONER))
