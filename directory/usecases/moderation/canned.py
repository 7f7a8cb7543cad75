"""Words that admins say often when they ask for changes or refuse; each can be edited."""

from dataclasses import dataclass

from directory.said import Said, said
from directory.usecases.listings.fields import WHOLE


@dataclass(frozen=True, slots=True)
class Canned:
    """A ready-made reason about a field; `name` is how a form calls it."""

    name: str
    field: str
    label: Said
    words: Said


CANNED = (
    Canned(
        "promises",
        "about",
        said("Promises too much"),
        said(
            "Some words promise a result, such as healing or curing. Please say whom you work with"
            " and how, not what it will do. The editor marks the words and offers others."
        ),
    ),
    Canned(
        "unclear",
        "about",
        said("Hard to understand"),
        said("Please say in a few plain sentences what a session with you is like."),
    ),
    Canned(
        "credential",
        "credentials",
        said("Training is unclear"),
        said(
            "Please name only training that you finished, as it stands on your certificate, or"
            " tell us where we can look it up."
        ),
    ),
    Canned(
        "name",
        "name",
        said("Not a person's name"),
        said("Please give your own name here; a practice has its name beside its address."),
    ),
    Canned(
        "place",
        "practices",
        said("Place is not right"),
        said("The place on the map does not fit the address. Please look at the pin and move it."),
    ),
    Canned(
        "phone",
        "phone",
        said("Telephone number"),
        said("We think that this number has a wrong digit or country code. Please check it."),
    ),
    Canned(
        "website",
        "website",
        said("Website"),
        said("Please give the address of your own website, not a short or redirected link."),
    ),
    Canned(
        "photo",
        "photo",
        said("Photo"),
        said("Please use a photo of yourself in which your face can be seen."),
    ),
    Canned(
        "twice",
        WHOLE,
        said("Listed already"),
        said(
            "You seem to be listed already. Please claim that listing instead of making a second"
            " one; write to us if it is somebody else's."
        ),
    ),
    Canned(
        "no-cst",
        WHOLE,
        said("No CranioSacral Therapy"),
        said(
            "This directory is for people who offer CranioSacral Therapy, and nothing here says so."
        ),
    ),
    Canned(
        "advertising",
        WHOLE,
        said("Advertising"),
        said("This reads as advertising for something other than a practitioner's own sessions."),
    ),
)
BY_NAME = {one.name: one for one in CANNED}
