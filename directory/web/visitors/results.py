"""What the page of results needs besides the results: words, choices, the state of filters."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import Markup

from directory.edge import runtime
from directory.places import Place, uses_miles
from directory.places.geo import KM_PER_MILE
from directory.search.port import FACETS
from directory.usecases.visitors.criteria import DEFAULT_KM, Criteria
from directory.usecases.visitors.results import Chip, FacetValue, Results
from directory.web.formatting.addresses import in_body, typed
from directory.web.formatting.cards import Shared, cards
from directory.web.formatting.filters import distance, search_url
from directory.web.formatting.languages import current, format_number, ngettext
from directory.web.formatting.languages import gettext as _

MILES = (5, 10, 25, 50, 100, 250)
KILOMETRES = (5, 10, 25, 100, 200, 500)
MOST_USEFUL = 6
# Values of filters with their counts; one takes about half a kilobyte.
ROWS_KEPT = 4096
# A heading names so many professions or conditions; of more it says nothing.
MOST_NAMED = 2
# A condition that begins so is a time, such as "After a difficult birth".
NO_NOUNS = frozenset({"After"})
# So are conditions called that keep their capital in a sentence.
NAMES = frozenset({"Down", "Lyme", "Tourette"})

__all__ = ["search_url", "shown", "typed"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter. `read_from` is the search without it, when words said it."""

    one: FacetValue
    row: Markup
    read_from: Criteria | None


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter as it is drawn: its most useful values, and how many more there are to ask for."""

    name: str
    legend: str
    hint: str
    values: Sequence[Choice]
    more: int
    whole: bool


def shown(results: Results, whole: Collection[str] = ()) -> dict[str, Any]:
    """Everything that the templates of a search need; the filters of `whole` with all values."""
    wanted, around = results.wanted, results.around
    in_miles = uses_miles(around.country) if around else False
    return {
        "results": results,
        "typed": typed(),
        "is_area": bool(around and around.kind == "area"),
        "here": around.label if around and not wanted.near else "",
        "heading": _heading(results),
        # A title is kept by the browser's history.
        "page_title": _("Search results") if in_body() else _heading(results),
        "summary": _summary(results, in_miles),
        "miles": in_miles,
        "facets": list(_facets(results, whole)),
        "chosen": sum(chip.kind != "place" for chip in results.chips),
        "bare": Criteria(near=wanted.near, lat=wanted.lat, lon=wanted.lon, within=wanted.within),
        "sorts": _sorts(results),
        "sort": wanted.sort.value if wanted.sort else "",
        "radii": _radii(results, in_miles),
        "radius": wanted.within,
        "cards": cards(results.results, Shared.of(results, miles=in_miles)),
        "elsewhere": lambda place: _elsewhere(results, place),
        "names_conditions": _names_conditions(results),
    }


def _heading(results: Results) -> str:
    """Who is looked for: "Massage Therapists near Boulder, Colorado, US who work with migraine"."""
    heading = _who_and_where(results, _who(results))
    conditions = _selected(results, "condition")
    if not 0 < len(conditions) <= MOST_NAMED:
        return heading
    labels = [label for one in conditions if (label := _in_a_sentence(one.label))]
    any_will_do = frozenset(one.value for one in conditions) in results.either
    if len(labels) < len(conditions):
        words = (" / " if any_will_do else ", ").join(one.label for one in conditions)
        return _("%(who)s: %(words)s", who=heading, words=words)
    both = {"one": labels[0], "other": labels[-1]}
    words = labels[0]
    if len(labels) > 1:
        words = (
            _("%(one)s or %(other)s", **both) if any_will_do else _("%(one)s and %(other)s", **both)
        )
    return _("%(who)s who work with %(words)s", who=heading, words=words)


def _who_and_where(results: Results, who: str) -> str:
    around = results.around
    if around and around.across:
        return _("%(who)s just across the border of %(place)s", who=who, place=around.label)
    if around and around.kind == "area":
        return _("%(who)s in %(place)s", who=who, place=around.label)
    if around:
        return _("%(who)s near %(place)s", who=who, place=around.label)
    return _("%(who)s everywhere", who=who)


def _who(results: Results) -> str:
    """Those of the one profession that is looked for, or of either of two."""
    known = runtime().taxonomy.professions
    chosen = [known[one.value] for one in _selected(results, "profession") if one.value in known]
    if len(chosen) == 1:
        return chosen[0].plural or chosen[0].label
    if len(chosen) == MOST_NAMED:
        first, second = (one.plural or one.label for one in chosen)
        return _("%(first)s or %(second)s", first=first, second=second)
    return _("Practitioners")


def _selected(results: Results, facet: str) -> list[FacetValue]:
    return [one for one in results.facets.get(facet, ()) if one.selected]


def _in_a_sentence(label: str) -> str | None:
    """A condition within a sentence: "migraine", but "Bell's palsy", "PTSD"; None for what cannot be."""
    first = label.split(maxsplit=1)[0]
    if first in NO_NOUNS:
        return None
    of_somebody = "'" in first or first in NAMES
    letters = first[1:].replace("-", "")
    return label if of_somebody or not letters.islower() else label[:1].lower() + label[1:]


def _summary(results: Results, in_miles: bool) -> str:
    """The count in a sentence, for the eye and for screen readers alike."""
    if not results.total:
        count = _("Nobody found")
    else:
        number = format_number(results.total)
        count = ngettext("%(number)s found", "%(number)s found", results.total, number=number)
    afar = any(one.selected for one in results.facets.get("online", ()))
    if results.around and results.around.within_km is not None and not afar:
        reach = distance(results.around.within_km, in_miles)
        count = _("%(count)s within %(reach)s", count=count, reach=reach)
    order = _order(results.sort) if results.total > 1 else ""
    return f"{count}, {order}" if order else str(count)


def _order(sort: str) -> str:
    orders = {
        "relevance": _("best match first"),
        "distance": _("nearest first"),
        "name": _("by name"),
        "confirmed": _("latest confirmed first"),
        "fair": _("in an order that changes daily"),
    }
    return str(orders.get(sort, ""))


def _sorts(results: Results) -> list[tuple[str, str]]:
    sorts = [("", _("Usual order")), ("relevance", _("Best match first"))]
    if results.around and results.around.kind == "point":
        sorts.append(("distance", _("Nearest first")))
    sorts += [("confirmed", _("Latest confirmed first")), ("name", _("By name"))]
    return [(value, str(label)) for value, label in sorts]


def _radii(results: Results, in_miles: bool) -> list[tuple[str, str]]:
    """Distances to choose from; the one in force is always among them."""
    unit = "mi" if in_miles else "km"
    steps = MILES if in_miles else KILOMETRES
    radii = [
        (f"{step}{unit}", distance(step * KM_PER_MILE if in_miles else step, in_miles))
        for step in steps
    ]
    said_so = results.around.within_km if results.around and not results.wanted.within else None
    if said_so in (None, DEFAULT_KM):
        usual = str(_("Usual: %(reach)s", reach=distance(DEFAULT_KM, in_miles)))
    else:  # in words
        usual = str(_("As you typed: %(reach)s", reach=distance(said_so, in_miles)))
    radii.insert(0, ("", usual))
    within = results.wanted.within
    if within and within not in dict(radii):
        radii.append((within, distance(results.wanted.within_km, in_miles)))
    return radii


def _facets(results: Results, whole: Collection[str]) -> Iterator[Facet]:
    legends = {
        "profession": (_("Profession"), ""),
        "condition": (_("Works with people who have"), _("All that you choose")),
        "language": (_("Language"), ""),
        "credential": (_("Training"), ""),
        "ages": (_("For whom"), ""),
        "access": (_("Access"), ""),
        "times": (_("When"), ""),
        "fees": (_("Fees"), _("All that you choose")),
        "online": (_("Sessions online"), ""),
        "serves": (_("Online for people in"), ""),
        "practitioner": (_("Practitioner"), _("As they say it themselves")),
    }
    tag = current().tag
    read_from = {(chip.kind, chip.value): chip for chip in results.chips if chip.understood}
    for name in FACETS:
        legend, hint = legends[name]
        found = [one for one in results.facets.get(name, ()) if one.count or one.selected]
        found.sort(key=lambda one: (not one.selected, -one.count))
        least = sum(one.selected for one in found)
        most = len(found) if name in whole else max(least, MOST_USEFUL)
        chosen = getattr(results.wanted, name)
        values = [
            Choice(
                one,
                _row(tag, name, one),
                _read_from(read_from.get((name, one.value)), one.value in chosen),
            )
            for one in found[:most]
        ]
        yield Facet(name, str(legend), str(hint), values, len(found) - len(values), name in whole)


@lru_cache(maxsize=ROWS_KEPT)
def _row(tag: str, name: str, one: FacetValue) -> Markup:
    """One value of a filter to tick, in a language."""
    made: Any = current_app.jinja_env.get_template("visitors/_choice.html").module
    row: Markup = made.choice(name, one)
    return row


def _read_from(chip: Chip | None, also_chosen: bool) -> Criteria | None:
    """A value that the words alone selected cannot be unticked, only taken out of them."""
    return chip.wanted if chip and not also_chosen else None


def _elsewhere(results: Results, place: Place) -> Criteria:
    """The same search around another place of that name."""
    for chip in results.chips:
        if chip.kind == "place" and chip.understood:
            return chip.wanted.but(near=place.label, within=results.wanted.within)
    return results.wanted.but(near=place.label, lat=None, lon=None)


def _names_conditions(results: Results) -> bool:
    """Whether any condition is named on this page, so that the evidence must stand beside it."""
    return any(chip.kind == "condition" for chip in results.chips)
