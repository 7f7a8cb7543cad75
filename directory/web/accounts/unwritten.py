"""The page for a database, or a disk, that cannot be used now: 503, and what was typed comes along.

It is sent again with one press, as from the page for a form that stood open too long.
"""

import errno
import logging

from flask import Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from directory import outages
from directory.edge import for_one, runtime
from directory.errors import DatabaseUnavailable
from directory.web.accounts import refused_forms

# A disk that is full, may not be written, or has failed.
OF_DISKS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})
AGAIN_AFTER = "30"
log = logging.getLogger("stillpoint")


def on_fault(error: outages.Fault) -> Response:
    """What the database says; an error that is ours to mend goes on as it is."""
    try:
        with outages.plainly(runtime().engine):
            raise error
    except DatabaseUnavailable as plain:
        return page(plain)


def on_disk(error: OSError) -> Response:
    """What the disk says; any other error of the system goes on as it is."""
    if error.errno not in OF_DISKS:
        raise error
    return page(error)


def page(reason: Exception) -> Response:
    """Nothing was changed; the log has one line, and no traceback."""
    log.warning("answered 503: %s", reason)
    # A form that came without a token needs none, and no cookie for it.
    tokenless = refused_forms.TOKEN not in request.form
    try:
        told = render_template(
            "accounts/unwritten.html", kept=refused_forms.kept_if_ours(), tokenless=tokenless
        )
    except (outages.Fault, HTTPException):  # not even who is signed in can be read
        told = render_template("accounts/unwritten.html", kept=None)
    response: Response = make_response(told, 503)
    response.headers["Retry-After"] = AGAIN_AFTER
    return for_one(response) if request.endpoint else response
