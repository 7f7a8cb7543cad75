"""How fields and pages of a listing are called, for whoever writes or reads about them."""

from collections.abc import Iterable, Mapping

from directory.models import (
    Draft,
)
from directory.said import Said, said

# What holds for all places, and away from them.
ANYWHERE = ("access", "online", "online_only", "serves")
# The pages of the editor, in order, and the fields of the Draft that each one holds.
PAGES: Mapping[str, tuple[str, ...]] = {
    "you": ("name", "suffix", "practitioner"),
    "work": ("professions", "credentials"),
    "people": ("conditions", "ages", "languages"),
    "places": ("practices", *ANYWHERE),
    "contact": ("phone", "email", "website"),
    "times": (
        *("hours", "by_appointment", "closures", "fees", "price", "sliding_scale"),
        *("free_talk", "receipts", "accepting"),
    ),
    "photo": ("photo",),
    "words": ("about", "first_visit", "background"),
}
# The form of a page holds all of it, but each place of work has a form of its own.
FORMS: Mapping[str, tuple[str, ...]] = {**PAGES, "places": ANYWHERE}
# The address of a listing that nobody has seen; its name is not known yet.
UNNAMED = "new-"
NOTHING_YET = Draft(name="", practices=())

# What an admin says of the listing as a whole.
WHOLE = "whole"

PAGE_NAMES: Mapping[str, Said] = {
    "you": said("Who you are"),
    "work": said("Professions and training"),
    "people": said("Who and what you work with"),
    "places": said("Where you work"),
    "contact": said("How to reach you"),
    "times": said("Hours, fees and new clients"),
    "photo": said("Photo"),
    "words": said("Words about you"),
}

FIELDS: Mapping[str, Said] = {
    WHOLE: said("Your listing"),
    "name": said("Name"),
    "suffix": said("Letters after your name"),
    "practitioner": said("A woman, a man, another gender"),
    "professions": said("Professions"),
    "credentials": said("Training"),
    "conditions": said("Works with people who have"),
    "ages": said("Ages"),
    "languages": said("Languages"),
    "practices": said("Places"),
    "access": said("Access"),
    "online": said("Works online"),
    "online_only": said("Works online only"),
    "serves": said("Countries served online"),
    "phone": said("Telephone"),
    "email": said("E-mail"),
    "website": said("Website"),
    "hours": said("Hours"),
    "closures": said("Days away"),
    "fees": said("Fees"),
    "sliding_scale": said("Sliding scale"),
    "by_appointment": said("By appointment"),
    "price": said("Price of a session"),
    "free_talk": said("Free first talk"),
    "receipts": said("Receipts for insurers"),
    "accepting": said("New clients"),
    "photo": said("Photo"),
    "about": said("About you"),
    "first_visit": said("A first visit"),
    "background": said("Your background"),
}


def page_of(field: str) -> str:
    """The page of the editor that holds a field; "" for the listing as a whole."""
    return next((page for page, fields in PAGES.items() if field in fields), "")


def place_page(position: int | None) -> str:
    """The page under which the form of one place is kept as typed."""
    return f"places/{'new' if position is None else position}"


def pages_of(typed: Iterable[str]) -> tuple[str, ...]:
    """The pages to which forms with something unusable belong, in order."""
    names = {form.partition("/")[0] for form in typed}
    return tuple(page for page in PAGES if page in names)


def changed_fields(before: Draft, after: Draft) -> tuple[str, ...]:
    """Names of the fields in which two drafts differ, in the order of the pages."""
    names = [name for fields in PAGES.values() for name in fields]
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))
