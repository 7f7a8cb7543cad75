"""Where the web meets the directory: the Runtime, the guards, and errors as HTTP."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from time import monotonic
from typing import Any, Protocol, TypeVar

import brotli
import flask_login
from flask import (
    Response,
    after_this_request,
    current_app,
    flash,
    g,
    has_request_context,
    redirect,
    request,
    url_for,
)
from flask import session as cookie
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.config import Config
from directory.db import reading, repeated, writing
from directory.errors import (
    Conflict,
    DatabaseUnavailable,
    DirectoryError,
    Gone,
    Invalid,
    NotFound,
    SearchUnavailable,
)
from directory.models import Actor, Role, Taxonomy
from directory.places import Gazetteer
from directory.policies import Policies
from directory.search.port import Query, Reader
from directory.search.vocabulary import Vocabulary
from directory.usecases.visitors import looking
from directory.usecases.visitors.finder import Finder, Kept
from directory.usecases.visitors.tallies import Tallies
from directory.usecases.visitors.unfound import Unfound

STATUS_OF: dict[type[DirectoryError], int] = {
    NotFound: 404,
    Conflict: 409,
    Gone: 410,
    Invalid: 422,
    SearchUnavailable: 503,
    DatabaseUnavailable: 503,
}
TAXONOMY_HOLDS_FOR = 60.0
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
# Where most live who read a language of one country, or of one far bigger than the others here.
HOMES = {
    "de": "DE",
    "fr": "FR",
    "es": "ES",
    "it": "IT",
    "pt": "PT",
    "nl": "NL",
    "sv": "SE",
    "cs": "CZ",
    "sk": "SK",
    "el": "GR",
    "pl": "PL",
    "da": "DK",
    "nb": "NO",
    "no": "NO",
    "fi": "FI",
    "hu": "HU",
    "ja": "JP",
    "ga": "IE",
    "hr": "HR",
    "ro": "RO",
    "tr": "TR",
}
# In the cookie of whoever signed in with a passkey: something they have and are, or know.
BY_PASSKEY = "passkey"
# In the cookie of an admin who changes a listing for its owner: who, which one, until when.
OPENED = "opened"
OPENED_FOR = timedelta(hours=2)


def now() -> datetime:
    """The present moment; the one clock of the running site."""
    return datetime.now(UTC)


@dataclass
class Runtime:
    """All that a request may need, made once per process by `create_app`."""

    config: Config
    engine: Engine
    reader: Reader
    gazetteer: Gazetteer
    policies: Policies
    clock: Callable[[], datetime] = now
    tallies: Tallies = field(default_factory=Tallies)
    unfound: Unfound = field(default_factory=Unfound)
    kept: Kept = field(default_factory=Kept)
    warming: bool = False  # a server that warms its workers says so
    _words: tuple[float, Taxonomy, Vocabulary] | None = field(default=None, repr=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that looks and never writes."""
        with reading(self.engine) as session:
            yield session

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction: committed as a whole when the block ends well."""
        with writing(self.engine) as session:
            yield session
        if has_request_context():
            g.stands = True

    def finder(self, home: str = "") -> Finder:
        """What the search use-cases need, for this moment and a visitor at `home` in a country."""
        _, taxonomy, vocabulary = self._known()
        return Finder(
            reader=self.reader,
            gazetteer=self.gazetteer,
            taxonomy=taxonomy,
            vocabulary=vocabulary,
            policies=self.policies,
            today=self.today(),
            home=home,
            kept=self.kept,
        )

    def warm(self) -> None:
        """Read in advance what the first visitor would otherwise wait for."""
        with suppress(SearchUnavailable, OSError):
            self.reader.search(Query(day=self.today()))
        self.warm_words()

    def warm_words(self) -> None:
        """Read the field's terms, and the towns that spellings are compared with; what is forked
        later has them, too."""
        if self.gazetteer.is_loaded():
            self.finder()
            self.gazetteer.resolve("Warming upp")

    def today(self) -> date:
        """The day that freshness and rotation go by (UTC)."""
        return self.clock().date()

    @property
    def taxonomy(self) -> Taxonomy:
        """The field's terms, at most a minute old."""
        return self._known()[1]

    @property
    def vocabulary(self) -> Vocabulary:
        """The words that stand for terms, at most a minute old."""
        return self._known()[2]

    def _known(self) -> tuple[float, Taxonomy, Vocabulary]:
        if self._words is None or monotonic() - self._words[0] > TAXONOMY_HOLDS_FOR:
            with self.reading() as session:
                taxonomy = Taxonomy.load(session)
            if self._words and taxonomy.says_the_same(self._words[1]):
                taxonomy = self._words[1]  # what was made with it holds still
            self._words = (monotonic(), taxonomy, looking.vocabulary(taxonomy))
        return self._words


def home_of_browser() -> str:
    """The country that the first of a browser's languages with one names: US for "en-US".

    Where none does, it is where most speak the first: IT for "it", none for "en".
    """
    languages = [one.replace("_", "-").split("-") for one in request.accept_languages.values()]
    for language in languages:
        for part in language[1:]:
            if part == "419":  # Latin America, where most are Mexicans
                return "MX"
            if len(part) == 2 and part.isalpha() and part.isascii():
                return part.upper()
    return HOMES.get(languages[0][0].lower(), "") if languages else ""


def runtime() -> Runtime:
    """The running app's Runtime."""
    here: Runtime = current_app.extensions["stillpoint"]
    return here


def unpacked(packed: bytes, mimetype: str) -> Response:
    """An answer that is kept packed (brotli), for whoever asks: packed still if they take that."""
    if request.accept_encodings["br"]:
        return Response(packed, mimetype=mimetype, headers={"Content-Encoding": "br"})
    return Response(brotli.decompress(packed), mimetype=mimetype)


def is_form() -> bool:
    """Whether what was sent is a form, or nothing at all."""
    # Of a body in chunks nobody knows the length.
    nothing = not request.content_length and "Transfer-Encoding" not in request.headers
    return nothing or request.mimetype in FORMS


def without_session_token(setup: BlueprintSetupState) -> None:
    """Let a blueprint's forms come without the token of a session: `blueprint.record` with this.

    Only for forms that read no cookie, so that there is no session which another site could misuse.
    """
    if protection := setup.app.extensions.get("csrf"):
        protection.exempt(setup.blueprint)


class Verb(Protocol):
    """What a use-case does with one row, such as `writing.pause`."""

    def __call__(self, session: Session, row_id: int, /, *, by: Actor, at: datetime) -> object:
        """Do it, or raise one of our errors."""


View = TypeVar("View", bound=Callable[..., object])


def public(view: View) -> View:
    """Declare that anybody may call this view; a route without a guard fails the house tests."""
    view = _repeated(view)
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def _repeated(view: View) -> View:
    """Answer once more from the start when a transaction lost a race to another one.

    Only while nothing of this request is committed yet: then nobody can tell.
    """

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        g.pop("stands", None)  # that somebody is here was written down before, and stays so
        return repeated(lambda: view(*args, **kwargs), safe=can_begin_anew)

    return answer  # type: ignore[return-value]


def can_begin_anew() -> bool:
    """Whether nothing is committed yet; what was sent is then ready to be read once more."""
    if "stands" in g:
        return False
    for sent in request.files.values():
        sent.seek(0)
    return True


def is_for_somebody() -> bool:
    """Whether the page that was asked for is only for whoever is signed in; reads no cookie."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "guard", "public") != "public"


def signed_in(view: View) -> View:
    """Declare, and see to it, that only somebody who is signed in may call this view.

    Anybody else is shown the sign-in page, and comes back here after it.
    """

    again = _repeated(view)

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not flask_login.current_user.is_authenticated:
            return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return again(*args, **kwargs)

    guarded.guard = "signed in"  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def reviewer(view: View) -> View:
    """Declare, and see to it, that only reviewers and admins may call this view.

    The role is the one of this moment. Without it there is nothing here; with it and without a
    second factor, the page that sets one up. What such a view answers stays out of caches.
    """
    return _for_staff(view, Role.REVIEWER)


def admin(view: View) -> View:
    """Declare, and see to it, that only admins may call this view, as `reviewer` does."""
    return _for_staff(view, Role.ADMIN)


def _for_staff(view: View, role: Role) -> View:
    @signed_in
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        actor().must_be(role)
        if not _came_by_two_factors():
            flash(
                _(
                    "Whoever works here needs a second factor. Set up an authenticator app,"
                    " or add a passkey; if you have one, sign out and sign in with it."
                ),
                "info",
            )
            return redirect(url_for("security.two_factor_setup"), 303)
        after_this_request(for_one)
        return view(*args, **kwargs)

    guarded.guard = role.value  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def _came_by_two_factors() -> bool:
    """A code was asked for, or a passkey was shown in this very sign-in."""
    return bool(flask_login.current_user.tf_primary_method or cookie.get(BY_PASSKEY))


def for_one(response: Response) -> Response:
    """What stands here is for one person and one look: no cache keeps it, no search engine."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def actor() -> Actor:
    """Who is signed in; only to be asked in a view that is `signed_in`, or for staff."""
    user = flask_login.current_user
    return Actor(user.id, user.role, user.email, opened())


def open_for_owner(listing_id: int | None) -> None:
    """From now on this browser's admin changes that listing for its owner; None: no longer."""
    cookie.pop(OPENED, None)
    if listing_id is not None:
        until = (runtime().clock() + OPENED_FOR).timestamp()
        cookie[OPENED] = [flask_login.current_user.id, listing_id, until]


def opened() -> int | None:
    """The listing that whoever is signed in opened for its owner, as an admin and not long ago."""
    user = flask_login.current_user
    if not user.is_authenticated or user.role is not Role.ADMIN or OPENED not in cookie:
        return None
    account_id, listing_id, until = cookie[OPENED]
    holds = account_id == user.id and runtime().clock().timestamp() < until
    return int(listing_id) if holds and _came_by_two_factors() else None


def status_of(error: DirectoryError) -> int:
    """The HTTP status of one of our errors; decided here and nowhere else."""
    return next((s for kind, s in STATUS_OF.items() if isinstance(error, kind)), 500)
