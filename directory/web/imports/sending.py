"""Rosters on their way in: the file, and which of its columns is which."""

from dataclasses import dataclass

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import admin, runtime
from directory.errors import Invalid
from directory.files.rosters import reading, tables
from directory.files.rosters.columns import TAKEN
from directory.models import Taxonomy
from directory.said import said
from directory.schemas import read, sent
from directory.schemas.imports import HeaderSchema
from directory.schemas.kinds import PagedSchema
from directory.usecases.imports import remembering, runs
from directory.usecases.imports.remembering import Remembered
from directory.usecases.imports.uploads import MOST_BYTES, Sent, Uploads
from directory.web.responses import problems, rendered, see

blueprint = Blueprint("sending", __name__, url_prefix="/admin")

# The file, and the rest of its form.
MOST_SENT = MOST_BYTES + 1_000_000


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was sent, what is known of it, and what its columns are called."""

    content: bytes
    sent: Sent
    head: reading.Head
    known: Taxonomy

    def chosen(self) -> dict[str, str]:
        """What the form says of each column; anything that is no column of ours is left out."""
        given = {
            column: request.values.get(f"c{number}", "")
            for number, column in enumerate(self.head.columns)
        }
        return {column: ours if ours in TAKEN else "" for column, ours in given.items()}

    def read(self, chosen: dict[str, str]) -> reading.Roster:
        """Its rows, with the columns that were chosen; raises Invalid when they will not do."""
        return reading.read(
            self.content,
            self.known,
            chosen,
            header=self.sent.header,
            corrections=self.sent.by_value,
        )


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
        reading.head(content, _known())
    except Invalid as error:
        return _imports(error)
    name = request.files["file"].filename or "roster.csv"
    token = uploads().keep(content, tables.shown(name))
    return see(url_for(".columns", token=token))


@blueprint.errorhandler(RequestEntityTooLarge)
def refuse_large(_error: RequestEntityTooLarge) -> AnyResponse:
    """More was sent than a roster may have: say so on the page, not instead of it."""
    return _told_too_large()


@admin
def _told_too_large() -> AnyResponse:
    return _imports(tables.refused_size(), RequestEntityTooLarge.code)


@blueprint.get("/imports/new/<token>")
@admin
def columns(token: str) -> Response:
    """Which of our columns each of the file's is."""
    return choose(token, opened(token))


@blueprint.post("/imports/new/<token>/header")
@admin
def header(token: str) -> AnyResponse:
    """Another line names the columns."""
    uploads().choose_header(token, read(HeaderSchema(), request.form)["line"])
    return see(url_for(".columns", token=token))


@blueprint.post("/imports/new/<token>/discard")
@admin
def discard(token: str) -> AnyResponse:
    """Import nothing of it."""
    uploads().forget(token)
    return see(url_for(".imports"))


def uploads() -> Uploads:
    """Where files wait for their import."""
    return Uploads(runtime().config.data_dir / "imports")


def opened(token: str) -> Opened:
    """A file that was sent; raises NotFound when it is here no more."""
    content, about, known = uploads().content(token), uploads().sent(token), _known()
    return Opened(content, about, reading.head(content, known, header=about.header), known)


def at_once() -> bool:
    """Whether what comes in is public at once, as the form says."""
    return request.values.get("approve") == "1"


def choose(
    token: str, file: Opened, chosen: dict[str, str] | None = None, error: Invalid | None = None
) -> Response:
    """The page where columns are chosen: as the form says, as last time, or as they seem to be."""
    before: Remembered | None = None
    if chosen is None:
        chosen = file.chosen() if "c0" in request.args else dict(file.head.guessed or {})
        if "c0" not in request.args:
            with runtime().reading() as session:
                before = remembering.remembered(session, file.head.columns)
    if before:
        chosen |= {name: before.columns[name] for name in chosen if name in before.columns}
    return rendered(
        "imports/columns.html",
        error,
        token_name=token,
        filename=file.sent.filename,
        head=file.head,
        chosen=chosen,
        before=before,
        ours=TAKEN,
        at_once=at_once(),
        errors=problems(error),
    )


def _known() -> Taxonomy:
    with runtime().reading() as session:
        return Taxonomy.load(session)


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
