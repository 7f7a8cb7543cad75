"""The boxes of the editor: what stands in them, what was typed, and where a step leads."""

from collections.abc import Mapping, Sequence

from flask import request
from werkzeug.datastructures import MultiDict

from directory.models import DAYS, Draft, Practice, Price
from directory.schemas import hours
from directory.schemas.pages import CLOSURE_FIELDS, DAY_FIELDS, PRICE_FIELDS
from directory.usecases.listings.fields import FORMS, PAGES
from directory.web.formatting.languages import country_name

# The ticks of the page about times.
TICKED = ("by_appointment", "sliding_scale", "free_talk", "receipts")
Boxes = Mapping[str, Sequence[str]]


def filled(page: str, content: Draft) -> dict[str, list[str]]:
    """What the boxes of a page hold, for what is written."""
    if page == "times":
        return _times(content)
    values = {name: getattr(content, name) for name in FORMS[page]}
    return {name: _boxes(value) for name, value in values.items() if name != "serves"} | (
        {"serves": ["; ".join(map(country_name, content.serves))]} if page == "places" else {}
    )


def _boxes(value: object) -> list[str]:
    if isinstance(value, bool):
        return ["yes"] if value else []
    return list(value) if isinstance(value, tuple) else [str(value)]


def _times(content: Draft) -> dict[str, list[str]]:
    boxes = {name: [hours.shown(content.hours, day)] for day, name in enumerate(DAY_FIELDS)}
    for names, closure in zip(CLOSURE_FIELDS, content.closures, strict=False):
        values = (closure.first, closure.last, closure.note)
        boxes |= {name: [value] for name, value in zip(names, values, strict=True)}
    accepting = {True: "yes", False: "no", None: ""}[content.accepting]
    return boxes | {
        "fees": [content.fees],
        **{name: _boxes(getattr(content, name)) for name in TICKED},
        **_price(content.price),
        "accepting": [accepting],
    }


def _price(price: Price | None) -> dict[str, list[str]]:
    """The boxes of a price: without decimals where it has none."""
    if price is None:
        return {name: [] for name in PRICE_FIELDS}
    amount = f"{price.amount:.2f}".removesuffix(".00")
    values = (amount, price.currency, str(price.minutes or ""))
    return {name: [value] for name, value in zip(PRICE_FIELDS, values, strict=True)}


def filled_place(practice: Practice) -> dict[str, list[str]]:
    """What the boxes of one place hold."""
    position = () if practice.lat is None else ("lat", "lon", "precision")
    texts = ("name", "address", "locality", "region", "postcode", "country", *position)
    boxes = {name: [str(getattr(practice, name))] for name in texts}
    return boxes | {
        "hide_address": ["yes"] if practice.hide_address else [],
        "home_visit_km": [f"{practice.home_visit_km:g}"],
    }


def as_form(answers: Boxes) -> MultiDict[str, str]:
    """Boxes as a form would send them."""
    return MultiDict((name, value) for name, values in answers.items() for value in values)


def countries(content: Draft) -> tuple[str, ...]:
    """Where the places are, the first place's country in front."""
    return tuple(dict.fromkeys(practice.country for practice in content.practices))


def quiet() -> bool:
    """Whether the page saves by itself while somebody is writing."""
    return "X-Autosave" in request.headers


def back() -> str:
    """Where the way leads back to: "check", or "" for all steps."""
    return "check" if request.values.get("back") == "check" else ""


def step(listing_id: int, page: str = "") -> str:
    """The address of a step; without one, of all of them."""
    return f"/my/listing/{listing_id}" + (f"/edit/{page}" if page else "")


def onward(listing_id: int, page: str) -> str:
    """Where a good save leads: all steps, the answers, or the next step."""
    if request.form.get("then") == "all":
        return step(listing_id)
    following = list(PAGES)[list(PAGES).index(page) + 1 :]
    if back() or not following:
        return f"{step(listing_id)}/check"
    return step(listing_id, following[0])


def day_names() -> list[tuple[str, str]]:
    """The boxes of the week with the day that each is for."""
    return list(zip(DAY_FIELDS, DAYS, strict=True))
