"""Where Flask-Security keeps people: one database session per request.

It is opened when first asked for, and closed with the app context. What Flask-Security's views
and ours under /account/ changed in it is committed once the answer stands (`commit_after`).
No other page may touch it: theirs is the Runtime's transaction, and two writers in one request
would wait for each other.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, cast
from uuid import uuid4

from flask import Flask, Response, current_app, g, has_request_context, request
from flask_security import SQLAlchemySessionUserDatastore
from sqlalchemy import event, insert, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, scoped_session
from sqlalchemy.orm.exc import ObjectDeletedError
from werkzeug.local import LocalProxy

from directory import db
from directory.edge import can_begin_anew, runtime
from directory.errors import Conflict
from directory.models import Role
from directory.said import said
from directory.signin.people import NoRole, PasskeyInUse, SignIn

# In a session whose transaction has written something.
WROTE = "it has written"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Own(Session):
    """Knows whether its transaction has written anything."""


def session() -> Session:
    """The session of this request; one that may write begins as a writer (see `db`)."""
    if "signin_session" not in g:
        reads = has_request_context() and request.method in SAFE
        engine = runtime().engine
        g.signin_session = Own(engine if reads else engine.execution_options(writes=True))
    found: Session = g.signin_session
    return found


@contextmanager
def apart() -> Iterator[None]:
    """For what takes long and needs no database: the request's transaction ends before it, unless
    something was written in it already.

    Raises Conflict when an account that was read before is another afterwards: its password was
    changed, or it is gone.
    """
    opened: Session | None = g.get("signin_session")
    if opened is None or opened.new or opened.dirty or opened.deleted or WROTE in opened.info:
        yield
        return
    held = [one for one in opened.identity_map.values() if isinstance(one, SignIn)]
    known = {one: mark for one in held if (mark := inspect(one).dict.get("fs_uniquifier"))}
    opened.rollback()
    yield
    for one, mark in known.items():
        try:
            same = one.fs_uniquifier == mark
        except ObjectDeletedError:
            same = False
        if not same:
            raise Conflict(said("Your account was changed at this very moment. Please try again."))


def at_last(do: Callable[[], object]) -> None:
    """Do it once the answer stands, just before all is committed: after what takes long."""
    g.setdefault("signin_last", []).append(do)


@event.listens_for(Own, "after_flush")
def _note(session: Session, _: object) -> None:
    session.info[WROTE] = True


@event.listens_for(Own, "do_orm_execute")
def _note_statement(asked: ORMExecuteState) -> None:
    if not asked.is_select:
        asked.session.info[WROTE] = True


@event.listens_for(Own, "after_transaction_end")
def _begin_anew(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(WROTE, None)


class Accounts(SQLAlchemySessionUserDatastore):
    """Flask-Security's door to our accounts."""

    def __init__(self) -> None:
        here = cast(scoped_session[Session], LocalProxy(session))
        super().__init__(here, SignIn, NoRole, PasskeyInUse)

    def create_user(self, **given: Any) -> SignIn:
        """A new practitioner; of all that a form may send, only the address is taken."""
        made = SignIn(**_new(given["email"]))
        session().add(made)
        session().flush()
        return made

    def as_if_created(self) -> None:
        """Write and take back a new account, so that an address that has one costs what a new
        one costs."""
        connection = session().connection()
        with connection.begin_nested() as attempt:
            connection.execute(insert(SignIn), _new(f"{uuid4().hex}@ghost.invalid"))
            attempt.rollback()

    def create_webauthn(self, user: Any, **given: Any) -> None:  # type: ignore[override]
        """Keep a new passkey, with the day it was made."""
        super().create_webauthn(user, create_datetime=runtime().clock(), **given)

    def commit(self) -> None:
        """Nothing yet: Flask-Security asks for it also when a view failed; see `commit_after`."""

    def mf_delete_recovery_code(self, user: Any, idx: int) -> bool:
        """Strike a recovery code off; a new list, so that the change is seen."""
        kept = list(user.mf_recovery_codes or ())
        user.mf_recovery_codes = kept[:idx] + kept[idx + 1 :]
        return True

    def tf_reset(self, user: Any) -> None:
        """Ask for no code any more; recovery codes stay for whoever has a passkey."""
        user.tf_primary_method = user.tf_totp_secret = None
        if not user.webauthn:
            user.mf_recovery_codes = None

    def delete_webauthn(self, webauthn: Any) -> None:
        """Drop a passkey; with the last factor its recovery codes go, too."""
        user: Any = self.find_user_from_webauthn(webauthn)
        super().delete_webauthn(webauthn)
        session().flush()
        session().refresh(user)
        if not (user.webauthn or user.tf_primary_method):
            user.mf_recovery_codes = None


def _new(email: str) -> dict[str, Any]:
    return {
        "email": email,
        "role": Role.PRACTITIONER,
        "active": True,
        "created_at": runtime().clock(),
        "fs_uniquifier": uuid4().hex,
        "fs_webauthn_user_handle": uuid4().hex,
    }


def commit_after(response: Response) -> Response:
    """Keep what a request under /account/ changed, unless it failed."""
    if "signin_session" in g and request.method not in SAFE and response.status_code < 400:
        try:
            for do in g.pop("signin_last", ()):
                do()
            session().commit()
        except DBAPIError as error:
            session().rollback()
            return current_app.make_response(current_app.handle_user_exception(error))
    return response


def repeated(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer once more from the start when a transaction lost a race: of two who sign up with one
    address at once, the second is told what is told of an address that is known."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        return db.repeated(lambda: view(*args, **kwargs), safe=_can_begin_anew)

    return answer


def _can_begin_anew() -> bool:
    if not can_begin_anew():
        return False
    g.pop("signin_last", None)
    session().rollback()
    return True


def init(app: Flask) -> None:
    """Commit before the answer goes out; close with the app context."""
    app.after_request(commit_after)

    @app.teardown_appcontext
    def close(_: BaseException | None) -> None:
        if opened := g.pop("signin_session", None):
            opened.close()
