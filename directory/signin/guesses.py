"""Wrong codes of a second factor, counted by account in the database, wherever they come from.

Whoever types codes knows the password. Ten are free; from then on a wrong one ends the half
sign-in, and each further one makes the next wait longer. Whoever has the password and the device
is not locked out: a browser that was signed in before does not wait for strangers, nor does a
passkey, and a new password by mail shuts out whoever was guessing and ends the pause.
"""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security.tf_plugin import tf_clean_session

from directory import measured
from directory.edge import runtime
from directory.signin import devices, limits, mails, store
from directory.signin.people import SignIn

FREE = 10
LONGEST_PAUSE = timedelta(hours=1)


def tried(form: Any, is_right: Callable[[], bool]) -> bool:
    """Whether the form's code is right, and may be looked at now; the form says if not."""
    user: SignIn = form.user
    # Two who guess at once are looked at one after the other.
    store.session().refresh(user, with_for_update={"key_share": True})
    now = runtime().clock()
    waits = user.tf_paused_until is not None and user.tf_paused_until > now
    if waits and not _may_here(user):
        measured.sign_in_failed("limit")
        form.code.errors = [_wait((user.tf_paused_until or now) - now)]
        return False
    if is_right():
        forget(user)
        return True
    _count(form, user, now)
    return False


def _may_here(user: SignIn) -> bool:
    """Whether this browser is the account's own, and has not guessed too often itself."""
    if not devices.is_known(user):
        return False
    own = limits.of(current_app).limiter
    return own.hit(limits.WRONG_CODES_HERE, "codes here", devices.number())


def forget(user: SignIn) -> None:
    """Begin to count anew."""
    user.tf_failures, user.tf_paused_until = 0, None


def pause_after(failures: int) -> timedelta:
    """How long the next code waits: not at all up to the tenth failure, then twice as long each."""
    if failures <= FREE:
        return timedelta()
    return min(timedelta(minutes=2 ** min(failures - FREE - 1, 10)), LONGEST_PAUSE)


def _count(form: Any, user: SignIn, now: datetime) -> None:
    measured.sign_in_failed("code")
    user.tf_failures += 1
    if user.tf_failures < FREE:
        return
    tf_clean_session()
    if user.tf_failures % FREE == 0:
        mails.told(user, "codes-guessed")
    pause = pause_after(user.tf_failures)
    user.tf_paused_until = now + pause if pause else None
    again = _("Too many wrong codes were typed. Please sign in once more.")
    form.code.errors = [again, _wait(pause)] if pause else [again]


def _wait(pause: timedelta) -> str:
    minutes = math.ceil(pause / timedelta(minutes=1))
    return ngettext(
        "For safety the next code waits for a minute. If somebody else is trying codes,"
        " choose a new password by mail: that ends it at once.",
        "For safety the next code waits for %(num)s minutes. If somebody else is trying codes,"
        " choose a new password by mail: that ends it at once.",
        minutes,
    )
