"""Whose it is comes first: nobody learns from an error what somebody else's listing is like."""

import re

import pytest

from directory.models import SignedIn
from tests import factories, sign_ins
from tests.house.test_guards import methods

NOBODYS = 999_999
# What is sent, and whether any of it is right.
FORMS = {
    "nothing": {},
    "garbage": dict.fromkeys(
        (
            *("group", "version", "agree", "email", "name", "position", "x", "proof", "sure"),
            *("role", "kind", "reason", "words", "page", "revision", "revision_id", "slug"),
        ),
        "\x00'\"<>%00{{7*7}}",
    ),
    "far too much": {"words": "a" * 50_000, "version": "9" * 400, "group": "b" * 50_000},
}


def addressed(app, **values):
    """Each route that is asked for with one of these ids: its endpoint, method and path."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if not set(values) & set(rule.arguments):
            continue
        made = {"position": 0, "token": "made-up", "page": "you", "kind": "condition"}
        made |= {"slug": "made-up"} | values
        for method in methods(rule):
            given = {name: made.get(name, NOBODYS) for name in rule.arguments}
            yield rule.endpoint, method, adapter.build(rule.endpoint, given, method=method)


@pytest.fixture
def theirs(runtime):
    """Ids of what belongs to somebody else: a listing with a helper, who is signed in, too."""
    with runtime.transaction() as session:
        owner = factories.account(session, "theirs@practice.example")
        listing = factories.listing(session, slug="theirs", owner=owner)
        session.expunge(owner)
        return owner, listing.id


@pytest.mark.parametrize("form", FORMS)
def test_what_is_somebody_elses_is_not_there_whatever_is_sent(app, client, runtime, theirs, form):
    _, listing_id = theirs
    sign_ins.sign_in(client, sign_ins.known(runtime))
    asked = [
        (endpoint, method, path)
        for endpoint, method, path in addressed(app, listing_id=listing_id)
        if path.startswith("/my/")
    ]

    told = {}
    for endpoint, method, path in asked:
        where = {"query_string": FORMS[form]} if method == "GET" else {"data": FORMS[form]}
        answer = client.open(path, method=method, **where)
        answer.close()
        told[endpoint, method] = answer.status_code

    assert len(told) > 30
    assert {one: status for one, status in told.items() if status != 404} == {}


@pytest.mark.parametrize("form", FORMS)
def test_a_row_of_somebody_else_is_told_of_as_one_that_is_not_there(app, client, runtime, form):
    mine = sign_ins.known(runtime)
    with runtime.transaction() as session:
        other = factories.account(session, "theirs@practice.example")
        session.expunge(other)
    theirs = sign_ins.sign_in(app.test_client(), other)
    sign_ins.sign_in(client, mine)

    told = [
        client.post(f"/account/browsers/{number}", data=FORMS[form])
        for number in (theirs.id, NOBODYS)
    ]

    assert told[0].status_code == told[1].status_code
    with runtime.reading() as session:
        assert session.get(SignedIn, theirs.id)


def too_large(rule, number):
    """A rule's path with this number for each id; a word of ours for anything else."""
    words = {"kind": "condition", "page": "you", "token": "made-up", "slug": "made-up"}
    return re.sub(
        r"<(?:(\w+)[^<>]*:)?(\w+)>",
        lambda part: str(number) if part[1] == "id" else words.get(part[2], "0"),
        rule.rule,
    )


@pytest.mark.parametrize("number", [2**31, 2**63, 10**40])
def test_a_number_larger_than_that_of_any_row_is_no_address_at_all(app, client, number):
    sign_ins.sign_in_admin(client)
    rules = [rule for rule in app.url_map.iter_rules() if "<id:" in rule.rule]

    told = {
        (method, rule.rule): client.open(too_large(rule, number), method=method).status_code
        for rule in rules
        for method in ("GET", "POST", "DELETE")
    }

    assert len(rules) > 60
    assert {one: status for one, status in told.items() if status != 404} == {}
