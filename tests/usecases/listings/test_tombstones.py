"""Who somebody is to imports, to erasure and to the do-not-list: one and the same."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.errors import Invalid
from directory.models import Actor, DoNotList, Role, Tombstone
from directory.usecases.imports import do_not_list
from directory.usecases.imports.do_not_list import Words
from directory.usecases.imports.rows import Row
from directory.usecases.listings import tombstones
from tests import factories
from tests.factories import BOULDER, DENVER, NOW

KEY = b"a key of the tests"
ADMIN = Actor(1, Role.ADMIN)
letters = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)


@given(name=letters, email=letters, postcode=letters, town=letters)
def test_a_row_is_known_by_what_erasure_remembers(name, email, postcode, town):
    place = replace(BOULDER, postcode=postcode, locality=town)
    draft = factories.draft(name=name, email=email, practices=(place, DENVER))

    marks = tombstones.marks(draft)

    assert Row(2, draft=draft).key == (marks[0] if marks else "")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (Words(email=" Rowan@Practice.EXAMPLE "), {"email": "rowan@practice.example"}),
        (Words(email="rowan@practice.example"), {"email": "ROWAN@practice.example"}),
        (Words(name="ZOË  MÜLLER", postcode="80302"), {"name": "Zoe Muller"}),
        (Words(name="Zoe Muller", postcode=" 80 302 "), {"name": "Zoë Müller"}),
        (Words(name="O\u2019Brien, Aoife", postcode="80302"), {"name": "O'Brien, Aoife"}),
        (Words(name="Rowan\u00a0Testerly", postcode="80302"), {"name": "Rowan Testerly"}),
    ],
)
def test_whoever_is_on_the_list_is_known_however_a_roster_writes_them(session, typed, stored):
    draft = factories.draft(practices=(replace(BOULDER, postcode="80302"),), **stored)

    do_not_list.add(session, typed, by=ADMIN, at=NOW, key=KEY)

    assert tombstones.unwanted(session, [draft], key=KEY) == {draft}


def test_each_place_of_work_is_a_mark_and_so_is_the_address():
    draft = factories.draft(name="Rowan", email="r@practice.example", practices=(BOULDER, DENVER))

    assert len(tombstones.marks(draft)) == 3


def test_a_namesake_elsewhere_is_somebody_else(session):
    words = Words(name="Rowan Testerly", postcode="80302")
    namesake = factories.draft(
        name="Rowan Testerly", email="", practices=(replace(BOULDER, postcode="80301"),)
    )

    do_not_list.add(session, words, by=ADMIN, at=NOW, key=KEY)

    assert tombstones.unwanted(session, [namesake], key=KEY) == frozenset()


@pytest.mark.parametrize(
    ("erased", "listed", "barred"),
    [
        ("80302", "", True),
        ("80302", "80302-1234", True),
        ("80302-1234", "80302", True),
        ("", "80302", True),
        ("", "", True),
        ("80302", "80301", False),
    ],
)
def test_whoever_was_erased_is_known_by_town_where_a_file_has_no_postcode(
    session, erased, listed, barred
):
    def person(postcode):
        place = replace(BOULDER, postcode=postcode)
        return factories.draft(name="Rowan Testerly", email="", practices=(place,))

    for mark in tombstones.remembered(person(erased)):
        session.add(DoNotList(hash=tombstones.hashed(KEY, mark), at=NOW))
    session.flush()

    found = tombstones.unwanted(session, [person(listed)], key=KEY)

    assert bool(found) is barred


@pytest.mark.parametrize("name", ["☆☆☆", "!!!", "\u200b", "😀", "·"])
def test_a_name_without_letters_tells_nobody_from_others(session, name):
    draft = factories.draft(name=name, email="")

    assert tombstones.marks(draft) == ()
    assert Row(2, draft=draft).key == ""
    with pytest.raises(Invalid):
        do_not_list.add(session, Words(name=name, postcode="80302"), by=ADMIN, at=NOW, key=KEY)


@given(name=st.text(st.sampled_from("ﬃ\ufdfaß𝔸x "), min_size=1, max_size=120))
def test_a_mark_always_fits_the_column_that_keeps_it(name):
    draft = factories.draft(name=name, email="")

    assert all(len(mark) <= tombstones.LONGEST_MARK for mark in tombstones.marks(draft))


NO_CODE = replace(BOULDER, postcode="", locality="New Town")


@pytest.mark.parametrize(
    ("changes", "marks"),
    [
        ({"email": " R@Here.Example "}, ("email:r@here.example", "name:rowan testerly|80302")),
        ({"email": " "}, ("name:rowan testerly|80302",)),
        ({"email": "", "name": " "}, ()),
        ({"email": "", "practices": (NO_CODE,)}, ("name:rowan testerly|newtownus",)),
        ({"email": "", "practices": (BOULDER, BOULDER)}, ("name:rowan testerly|80302",)),
        ({"email": "", "practices": ()}, ()),
    ],
)
def test_somebody_is_known_by_address_and_by_name_with_each_place(changes, marks):
    assert tombstones.marks(factories.draft(**changes)) == marks


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_many_graves_only_those_asked_for_are_found(session):
    for slug in ("gone", "gone-too"):
        session.add(Tombstone(slug_hash=tombstones.tomb(KEY, slug), at=NOW))
    session.flush()

    assert tombstones.buried(session, ["gone", "here"], key=KEY) == {"gone"}
    assert [tombstones.gone(session, one, key=KEY) for one in ("gone", "here")] == [True, False]
    assert not tombstones.gone(session, "gone", key=b"another key")
