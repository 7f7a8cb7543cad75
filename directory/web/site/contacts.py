"""Whom to tell of a weakness: /.well-known/security.txt (RFC 9116)."""

from datetime import datetime, time, timedelta
from urllib.parse import quote

from flask import Blueprint, Response

from directory.edge import public, runtime

blueprint = Blueprint("contacts", __name__)

# The RFC asks for less than a year. By the day, so that the file is the same all day long.
HOLDS = timedelta(days=180)
KEPT = "public, max-age=86400"


@blueprint.get("/.well-known/security.txt")
@public
def security() -> Response:
    """Where to report a weakness of this site, for people who look for them."""
    here = runtime()
    ends = datetime.combine(here.today() + HOLDS, time())
    lines = [
        f"Contact: mailto:{quote(here.config.contact_email, safe='@+')}",
        f"Expires: {ends.isoformat()}Z",
        "Preferred-Languages: en",
    ]
    # The RFC knows no other canonical address than one of https.
    if here.config.base_url.startswith("https://"):
        lines.append(f"Canonical: {here.config.base_url}/.well-known/security.txt")
    body = "".join(f"{line}\n" for line in lines)
    answer = Response(body, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = KEPT
    return answer
