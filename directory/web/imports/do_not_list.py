"""Who wants no listing: add, look, remove."""

from collections.abc import Sequence

from flask import Blueprint, Response, request

from directory.edge import actor, admin, runtime
from directory.errors import Invalid
from directory.said import Said, said
from directory.schemas import read
from directory.schemas.imports import UnlistedSchema
from directory.usecases.imports import do_not_list
from directory.usecases.imports.do_not_list import Listed, Words
from directory.web.responses import problems, rendered

blueprint = Blueprint("do_not_list", __name__, url_prefix="/admin")


@blueprint.get("/do-not-list")
@admin
def unlisted() -> Response:
    """Who wants no listing: add, look, remove."""
    return _unlisted()


@blueprint.post("/do-not-list")
@admin
def change_unlisted() -> Response:
    """Nothing that was typed is kept or stands in an address: the answer is this very page."""
    try:
        given = read(UnlistedSchema(), request.form)
        words, wanted = Words(given["email"], given["name"], given["postcode"]), given["wanted"]
        return _unlisted(_did(words, wanted), () if wanted == "remove" else _listed(words))
    except Invalid as error:
        return _unlisted(error=error)


def _did(words: Words, wanted: str) -> Said:
    here, by = runtime(), actor()
    key, at = here.config.key, here.clock()
    if wanted == "look":
        with here.reading() as session:
            there = do_not_list.is_on(session, words, by=by, key=key)
        return said("They are on the list.") if there else said("They are not on the list.")
    with here.transaction() as session:
        if wanted == "add":
            new = do_not_list.add(session, words, by=by, at=at, key=key)
            return said("They are on the list now.") if new else said("They were on it before.")
        gone = do_not_list.remove(session, words, by=by, at=at, key=key)
    return said("They are off the list.") if gone else said("They were not on the list.")


def _listed(words: Words) -> Sequence[Listed]:
    with runtime().reading() as session:
        return do_not_list.listed(session, words, by=actor())


def _unlisted(
    told: Said | None = None, listed: Sequence[Listed] = (), error: Invalid | None = None
) -> Response:
    with runtime().reading() as session:
        total = do_not_list.total(session)
    names = ("email", "name", "postcode")
    return rendered(
        "imports/do_not_list.html",
        error,
        total=total,
        told=told,
        listed=listed,
        answers={name: request.form.getlist(name) for name in names},
        errors=problems(error),
    )
