"""What is kept of names, and how they are asked for."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA
from sqlalchemy import event

from directory.places import Gazetteer
from directory.places.spelling import Packed, Part

NAMES = st.lists(st.text("abcé東", min_size=1, max_size=9), min_size=1, max_size=30, unique=True)


@given(names=NAMES, key=st.text("abcé東", min_size=1, max_size=9), limit=st.integers(0, 3))
def test_packed_names_are_found_as_if_each_was_compared(names, key, limit):
    alike = {}
    for number, name in enumerate(names):
        alike.setdefault(name[:2], {}).setdefault(len(name), []).append((name, number))
    packed = Packed(
        [
            Part(
                "\n".join(name for name, _ in of),
                "\n".join(str(number * 7) for _, number in of),
                "\n".join(str(number) for _, number in of),
            )
            for of in lengths.values()
        ]
        for lengths in alike.values()
    )
    heads = packed.right(key)

    found = sorted(packed.alike(key, limit, heads))

    expected = sorted(
        (OSA.distance(key, name), name, number * 7, number)
        for number, name in enumerate(names)
        if name[0] == key[0] and OSA.distance(key, name) <= limit
    )
    assert found == expected


def test_a_place_is_looked_up_on_one_connection(gazetteer_engine):
    taken = []

    def count(*_):
        taken.append(1)

    event.listen(gazetteer_engine, "checkout", count)
    gazetteer = Gazetteer(gazetteer_engine)

    gazetteer.resolve("12 High St, Totnes, Devon TQ9 5RY")

    assert len(taken) == 1
    gazetteer.resolve("12 High St, Totnes, Devon TQ9 5RY")
    assert len(taken) == 1, "what is at hand needs none"
    assert gazetteer_engine.pool.checkedout() == 0
    event.remove(gazetteer_engine, "checkout", count)


def test_an_area_is_known_by_each_of_its_names_and_by_no_other(gazetteer_engine):
    lookups = Gazetteer(gazetteer_engine)._lookups

    for key in ("bavaria", "bayern", "co", "bayarea", "countycork", "ελλαδα"):
        assert lookups.areas_named(key) == lookups.areas([key])[key] != ()
    for key in ("", "b", "bavari", "avaria", "bavaria\nbayern", "colorad"):
        assert lookups.areas_named(key) == lookups.areas([key])[key] == ()
