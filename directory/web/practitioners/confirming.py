"""One tap from a mail: is all still right? No sign-in, for the link itself is the secret.

Mail programs open links ahead of people, so opening changes nothing; the tap is a POST.
No cookie is read or set here, so there is no session that another site could abuse.
"""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import for_one, public, runtime, without_session_token
from directory.schemas import read
from directory.schemas.practitioners import TapSchema
from directory.usecases.practitioners import confirming
from directory.usecases.practitioners.confirmation_mail import Overdue, Void
from directory.web.responses import see

blueprint = Blueprint("confirming", __name__)
blueprint.after_request(for_one)
blueprint.record(without_session_token)  # the one in the address stands for it


@blueprint.get("/still-right/<token>")
@public
def ask(token: str) -> str:
    """The listing as it stands, and what can be said about it."""
    here = runtime()
    with here.reading() as session:
        standing = confirming.asked(session, token, key=here.config.secret_key, at=here.clock())
    return render_template("practitioners/still_right.html", standing=standing, token=token)


@blueprint.post("/still-right/<token>")
@public
def tap(token: str) -> AnyResponse:
    """Do what was tapped; tapping twice has one effect."""
    given = read(TapSchema(), request.form)["answer"]
    here = runtime()
    with here.transaction() as session:
        confirming.answer(session, token, given, key=here.config.secret_key, at=here.clock())
    return see(url_for("confirming.ask", token=token))


@blueprint.errorhandler(Overdue)
def overdue(error: Overdue) -> tuple[str, int]:
    """Too late for the link, and never too late."""
    page = render_template("practitioners/still_right_late.html", listing_id=error.listing_id)
    return page, 410


@blueprint.errorhandler(Void)
def void(_error: Void) -> tuple[str, int]:
    """For somebody else by now: whoever holds the link learns no more than that."""
    return render_template("practitioners/still_right_void.html"), 410
