"""Where a sign-in may lead: to a page of ours, whatever the address said."""

import re
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request

# A path; neither "//host" nor "/\\host", which browsers take for another site.
LOCAL = re.compile(r"/(?![/\\])[^\s\\]*")


def init(app: Flask) -> None:
    """Look at every redirect of Flask-Security's views."""

    @app.after_request
    def stay_here(response: Response) -> Response:
        if request.blueprint == "security" and response.location:
            response.location = local(response.location)
        return response


def local(wanted: str | None) -> str:
    """The wanted path when it is one of ours, else where people land after signing in."""
    parts = urlsplit(wanted or "")
    if parts.netloc == request.host and "@" not in parts.netloc:
        wanted = parts._replace(scheme="", netloc="").geturl()
    home: str = current_app.config["SECURITY_POST_LOGIN_VIEW"]
    return wanted if wanted and LOCAL.fullmatch(wanted) else home
