"""What somebody sent and we could not take: it goes into the page that says so, to be sent again.

Only when the browser says that the form stood on a page of ours: else another site could have it
sent by whoever presses.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

MOST = 1024 * 1024
TOKEN = "csrf_token"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True)
class Kept:
    """What was sent: fields in their order, and what has to be given again."""

    address: str
    fields: tuple[tuple[str, str], ...]
    passwords: Mapping[str, str]
    files: tuple[str, ...]
    has_token: bool


def is_ours() -> bool:
    """Whether the browser says that the form stood on a page of this site."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def kept() -> Kept | None:
    """What a form of ours held; None for what is no form, is too much, or could not be read."""
    if not is_ours() or request.is_json or not _is_readable():
        return None
    sent = [(name, value) for name, value in request.form.items(multi=True) if name != TOKEN]
    if sum(len(name.encode()) + len(value.encode()) for name, value in sent) > MOST:
        return None
    return Kept(
        address=request.full_path.rstrip("?"),
        fields=tuple((name, value) for name, value in sent if not _is_password(name)),
        passwords={name: _label(name) for name, _value in sent if _is_password(name)},
        files=tuple(dict.fromkeys(name for name, _file in request.files.items(multi=True))),
        has_token=TOKEN in request.form,
    )


def _is_readable() -> bool:
    """A file that was sent may have had no room on its way; the rest of the form is lost then."""
    try:
        return request.form is not None
    except (OSError, HTTPException):
        return False


def _is_password(name: str) -> bool:
    return "password" in name.lower()


def _label(name: str) -> str:
    return _("New password, once more") if "new" in name.lower() else _("Password, once more")
