"""Who may call what: every route, as everybody.

Each route carries the name of its guard; each guard has a row below. A route with a guard that
is not known, or in a place where its guard has no business, fails until somebody decides.
"""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter

from directory.models import Role
from directory.usecases.practitioners import writing
from tests import factories, sign_ins

# What an answer means to whoever asked.
SIGN_IN, FACTOR, NOTHING, IN = "sign-in page", "second factor", "nothing here", "in"
ANYBODY = "anybody", "practitioner", "reviewer", "admin without factor", "admin"
# What each of them is told by each guard. "in" is whatever the view itself says to made-up
# arguments: a page, a redirect, 404, 422.
TOLD = {
    "public": (IN, IN, IN, IN, IN),
    "signed in": (SIGN_IN, IN, IN, IN, IN),
    "reviewer": (SIGN_IN, NOTHING, IN, FACTOR, IN),
    "admin": (SIGN_IN, NOTHING, NOTHING, FACTOR, IN),
}
# Which guards have business below a path; the longest that fits counts.
PLACES = {
    "/": {"public"},
    "/account/": {"public", "signed in"},
    "/my/": {"signed in"},
    "/helping/": {"signed in"},
    "/claim/": {"signed in"},
    "/admin/": {"reviewer", "admin"},
}
# They answer in their own words, or would end the sign-in of whoever asks.
APART = {"security.logout", "accounts.sign_out_everywhere", "security.verify"}

# What somebody is writing: their own browser keeps it, so that going back loses nothing.
EDITOR = {"editing", "places", "choosing"}

NOBODYS = 999_999


@dataclass(frozen=True)
class Route:
    path: str
    endpoint: str
    method: str
    guard: str


def routes(app, **known):
    """Every rule with these arguments and made-up ones, once per method."""
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        guard = getattr(app.view_functions[rule.endpoint], "guard", "")
        made_up = {name: known.get(name) or argument(rule, name) for name in rule.arguments}
        path = adapter.build(rule.endpoint, made_up, method=next(iter(methods(rule))))
        found += [
            Route(path.split("?")[0], rule.endpoint, method, guard) for method in methods(rule)
        ]
    return found


def argument(rule, name):
    converter = rule._converters[name]
    if isinstance(converter, IntegerConverter):
        return min(converter.max or NOBODYS, NOBODYS)
    options = re.findall(r"\w+", converter.regex) if "|" in converter.regex else []
    if options:
        return options[0]
    return "made-up"


def methods(rule):
    return sorted(set(rule.methods) - {"HEAD", "OPTIONS"})


def place_of(path):
    return max((place for place in PLACES if f"{path}/".startswith(place)), key=len)


def everybody(app):
    """A client for each of ANYBODY, signed in with its token."""
    here = app.extensions["stillpoint"]
    made = {name: app.test_client() for name in ANYBODY}
    sign_ins.carry_token(made["anybody"])
    with here.transaction() as session:
        accounts = {
            "practitioner": factories.account(session),
            "reviewer": factories.admin(session, "r@association.example", role=Role.REVIEWER),
            "admin without factor": factories.account(
                session, "bare@association.example", role=Role.ADMIN
            ),
            "admin": factories.admin(session),
        }
        session.expunge_all()
    for name, account in accounts.items():
        sign_ins.sign_in(made[name], account)
    return made


def meaning(answer):
    """What an answer means, as far as guards go."""
    to = answer.headers.get("Location", "")
    if answer.status_code in (302, 303) and to.startswith("/account/sign-in"):
        return SIGN_IN
    if answer.status_code == 303 and to.endswith("/account/second-factor"):
        return FACTOR
    return NOTHING if answer.status_code == 404 else IN


def fits(told, meant, route):
    if told == IN:
        # Made-up arguments find nothing; but only a guard sends people to set things up.
        return meant in ((IN, NOTHING, SIGN_IN) if route.guard == "public" else (IN, NOTHING))
    return told == meant


def test_every_route_has_a_guard_that_has_business_there(app):
    wrong = [one for one in routes(app) if one.guard not in PLACES[place_of(one.path)]]

    assert wrong == []


@pytest.mark.parametrize("path", ["/admin/new", "/my/new", "/account/new", "/new"])
def test_a_new_route_fails_until_its_guard_is_decided(path):
    app = Flask("open", static_folder=None)
    app.add_url_rule(path, view_func=lambda: "open", endpoint="new")

    [new] = routes(app)

    assert new.guard not in PLACES[place_of(path)]


def test_everybody_is_told_what_the_guard_of_a_route_says(app):
    clients = everybody(app)
    # Some of the public ones sign people out: they come last.
    asked = [one for one in routes(app) if one.endpoint not in APART]
    asked.sort(key=lambda one: one.guard == "public")
    wrong = []
    for name, client in clients.items():
        cookies = dict(client._cookies)
        for route in asked:
            client._cookies = dict(cookies)
            told = TOLD[route.guard][ANYBODY.index(name)]
            answer = client.open(route.path, method=route.method)
            answer.close()
            if not fits(told, meaning(answer), route) or answer.status_code == 500:
                wrong.append((name, route, told, answer.status, answer.headers.get("Location")))

    assert wrong == []


def test_staff_pages_that_need_no_arguments_open_for_staff(app):
    clients = everybody(app)
    plain = [
        one
        for one in routes(app)
        if one.guard in ("reviewer", "admin")
        and one.method == "GET"
        and not re.search("made-up|\\d", one.path)
    ]

    closed = {one.path: clients["admin"].get(one.path).status_code for one in plain}

    assert len(plain) >= 5
    assert {path: status for path, status in closed.items() if status >= 400} == {}


def kept_by(client, asked):
    """The answers to all that is asked, by what they let others keep."""
    told = {}
    for route in asked:
        answer = client.open(route.path, method=route.method)
        answer.close()
        headers = answer.headers
        told[route] = headers.get("Cache-Control"), headers.get("X-Robots-Tag")
    return told


def test_nothing_keeps_what_staff_are_told(app):
    asked = [one for one in routes(app) if one.guard in ("reviewer", "admin")]

    told = kept_by(everybody(app)["admin"], asked)

    assert len(told) > 60
    assert set(told.values()) == {("private, no-store", "noindex")}


def test_nothing_keeps_what_is_somebodys_own(app, runtime):
    with runtime.transaction() as session:
        owner = factories.account(session, "owner@practice.example")
        listing_id = writing.begin(session, by=factories.actor(owner), at=factories.NOW).id
        session.expunge(owner)
    client = app.test_client()
    sign_ins.sign_in(client, owner)
    asked = [
        one
        for one in routes(app, listing_id=listing_id)
        if one.guard == "signed in" and one.method == "GET" and one.endpoint not in APART
    ]

    told = kept_by(client, asked)

    editor = {one for one in told if one.endpoint.split(".")[0] in EDITOR}
    assert {told.pop(one) for one in editor} == {("private, no-cache", "noindex")}
    assert len(told) > 15
    assert {
        one: said for one, said in told.items() if said != ("private, no-store", "noindex")
    } == {}
