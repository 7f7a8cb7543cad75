"""How fields and pages of a listing are called, for whoever writes or reads about them."""

from collections.abc import Mapping

from directory.said import Said, said
from directory.usecases.practitioners import PAGES

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
    "professions": said("Professions"),
    "credentials": said("Training"),
    "conditions": said("Works with people who have"),
    "ages": said("Ages"),
    "languages": said("Languages"),
    "practices": said("Places"),
    "access": said("Access"),
    "phone": said("Telephone"),
    "email": said("E-mail"),
    "website": said("Website"),
    "hours": said("Hours"),
    "closures": said("Days away"),
    "fees": said("Fees"),
    "sliding_scale": said("Sliding scale"),
    "accepting": said("New clients"),
    "photo": said("Photo"),
    "about": said("About you"),
    "first_visit": said("A first visit"),
    "background": said("Your background"),
}


def page_of(field: str) -> str:
    """The page of the editor that holds a field; "" for the listing as a whole."""
    return next((page for page, fields in PAGES.items() if field in fields), "")
