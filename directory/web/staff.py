"""What frames every page of the admins: the way around, and how much waits where."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask
from flask_babel import format_timedelta

from directory.edge import actor, runtime
from directory.models import ACCESS, AGES, PRACTITIONERS, Role
from directory.models.offers import country_names
from directory.said import Said, said
from directory.usecases.moderation import queue
from directory.usecases.visitors.reading.languages import language_names


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the desk; `count` names its number in `admin_counts`.

    Pages under its path belong to it, and those under `also`.
    """

    path: str
    label: Said
    hint: Said
    role: Role = Role.ADMIN
    count: str = ""
    also: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Whether the page at this path is one of its own."""
        return any(path == one or path.startswith(f"{one}/") for one in (self.path, *self.also))


@dataclass(frozen=True, slots=True)
class Place:
    """One of the four places of the desk, with its pages; its own page is at `path`."""

    path: str
    label: Said
    pages: tuple[Entry, ...]

    def holds(self, path: str) -> bool:
        """Whether the page at this path lies in this place."""
        own = path == self.path or path.startswith(f"{self.path}/")
        return own or any(page.holds(path) for page in self.pages)

    def waiting(self, counts: Mapping[str, int]) -> int:
        """How much waits in all its pages."""
        return sum(counts.get(page.count, 0) for page in self.pages)


PLACES = (
    Place(
        "/admin/queue",
        said("Queue"),
        (
            Entry(
                "/admin/queue",
                said("To be read"),
                said("New and changed listings that wait for somebody to read them."),
                Role.REVIEWER,
                "queue",
                ("/admin/review", "/admin/bulk"),
            ),
            Entry(
                "/admin/claims",
                said("Claims"),
                said("People who say that a listing is theirs."),
                Role.ADMIN,
                "claims",
            ),
        ),
    ),
    Place(
        "/admin/listings",
        said("Listings"),
        (
            Entry(
                "/admin/listings/new",
                said("New listing"),
                said("Make one by hand, for somebody who asked."),
            ),
            Entry(
                "/admin/placing",
                said("To be placed"),
                said("Practices that are not on the map yet."),
                Role.REVIEWER,
                "placing",
            ),
            Entry(
                "/admin/aging",
                said("To be confirmed"),
                said("Listings that nobody confirmed for long."),
                Role.REVIEWER,
            ),
            Entry(
                "/admin/merge",
                said("Duplicates"),
                said("Two listings of one person become one."),
            ),
            Entry(
                "/admin/checks/roster",
                said("Credentials"),
                said("Check many against the list of whoever gave them."),
                also=("/admin/checks",),
            ),
            Entry(
                "/admin/imports",
                said("Imports"),
                said("Rosters in: first what would happen, later undone if need be."),
            ),
            Entry("/admin/export", said("Export"), said("Listings out, as a file.")),
            Entry(
                "/admin/do-not-list",
                said("Do not list"),
                said("People whom no import may list again."),
            ),
        ),
    ),
    Place(
        "/admin/reports",
        said("Reports"),
        (
            Entry(
                "/admin/reports",
                said("Reports"),
                said("What the public says is wrong, or worries them."),
                Role.REVIEWER,
                "reports",
                ("/admin/hide",),
            ),
        ),
    ),
    Place(
        "/admin/directory",
        said("Directory"),
        (
            Entry(
                "/admin/taxonomy",
                said("Words and terms"),
                said("Professions, conditions and credentials, and how people say them."),
                also=("/admin/terms",),
            ),
            Entry(
                "/admin/unknown-words",
                said("Unknown words"),
                said("What people searched for and nobody knew."),
                Role.REVIEWER,
            ),
            Entry("/admin/accounts", said("Accounts"), said("Who can sign in, and may do what.")),
            Entry("/admin/audit", said("Audit"), said("Who did what, and when.")),
            Entry(
                "/admin/health",
                said("Health"),
                said("Search index, mail, backups: is all well?"),
            ),
            Entry("/admin/settings", said("Settings"), said("What is in force, and one rule.")),
        ),
    ),
)


def init(app: Flask) -> None:
    """Give the templates what `staff/_page.html` asks for."""
    app.jinja_env.globals.update(desk_places=desk_places, admin_counts=admin_counts)


def desk_places() -> tuple[Place, ...]:
    """The places with those of their pages that whoever is signed in may open."""
    by = actor()
    own = [
        replace(place, pages=tuple(one for one in place.pages if by.may(one.role)))
        for place in PLACES
    ]
    return tuple(place for place in own if place.pages)


def admin_counts() -> Mapping[str, int]:
    """How much waits: one statement, and only where a page of the admins asks."""
    with runtime().reading() as session:
        return queue.counts(session)


def label(field: str, slug: str) -> str:
    """A term as people read it; the slug itself when it is no term any more."""
    known = runtime().taxonomy
    terms: Mapping[str, Mapping[str, Any]] = {
        "professions": known.professions,
        "conditions": known.conditions,
        "credentials": known.credentials,
        "ages": AGES,
        "access": ACCESS,
        "serves": country_names(),
        "practitioner": PRACTITIONERS,
        "languages": language_names(),
    }
    found = terms.get(field, {}).get(slug, slug)
    return found if isinstance(found, str) else str(found.label)


def waited(since: object) -> str:
    """How long something waits, in words."""
    return str(format_timedelta(runtime().clock() - since, threshold=1.2))  # type: ignore[operator]
