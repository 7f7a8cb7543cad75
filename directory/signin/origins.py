"""Forms from elsewhere are refused: by their token, and by what the browser says of their origin.

Flask-WTF would look at the Referer, which our own policy (no-referrer) keeps browsers from
sending; for the same reason they send `Origin: null` with our own forms. So: Sec-Fetch-Site must
not name another site, and an Origin that is named must be ours.
"""

from urllib.parse import urlsplit

from flask import Flask, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from directory.edge import runtime
from directory.signin.store import SAFE

OURS = frozenset({"same-origin", "none"})
# Asked from pages of others, too: it changes nothing and reads no cookie.
FOR_ALL = frozenset({"api.search_by_body"})


def init(app: Flask) -> None:
    """Ask a token of every request that may change something."""
    app.config.update(
        # A form may stay open as long as its owner is signed in.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.before_request(refuse_foreign)
    CSRFProtect(app)


def refuse_foreign() -> None:
    """Raise CSRFError for a form that another site sent."""
    if request.method in SAFE or not request.endpoint or request.endpoint in FOR_ALL:
        return
    site = request.headers.get("Sec-Fetch-Site", "none")
    origin = request.headers.get("Origin", "null")
    if site not in OURS or (origin != "null" and not _is_ours(origin)):
        raise CSRFError("The form was sent by another site.")


def _is_ours(origin: str) -> bool:
    known = (runtime().config.base_url, request.host_url)
    return origin in {"{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in known}
