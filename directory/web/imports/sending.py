"""Rosters in and listings out: upload, columns, dry run, what became of each row, undo, export."""

from collections.abc import Sequence

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, admin, runtime
from directory.errors import Invalid
from directory.files import roster, roster_columns
from directory.models import Taxonomy
from directory.said import said
from directory.schemas import read, sent
from directory.schemas.imports import OUTCOMES
from directory.schemas.kinds import PagedSchema
from directory.usecases.imports import runs
from directory.usecases.imports.rows import Row
from directory.usecases.imports.uploads import MOST_BYTES, Uploads
from directory.web.responses import problems, rendered, see

blueprint = Blueprint("sending", __name__, url_prefix="/admin")

# The file, and the rest of its form.
MOST_SENT = MOST_BYTES + 1_000_000
# A file has a column more than this only by mistake.
MOST_COLUMNS = 200


@blueprint.url_value_preprocessor
def allow_files(endpoint: str | None, values: dict[str, object] | None) -> None:
    """Let this one form be large; it must be said before anybody looks into what was sent."""
    if endpoint == "sending.upload":
        request.max_content_length = MOST_SENT


@blueprint.get("/imports")
@admin
def imports() -> Response:
    """What was imported, and a form for more."""
    return _imports()


@blueprint.post("/imports")
@admin
def upload() -> AnyResponse:
    """Keep the file that was sent; its columns come next."""
    try:
        content = sent(request.files, "file", said("Choose a file first."))
        if len(content) > MOST_BYTES:
            raise _too_large()
        if len(roster.head(content).columns) > MOST_COLUMNS:
            raise Invalid({"file": [said("This file has too many columns to be a roster.")]})
    except Invalid as error:
        return _imports(error)
    name = request.files["file"].filename or "roster.csv"
    token = _uploads().keep(content, roster.shown(name))
    return see(url_for(".columns", token=token))


@blueprint.errorhandler(RequestEntityTooLarge)
def refuse_large(_error: RequestEntityTooLarge) -> AnyResponse:
    """More was sent than a roster may have: say so on the page, not instead of it."""
    return _told_too_large()


@admin
def _told_too_large() -> AnyResponse:
    return _imports(_too_large(), RequestEntityTooLarge.code)


@blueprint.get("/imports/new/<token>")
@admin
def columns(token: str) -> Response:
    """Which of our columns each of the file's is."""
    head = roster.head(_uploads().content(token))
    return _columns(
        token, _chosen(head) if "c0" in request.args else roster_columns.guess(head.columns)
    )


@blueprint.get("/imports/new/<token>/preview")
@admin
def preview(token: str) -> AnyResponse:
    """What the import would do; nothing is written."""
    here, chosen = runtime(), _chosen(roster.head(_uploads().content(token)))
    try:
        rows, notes = _rows(token, chosen)
    except Invalid as error:
        return _columns(token, chosen, error)
    with here.reading() as session:
        report = runs.foresee(
            session,
            rows,
            gazetteer=here.gazetteer,
            approve=_at_once(),
            at=here.clock(),
            key=here.config.key,
        )
    return rendered(
        "imports/preview.html",
        token_name=token,
        filename=_uploads().filename(token),
        chosen=chosen,
        at_once=_at_once(),
        notes=notes,
        total=len(report.rows),
        totals={outcome.value: number for outcome, number in report.totals.items()},
        first=report.rows[: runs.PREVIEWED],
        failed=[row for row in report.rows if row.failed][: runs.PREVIEWED],
        most=runs.PREVIEWED,
        outcomes=OUTCOMES,
    )


@blueprint.post("/imports/new/<token>/start")
@admin
def start(token: str) -> AnyResponse:
    """Ask for the import; the worker carries it out, whoever looks at it or not."""
    here, chosen = runtime(), _chosen(roster.head(_uploads().content(token)))
    try:
        rows, _ = _rows(token, chosen)
    except Invalid as error:
        return _columns(token, chosen, error)
    with here.transaction() as session:
        run_id = runs.begin(
            session,
            _uploads().filename(token),
            columns=chosen,
            rows=len(rows),
            approve=_at_once(),
            by=str(actor()),
            at=here.clock(),
        )
        runs.say_begun(session, run_id, by=actor(), at=here.clock())
        _uploads().hand_over(token, run_id)
    return see(url_for("runs.run", run_id=run_id))


@blueprint.post("/imports/new/<token>/discard")
@admin
def discard(token: str) -> AnyResponse:
    """Import nothing of it."""
    _uploads().forget(token)
    return see(url_for(".imports"))


def _uploads() -> Uploads:
    return Uploads(runtime().config.data_dir / "imports")


def _at_once() -> bool:
    return request.values.get("approve") == "1"


def _too_large() -> Invalid:
    most = MOST_BYTES // 1_000_000
    return Invalid({"file": [said("A file may have %(most)s MB. Split it.", most=most)]})


def _chosen(head: roster.Head) -> dict[str, str]:
    """What the form says of each column; anything that is no column of ours is left out."""
    given = {
        column: request.values.get(f"c{number}", "") for number, column in enumerate(head.columns)
    }
    return {
        column: ours if ours in roster_columns.COLUMNS else "" for column, ours in given.items()
    }


def _rows(token: str, chosen: dict[str, str]) -> tuple[Sequence[Row], tuple[str, ...]]:
    with runtime().reading() as session:
        known = Taxonomy.load(session)
    found = roster.read(_uploads().content(token), known, chosen)
    return found.rows, found.notes


def _imports(error: Invalid | None = None, status: int | None = None) -> Response:
    page = read(PagedSchema(), request.args)["page"]
    with runtime().reading() as session:
        found = runs.runs(session, page=page)
    return rendered(
        "imports/imports.html",
        error,
        status=status,
        runs=found,
        page_number=page,
        more=len(found) == runs.PER_PAGE,
        most=MOST_BYTES // 1_000_000,
        errors=problems(error),
    )


def _columns(token: str, chosen: dict[str, str], error: Invalid | None = None) -> Response:
    head = roster.head(_uploads().content(token))
    return rendered(
        "imports/columns.html",
        error,
        token_name=token,
        filename=_uploads().filename(token),
        head=head,
        chosen=chosen,
        ours=roster_columns.ORDER,
        at_once=_at_once(),
        errors=problems(error),
    )
