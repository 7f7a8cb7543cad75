"""What frames every page of the admins: the way around, and how much waits where."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from flask_babel import format_timedelta

from directory.edge import actor, runtime
from directory.models import ACCESS, AGES, PRACTITIONERS, Role
from directory.models.offers import country_names
from directory.said import Said, said
from directory.usecases.moderation import queue
from directory.usecases.visitors.reading.languages import language_names


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the navigation; `count` names its number in `admin_counts`.

    Pages under its path belong to it, and those under `also`.
    """

    path: str
    label: Said
    role: Role = Role.ADMIN
    count: str = ""
    also: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Whether the page at this path is one of its own."""
        return any(path == one or path.startswith(f"{one}/") for one in (self.path, *self.also))


PAGES = (
    Entry("/admin/queue", said("Queue"), Role.REVIEWER, "queue", ("/admin/review", "/admin/bulk")),
    Entry("/admin/reports", said("Reports"), Role.REVIEWER, "reports", ("/admin/hide",)),
    Entry("/admin/claims", said("Claims"), Role.ADMIN, "claims"),
    Entry("/admin/placing", said("To be placed"), Role.REVIEWER, "placing"),
    Entry("/admin/aging", said("To be confirmed"), Role.REVIEWER),
    Entry("/admin/merge", said("Duplicates")),
    Entry("/admin/listings/new", said("New listing")),
    Entry("/admin/checks/roster", said("Credentials")),
    Entry("/admin/imports", said("Imports")),
    Entry("/admin/export", said("Export")),
    Entry("/admin/do-not-list", said("Do not list")),
    Entry("/admin/taxonomy", said("Words and terms"), also=("/admin/terms",)),
    Entry("/admin/unknown-words", said("Unknown words"), Role.REVIEWER),
    Entry("/admin/accounts", said("Accounts")),
    Entry("/admin/audit", said("Audit")),
    Entry("/admin/health", said("Health")),
    Entry("/admin/settings", said("Settings")),
)


def init(app: Flask) -> None:
    """Give the templates what `staff/_page.html` asks for."""
    app.jinja_env.globals.update(admin_pages=admin_pages, admin_counts=admin_counts)


def admin_pages() -> tuple[Entry, ...]:
    """The pages that there are, and that whoever is signed in may open."""
    there, by = {rule.rule for rule in current_app.url_map.iter_rules()}, actor()
    return tuple(entry for entry in PAGES if entry.path in there and by.may(entry.role))


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
