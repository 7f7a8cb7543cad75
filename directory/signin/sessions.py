"""Where somebody is signed in: the cookie holds a random key, the table its SHA-256.

A cookie without its row opens nothing, so signing out is final everywhere, at once.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import flask_login
import flask_security
from flask import Flask, abort, current_app, flash, redirect, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_security.utils import login_user, set_request_attr
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.edge import runtime
from directory.models import SignedIn
from directory.signin import browsers, devices, guesses, limits, store
from directory.signin.people import SignIn
from directory.usecases.accounts import proving

KEY = "key"
IDLE = timedelta(days=14)
ABSOLUTE = timedelta(days=60)
TOUCH = timedelta(days=1)
# Only here may a signed-in person be changed; see `store`.
OWN = frozenset({"security", "accounts"})
ACCOUNT = SignIn.__table__.c


def init(app: Flask) -> None:
    """Keep the table in step with every sign-in, sign-out and new password."""
    flask_login.user_logged_in.connect(_begin, app)
    flask_login.user_logged_out.connect(_end, app)
    flask_security.password_changed.connect(_end_others, app)
    flask_security.password_reset.connect(_prove, app)
    flask_security.password_reset.connect(_end_others, app)


def load(uniquifier: str) -> SignIn | None:
    """Who the cookie belongs to; None when it opens nothing any more."""
    key = cookie.get(KEY)
    if not key:
        return None
    if request.blueprint in OWN:
        found = _find(store.session(), key, uniquifier)
    else:
        with runtime().reading() as session:
            found = _find(session, key, uniquifier)
            session.expunge_all()
    if found is None:
        return None
    _touch(found[1])
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", cookie.get("fs_paa", 0))
    return found[0]


def open_for(account_id: int) -> Sequence[SignedIn]:
    """Where an account is signed in, last seen first."""
    now = runtime().clock()
    return (
        store.session()
        .scalars(
            select(SignedIn)
            .where(
                SignedIn.account_id == account_id,
                SignedIn.seen_at > now - IDLE,
                SignedIn.started_at > now - ABSOLUTE,
            )
            .order_by(SignedIn.seen_at.desc(), SignedIn.id.desc())
        )
        .all()
    )


def is_here(one: SignedIn) -> bool:
    """Whether it is the browser that asks."""
    return one.key == digest(cookie.get(KEY, ""))


def end_one(account_id: int, signed_in_id: int) -> None:
    """Sign one browser of an account out."""
    mine = SignedIn.account_id == account_id
    store.session().execute(delete(SignedIn).where(SignedIn.id == signed_in_id, mine))


def end_everywhere(user: SignIn) -> None:
    """Sign every browser of an account out, this one too; no old cookie or link works again."""
    user.fs_uniquifier = uuid4().hex
    store.session().execute(delete(SignedIn).where(SignedIn.account_id == user.id))


def wrong_password() -> None:
    """Whoever is signed in typed a wrong password: after ten in an hour this browser is signed out.

    It may be a stranger's who found it open; whoever knows the password signs in again.
    """
    key = digest(cookie.get(KEY, ""))
    if limits.of(current_app).limiter.hit(limits.WRONG_HERE, "wrong here", key):
        return
    gone = delete(SignedIn).where(SignedIn.key == key)
    if request.blueprint in OWN:
        store.session().execute(gone)
        store.session().commit()
    else:
        with runtime().transaction() as session:
            session.execute(gone)
    cookie.clear()
    flash(_("Too many wrong passwords. Please sign in again."), "error")
    abort(redirect(url_for("security.login"), 303))


def moved(user: SignIn) -> None:
    """The account has another address: what was sent to the old one opens nothing any more.

    Every other browser is signed out; this one goes on.
    """
    end_everywhere(user)
    store.session().flush()
    login_user(user, authn_via=["change"])


def digest(key: str) -> str:
    """What the table keeps of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def row(session: Session, account_id: int, key: str, browser: str) -> None:
    """Write down that a browser is signed in."""
    now = runtime().clock()
    session.add(
        SignedIn(
            account_id=account_id, key=digest(key), browser=browser, started_at=now, seen_at=now
        )
    )


def _find(session: Session, key: str, uniquifier: str) -> tuple[SignIn, SignedIn] | None:
    now = runtime().clock()
    found = session.execute(
        select(SignIn, SignedIn)
        .join(SignedIn, SignedIn.account_id == ACCOUNT.id)
        .where(
            ACCOUNT.fs_uniquifier == uniquifier,
            ACCOUNT.active.is_(True),
            ACCOUNT.confirmed_at.is_not(None),
            SignedIn.key == digest(key),
            SignedIn.seen_at > now - IDLE,
            SignedIn.started_at > now - ABSOLUTE,
        )
    ).one_or_none()
    return (found[0], found[1]) if found else None


def _touch(one: SignedIn) -> None:
    """Once a day, and never while this request may hold the database for writing."""
    here = runtime()
    if request.method in store.SAFE and here.clock() - one.seen_at > TOUCH:
        with here.transaction() as session:
            mine = session.get(SignedIn, one.id)
            if mine:
                mine.seen_at = here.clock()


def _begin(_: Flask, user: SignIn, **__: Any) -> None:
    """A new key at every sign-in: one planted before it is worth nothing after."""
    if old := cookie.pop(KEY, None):
        _forget(old)
    for name in ("csrf_token", "_flashes"):
        cookie.pop(name, None)
    cookie[KEY] = key = secrets.token_urlsafe(32)
    cookie.permanent = True
    browser = browsers.name(request.headers.get("User-Agent", ""))
    row(store.session(), user.id, key, browser)
    devices.remember(user)


def _end(_: Flask, **__: Any) -> None:
    if key := cookie.get(KEY):
        _forget(key)
    cookie.clear()


def _prove(_: Flask, user: SignIn, **__: Any) -> None:
    """Whoever has the link reads the mail: all that was in an unproved account but this goes."""
    chosen = user.password
    if proving.prove(store.session(), user.id, at=runtime().clock()):
        user.password = chosen


def _end_others(_: Flask, user: SignIn, **__: Any) -> None:
    """A new password: all other browsers are signed out, and nobody guesses codes any more."""
    guesses.forget(user)
    limits.forget_failures(current_app, user.email)
    session = store.session()
    session.flush()
    here = digest(cookie.get(KEY, ""))
    session.execute(delete(SignedIn).where(SignedIn.account_id == user.id, SignedIn.key != here))


def _forget(key: str) -> None:
    store.session().execute(delete(SignedIn).where(SignedIn.key == digest(key)))
