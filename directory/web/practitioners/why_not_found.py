"""How a listing stands: why am I not found, how often was I found, is it there twice?"""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, Response, render_template, request

from directory.edge import actor, for_one, runtime, signed_in
from directory.errors import Invalid, SearchUnavailable
from directory.schemas import read
from directory.schemas.search import SearchSchema
from directory.usecases.listings import duplicates, loading
from directory.usecases.practitioners import why_not_found
from directory.usecases.visitors import tallies
from directory.usecases.visitors.tallies import Totals
from directory.web.formatting.addresses import typed
from directory.web.responses import problems, rendered

blueprint = Blueprint("why_not_found", __name__)
blueprint.after_request(for_one)

WEEKS = 13
MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Week:
    """The totals of seven days that begin on `first`."""

    first: date
    totals: Totals


@blueprint.get("/my/listing/<id:listing_id>/found")
@signed_in
def found(listing_id: int) -> Response:
    """Type a search, see where the listing stands; and how often it was found."""
    here = runtime()
    since = here.today() - timedelta(days=7 * WEEKS - 1)
    with here.reading() as session:
        listing = loading.mine(session, listing_id, by=actor())
        days = tallies.of(session, listing.id, since)
        answer, wrong, resting = None, None, False
        if request.args:
            try:
                wanted = read(SearchSchema(), request.args).but()
                answer = why_not_found.placement(session, here.finder(), listing, wanted)
            except Invalid as error:
                wrong = error
            except SearchUnavailable:
                resting = True
    return rendered(
        "practitioners/found.html",
        wrong,
        listing_id=listing_id,
        answer=answer,
        errors=problems(wrong),
        resting=resting,
        typed=typed(),
        weeks=_weeks(days, since),
        month=_sum(days, here.today() - MONTH + timedelta(days=1)),
        season=_sum(days, since),
    )


@blueprint.get("/my/listing/<id:listing_id>/alike")
@signed_in
def alike(listing_id: int) -> str:
    """Public listings that may be the same person's, as a piece of a page; empty without any."""
    here = runtime()
    with here.reading() as session:
        likely = duplicates.alike(session, listing_id, by=actor(), on=here.today())
    return render_template("practitioners/_alike.html", likely=likely)


def _weeks(days: dict[date, Totals], since: date) -> list[Week]:
    weeks = []
    for number in range(WEEKS):
        first = since + timedelta(days=7 * number)
        within = {day: totals for day, totals in days.items() if day < first + timedelta(days=7)}
        weeks.append(Week(first, _sum(within, first)))
    return weeks


def _sum(days: dict[date, Totals], since: date) -> Totals:
    return sum((totals for day, totals in days.items() if day >= since), Totals())
