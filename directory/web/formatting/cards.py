"""Cards of results. What no search touches of one is made once for each version of a listing."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import current_app, url_for
from markupsafe import Markup, escape

from directory.search.stems import term_of
from directory.search.text import words
from directory.usecases.visitors.highlighting import Highlights
from directory.usecases.visitors.results import Profile, Result, Results, Term
from directory.web.formatting import languages
from directory.web.formatting.filters import away, marked, say, snippet, town

PARTS, SHARED = "visitors/_card_parts.html", "visitors/_macros.html"
Forms = frozenset[str]
# Of these reasons the card itself tells, with a mark.
SEEN = ("profession: ", "condition: ")


class Parts(NamedTuple):
    """The parts of a card as a page has them, and the forms of the words that a search may mark."""

    name: Markup
    trades: Markup
    portrait: Markup
    keep: Markup
    badges: Markup
    facts: Markup
    text: Markup
    ways: Markup
    afar: Markup
    in_names: Forms
    in_trades: Forms
    in_conditions: Forms
    in_text: Forms


class Card(NamedTuple):
    """One card, ready to be written down (visitors/_cards.html)."""

    id: int
    parts: Parts
    name: Markup
    trades: Markup
    away: str
    room: Markup
    town: Markup
    more_places: int
    visits: bool
    text: Markup
    works_with: Markup
    why: str


@dataclass(frozen=True, slots=True)
class Shared:
    """What all cards of an answer share: its marks, the conditions asked for, where it is asked."""

    marks: Highlights
    conditions: Collection[str] = ()
    at_home: str = ""
    miles: bool = False

    @classmethod
    def of(cls, results: Results, *, miles: bool) -> "Shared":
        """What the cards of these results share."""
        conditions = {*results.wanted.condition, *results.understood.condition}
        country = results.around.country if results.around else ""
        return cls(results.highlights, conditions, country, miles)


def cards(found: Iterable[Result], around: Shared) -> list[Card]:
    """A card for each."""
    tag = languages.current().tag
    return [_card(result, _parts(result.profile, tag), around) for result in found]


def make_ready(profiles: Iterable[Profile]) -> None:
    """Make what no search touches of their cards, in the language of the page."""
    tag = languages.current().tag
    for profile in profiles:
        _parts(profile, tag)


def _card(result: Result, parts: Parts, around: Shared) -> Card:
    profile, practice, marks = result.profile, result.practice, around.marks
    names = marks.may_be_in(parts.in_names, named=True)
    trades = marks.may_be_in(parts.in_trades, named=False) or marks.means(
        one.slug for one in profile.professions
    )
    place = town(practice, at_home=around.at_home)
    far = result.distance_km
    return Card(
        id=profile.listing_id,
        parts=parts,
        name=_name(profile, lambda text: marked(marks.name(text))) if names else parts.name,
        trades=_trades(profile, marks) if trades else parts.trades,
        away="" if far is None else away(far, practice, around.miles),
        room=_room(practice.name, marks) if names else Markup(""),
        town=marked(marks.name(place)) if names else escape(place),
        more_places=len(profile.practices) - 1,
        visits=result.visits,
        text=_text(profile, parts, marks),
        works_with=_works_with(profile.conditions, parts, around),
        why=" · ".join(say(one) for one in result.why if not one.text.startswith(SEEN)),
    )


def _parts(profile: Profile, tag: str) -> Parts:
    """What was made of this version in this language, or is made now."""
    kept: Parts | None = profile.made.get(tag)
    if kept is None:
        kept = profile.made[tag] = _made(profile)
    return kept


def _made(profile: Profile) -> Parts:
    of, shared = (_macros(name) for name in (PARTS, SHARED))
    places = [f"{one.name} {town(one)} {one.country}" for one in profile.practices]
    return Parts(
        name=_name(profile, escape),
        trades=_trades(profile, None),
        portrait=of.portrait(profile),
        keep=shared.keep_button(profile, words=False),
        badges=of.badges(profile),
        facts=of.facts(profile),
        text=of.text(profile),
        ways=of.ways(profile),
        afar=of.afar(profile),
        in_names=_forms("name", profile.name, profile.suffix, *places),
        in_trades=_forms("about", *(term.label for term in profile.professions)),
        in_conditions=_forms("about", *(term.label for term in profile.conditions)),
        in_text=_forms("about", profile.about, profile.first_visit, profile.background),
    )


def _macros(template: str) -> Any:
    """What a template can draw, in the language of the page."""
    return current_app.jinja_env.get_template(template).module


def _forms(field: str, *texts: str) -> Forms:
    found = (term_of(field, word) for text in texts for word in words(text))
    return frozenset(filter(None, found))


def _name(profile: Profile, write: Callable[[str], Markup]) -> Markup:
    url = url_for("visitors.listing", slug=profile.slug)
    after = ""
    if profile.suffix:
        after = Markup('<span class="suffix">, {}</span>').format(write(profile.suffix))
    return Markup('<a href="{}">{}</a>{}').format(url, write(profile.name), after)


def _trades(profile: Profile, marks: Highlights | None) -> Markup:
    return Markup(" · ").join(_term(term, marks) for term in profile.professions)


def _term(term: Term, marks: Highlights | None) -> Markup:
    return marked(marks.term(term.slug, term.label)) if marks else escape(term.label)


def _room(name: str, marks: Highlights) -> Markup:
    """A room has a name of its own on a card only when it was asked for."""
    return marked(marks.name(name)) if marks.marks(name) else Markup("")


def _text(profile: Profile, parts: Parts, marks: Highlights) -> Markup:
    found = marks.may_be_in(parts.in_text, named=False) and snippet(marks, profile)
    return marked(found) if found else parts.text


def _works_with(conditions: Iterable[Term], parts: Parts, around: Shared) -> Markup:
    """The conditions that were asked for, or that the words are in, and no other."""
    marks = around.marks
    touched = marks.may_be_in(parts.in_conditions, named=False)
    shown = (
        term
        for term in conditions
        if term.slug in around.conditions or (touched and marks.on(term.slug, term.label))
    )
    return Markup(", ").join(_term(term, marks) for term in shown)
