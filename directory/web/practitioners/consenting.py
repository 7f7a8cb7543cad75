"""What somebody agreed to, and how to take it back."""

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, for_one, runtime, signed_in
from directory.schemas import read
from directory.schemas.practitioners import WithdrawSchema
from directory.usecases.practitioners import consenting, helping
from directory.web.responses import see

blueprint = Blueprint("consenting", __name__)
blueprint.after_request(for_one)


@blueprint.get("/my/listing/<id:listing_id>/consent")
@signed_in
def show(listing_id: int) -> str:
    """What was agreed to, when, and to which wording."""
    with runtime().reading() as session:
        owner = helping.owns(session, listing_id, by=actor())
        given = consenting.given(session, listing_id)
    return render_template(
        "practitioners/consent.html",
        listing_id=listing_id,
        owner=owner,
        groups=consenting.GROUPS,
        given=given,
        who_sees=consenting.WHO_SEES_IT,
        form={"errors": {}},
    )


@blueprint.post("/my/listing/<id:listing_id>/consent")
@signed_in
def withdraw(listing_id: int) -> AnyResponse:
    """Take leave back: the listing is down at once."""
    here = runtime()
    group = read(WithdrawSchema(), request.form)["group"]
    with here.transaction() as session:
        consenting.withdraw(session, listing_id, group, by=actor(), at=here.clock())
    flash(
        _(
            "Your leave is taken back, and your listing is not public. What you wrote is still"
            " here, for you alone; you can send it in again, or erase it."
        ),
        "info",
    )
    return see(url_for(".show", listing_id=listing_id))
