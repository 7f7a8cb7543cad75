"""How values read on a page: distances, days, places, sentences, addresses of searches."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from urllib.parse import urlencode, urlsplit

from flask import Flask, url_for
from flask_babel import get_locale
from markupsafe import Markup, escape

from directory.edge import runtime
from directory.models import Practice
from directory.places import miles, uses_miles
from directory.places.geo import KM_PER_MILE
from directory.said import Said, said
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.highlighting import Highlights, Pieces
from directory.usecases.visitors.results import Profile, Term
from directory.web.formatting import prose
from directory.web.formatting.addresses import AGAIN, in_body
from directory.web.formatting.languages import country_name, format_number, ngettext
from directory.web.formatting.languages import gettext as _
from directory.web.formatting.money import price
from directory.web.formatting.telephones import telephone
from directory.web.formatting.timetables import away_days, timetable, week

EXCERPT = 190
# A place known only by its town may be this far off.
COARSE_KM = 3.0
KIND_WORDS = {
    "course": said("Attended"),
    "specialty": said("Attended"),
    "assessed": said("Assessed"),
    "registered": said("Registered"),
    "teacher": said("Teacher"),
    "student": said("Student"),
    "licence": said("Licensed"),
}
STATED = said("Stated")
KIND_MEANINGS = {
    "course": said("Took part in this course. Taking part is not an exam."),
    "specialty": said("Took part in a further course on one subject. Taking part is not an exam."),
    "assessed": said("Passed an assessment by the organisation named."),
    "registered": said(
        "On the register of the organisation named, which asks for training and has a code of"
        " conduct. Its register can be looked up."
    ),
    "teacher": said("Approved by the organisation named to teach others."),
    "student": said("Still in training."),
    "licence": said(
        "Holds a licence or statutory registration for a profession. The regulator of the"
        " state or country can confirm it."
    ),
}
AS_STATED = said("As the practitioner states it.")


def init(app: Flask) -> None:
    """Give every template these words."""
    app.jinja_env.globals.update(
        ago=ago,
        away=away,
        away_days=away_days,
        country_name=country_name,
        destination=destination,
        directions=directions,
        distance=distance,
        excerpt=lambda text: prose.excerpt(text, EXCERPT),
        field_words=field_words,
        in_miles=uses_miles,
        kind_meaning=kind_meaning,
        kind_word=kind_word,
        page_window=page_window,
        price=price,
        prose=prose.render,
        search_url=search_url,
        telephone=telephone,
        timetable=timetable,
        town=town,
        in_body=in_body,
        way=way,
        week=week,
        way_ends=way_ends,
    )
    app.jinja_env.filters.update(
        host=host,
        say=say,
        sentence=lambda text: text[:1].upper() + text[1:],
        town=town,
    )

    @app.context_processor
    def site() -> dict[str, object]:
        here, locale = runtime(), get_locale()
        return {
            "site_name": here.config.site_name,
            "contact_email": here.config.contact_email,
            "base_url": here.config.base_url,
            "tile_url": here.config.tile_url,
            "locale_tag": str(locale).replace("_", "-") if locale else "en",
            "text_direction": locale.text_direction if locale else "ltr",
        }


def say(sentence: str | Said) -> str:
    """A sentence in the visitor's language."""
    if not isinstance(sentence, Said):
        return str(sentence)
    return _(sentence.text, **sentence.values)


def saying(problems: Mapping[str, Sequence[str | Said]]) -> dict[str, dict[str, list[str]]]:
    """The `form` of the accounts' pages: what is wrong, in the visitor's language, by box."""
    return {"errors": {name: [say(text) for text in texts] for name, texts in problems.items()}}


def search_url(wanted: Criteria) -> str:
    """The address of a search, every parameter kept."""
    asked = urlencode(wanted.params())
    return _search_page() + (f"?{asked}" if asked else "")


@cache
def _search_page() -> str:
    return url_for("visitors.search")


def way(wanted: Criteria, *, style: str, rel: str = "", current: bool = False) -> Markup:
    """The tag that begins a way on to a search; `way_ends` closes it.

    A link; on a page that was asked for by POST a button, which sends the same by POST.
    """
    more = Markup(' aria-current="page"') if current else ""
    if in_body():
        return Markup(
            '<button type="submit" form="{0}" name="{0}" value="{1}" class="{2}"{3}>'
        ).format(AGAIN, urlencode(wanted.params()), style, more)
    if rel:
        more = Markup(' rel="{}"').format(rel)
    return Markup('<a href="{}" class="{}"{}>').format(search_url(wanted), style, more)


def way_ends() -> Markup:
    """The tag that closes a way on."""
    return Markup("</button>") if in_body() else Markup("</a>")


def distance(km: float, in_miles: bool, *, exact: bool = True) -> str:
    """A distance as people there say it: "2.1 miles", "40 km"."""
    number = miles(km) if in_miles else km
    number = round(number, 1) if exact and number < 10 else max(round(number), 1)
    shown = format_number(number)
    if in_miles:
        return str(ngettext("%(shown)s mile", "%(shown)s miles", _plural(number), shown=shown))
    return str(_("%(shown)s km", shown=shown))


def away(km: float, practice: Practice, in_miles: bool) -> str:
    """How far a practice is, never more exactly than we know: "2.1 miles away"."""
    if practice.hide_address or practice.precision == "locality":
        if km < COARSE_KM:
            return str(_("close by"))
        shown = distance(float(round(km)), in_miles, exact=False)
        return str(_("about %(distance)s away", distance=shown))
    least = KM_PER_MILE if in_miles else 1.0
    if km < least / 2:
        return str(_("under half a mile away") if in_miles else _("under 500 m away"))
    return str(_("%(distance)s away", distance=distance(km, in_miles)))


def _plural(number: float) -> int:
    return 1 if round(number, 1) == 1 else 2


def ago(day: date) -> str:
    """When a listing was last confirmed, in words."""
    days = max((runtime().today() - day).days, 0)
    if days == 0:
        return str(_("Confirmed today"))
    if days < 60:
        return str(ngettext("Confirmed %(num)s day ago", "Confirmed %(num)s days ago", days))
    months = round(days / 30.4)
    return str(ngettext("Confirmed %(num)s month ago", "Confirmed %(num)s months ago", months))


def town(practice: Practice, at_home: str = "") -> str:
    """Where a practice is, without its street: "Boulder, Colorado, United States".

    A country that the reader is in (`at_home`) needs no naming.
    """
    abroad = practice.country != at_home
    country = country_name(practice.country) if abroad else ""
    parts = (practice.locality, practice.region, country)
    return ", ".join(dict.fromkeys(part for part in parts if part))


def snippet(highlights: Highlights, profile: Profile) -> Pieces:
    """What a practitioner says, where the words stand that were searched; () without any."""
    if not highlights:
        return ()
    texts = (profile.about, profile.first_visit, profile.background)
    return highlights.snippet(*map(prose.plain, filter(None, texts)))


def marked(pieces: Pieces) -> Markup:
    """Pieces of a text, those that match a visitor's words marked."""
    parts = (f"<mark>{escape(text)}</mark>" if match else escape(text) for text, match in pieces)
    return Markup("".join(parts))  # noqa: S704  # nosec B704 - every text is escaped


def kind_word(kind: str) -> str:
    """What a credential of this kind proves, in a word."""
    return say(KIND_WORDS.get(kind, STATED))


def kind_meaning(kind: str) -> str:
    """What a credential of this kind means, in a sentence."""
    return say(KIND_MEANINGS.get(kind, AS_STATED))


def page_window(page: int, pages: int) -> Iterator[int | None]:
    """The page numbers worth a link: the ends and the neighbours; None stands for a gap."""
    shown = sorted({1, pages, *range(max(1, page - 1), min(pages, page + 1) + 1)})
    before = 0
    for number in shown:
        if number - before == 2:
            yield number - 1
        elif number - before > 2:
            yield None
        yield number
        before = number


def url_of(slug: str) -> str:
    """The address of a listing's page."""
    return url_for("visitors.listing", slug=slug)


def serious(profile: Profile) -> list[Term]:
    """The conditions of a profile for which people are told to see a doctor first."""
    known = runtime().taxonomy.conditions
    return [term for term in profile.conditions if term.slug in known and known[term.slug].serious]


def directions(practice: Practice) -> str:
    """The route there; a plain link, which asks nobody anything before it is followed."""
    return f"https://www.openstreetmap.org/directions?{urlencode({'to': destination(practice)})}"


def destination(practice: Practice) -> str:
    """Where a practice is, as programs with maps understand it: a position, or else its address."""
    if practice.lat is not None and practice.precision == "exact":
        return f"{practice.lat:.5f},{practice.lon:.5f}"
    where = (practice.address, practice.locality, practice.region, practice.postcode)
    return ", ".join(part for part in (*where, country_name(practice.country)) if part)


def host(address: str) -> str:
    """A website's name as people say it."""
    return urlsplit(address).netloc.removeprefix("www.") or address


def field_words(name: str) -> str:
    """A search parameter as the form calls it."""
    words = {
        "within": _("How far"),
        "sort": _("Order"),
        "page": _("Page"),
        "per_page": _("Results on a page"),
        "profession": _("Profession"),
        "condition": _("Works with people who have"),
        "language": _("Language"),
        "credential": _("Training"),
        "ages": _("For whom"),
        "access": _("Access"),
        "times": _("When"),
        "fees": _("Fees"),
        "online": _("Sessions online"),
        "serves": _("Online for people in"),
        "practitioner": _("Practitioner"),
        "up_to": _("Price of a session"),
        "accepting": _("Taking new clients"),
        "home_visits": _("Visits homes"),
        "lat": _("Position"),
        "lon": _("Position"),
        "s": _("Shortlist"),
    }
    return str(words.get(name, name))
