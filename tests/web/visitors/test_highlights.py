"""Typed words marked on the cards of a search."""

import pytest
from bs4 import BeautifulSoup

from directory.web.formatting import prose
from tests import factories
from tests.sites import rebuild_index

WRENLY = {
    "name": "Zoë Wrenly",
    "suffix": "LMT",
    "conditions": ("colic",),
    "about": "A *quiet* room. Bring <b>tea</b> & a **friend**: sessions are never hurried.",
    "background": "Once a pastry cook. " * 20 + "Trained in Léon in lanterns.",
    "practices": (factories.BOULDER,),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_card_marks_the_words_where_it_shows_them(runtime, client):
    with runtime.transaction() as session:
        factories.listing(session, **WRENLY)
    rebuild_index(runtime.config)

    def card(q):
        page = BeautifulSoup(client.get("/search", query_string={"q": q}).text, "html.parser")
        return page.select_one(".card")

    def marks(q, selector):
        return [mark.get_text() for mark in card(q).select(f"{selector} mark")]

    assert marks("zoe lmt", "h2") == ["Zoë", "LMT"]
    assert marks("hurry friend", ".excerpt") == ["friend", "hurried"]
    assert marks("lantern", ".excerpt") == ["lanterns"]
    assert marks("colic", ".works-with") == ["Colic"]
    assert marks("tea colorado hurried", ".where") == ["Colorado"]
    assert marks("rooms", ".where") == ["Rooms"]
    assert (
        "Bring <b>tea</b> & a friend: sessions" in card("hurried").select_one(".excerpt").get_text()
    )
    assert (
        card("zoe").select_one(".excerpt").get_text().startswith("A quiet room. Bring <b>tea</b>")
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Wren's room:\ntwo chairs, 5 g.", "Dr. Wren's room:\ntwo chairs, 5 g."),
        ("1 < 2 & *so* on", "1 < 2 & so on"),
        ("- one\n- [two](https://practice.example)", "one\ntwo"),
    ],
)
def test_plain_prose_keeps_words_and_lines_without_the_markdown(text, expected):
    lines = prose.plain(text).splitlines()

    assert [line for line in lines if line] == expected.splitlines()
