"""What admins work with: queue, checks, reports, imports, rebuilds, the chain of the audit."""

import hashlib
import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def moment() -> sa.DateTime:
    """An instant with its zone."""
    return sa.DateTime(timezone=True)


def text(name: str, length: int, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=nullable)


def words(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def at(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, moment(), nullable=nullable)


def json_column(name: str) -> sa.Column:
    return sa.Column(name, sa.JSON(), nullable=False)


def key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns or ("id",), name=f"pk_{table}")


def points_to(table: str, name: str, other: str, **kwargs: str) -> sa.ForeignKeyConstraint:
    constraint = f"fk_{table}_{name}_{other}"
    return sa.ForeignKeyConstraint([name], [f"{other}.id"], name=constraint, **kwargs)


def upgrade() -> None:
    op.add_column("listing", text("hidden_for", 400, nullable=True))
    make_queue()
    make_checks_and_reports()
    make_imports()
    make_upkeep()
    chain_audit()


def make_queue() -> None:
    op.create_table(
        "waiting",
        number("listing_id"),
        number("revision_id"),
        at("since"),
        number("risk"),
        json_column("reasons"),
        points_to("waiting", "listing_id", "listing"),
        points_to("waiting", "revision_id", "revision"),
        key("waiting", "listing_id"),
    )
    op.create_index("ix_waiting_risk_since", "waiting", ["risk", "since"])
    op.create_table(
        "reading",
        number("listing_id"),
        number("account_id"),
        at("until"),
        points_to("reading", "listing_id", "listing"),
        points_to("reading", "account_id", "account", ondelete="CASCADE"),
        key("reading", "listing_id"),
    )
    op.create_index("ix_reading_account_id", "reading", ["account_id"])


def make_checks_and_reports() -> None:
    op.create_table(
        "credential_check",
        number("id"),
        number("listing_id"),
        text("credential", 60),
        text("issuer", 120),
        text("method", 40),
        text("checked_by", 254),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        points_to("credential_check", "listing_id", "listing"),
        key("credential_check"),
    )
    op.create_index("ix_credential_check_listing_id", "credential_check", ["listing_id"])
    op.create_table(
        "report",
        number("id"),
        number("listing_id"),
        text("kind", 20),
        words("words"),
        text("reply_to", 254),
        at("made_at"),
        text("state", 20),
        number("taken_by", nullable=True),
        words("answer"),
        at("closed_at", nullable=True),
        points_to("report", "listing_id", "listing"),
        points_to("report", "taken_by", "account"),
        key("report"),
    )
    op.create_index("ix_report_listing_id", "report", ["listing_id"])
    op.create_index("ix_report_state", "report", ["state"])


def make_imports() -> None:
    op.create_table(
        "import_run",
        number("id"),
        text("filename", 200),
        text("started_by", 254),
        at("started_at"),
        at("finished_at", nullable=True),
        at("undone_at", nullable=True),
        json_column("columns"),
        json_column("totals"),
        key("import_run"),
    )
    op.create_table(
        "imported_row",
        number("id"),
        number("run_id"),
        number("line"),
        text("outcome", 20),
        text("name", 200),
        json_column("notes"),
        number("listing_id", nullable=True),
        json_column("before"),
        points_to("imported_row", "run_id", "import_run"),
        points_to("imported_row", "listing_id", "listing"),
        key("imported_row"),
    )
    op.create_index("ix_imported_row_run_line", "imported_row", ["run_id", "line"])
    op.create_index("ix_imported_row_listing_id", "imported_row", ["listing_id"])


def make_upkeep() -> None:
    op.create_table(
        "rebuild_request",
        number("id"),
        text("asked_by", 254),
        at("asked_at"),
        at("started_at", nullable=True),
        at("finished_at", nullable=True),
        number("done"),
        number("total"),
        words("error"),
        key("rebuild_request"),
    )
    op.create_table(
        "index_report",
        number("id"),
        at("at"),
        number("generation"),
        number("listings"),
        number("cursor"),
        json_column("differences"),
        key("index_report"),
    )
    op.create_table(
        "unknown_words",
        text("words", 60),
        number("total"),
        sa.Column("dismissed", sa.Boolean(), nullable=False),
        key("unknown_words", "words"),
    )


def in_utc(at: datetime) -> str:
    """SQLite forgets the zone, which is UTC; PostgreSQL may answer in another."""
    return (at.astimezone(UTC) if at.tzinfo else at).strftime("%Y-%m-%dT%H:%M:%S.%f")


def chain_audit() -> None:
    """Chain the events that are there, oldest first, and remember where the chain ends."""
    op.add_column(
        "audit_event", sa.Column("hash", sa.String(64), nullable=False, server_default="")
    )
    op.create_table(
        "audit_head", number("id"), number("length"), text("hash", 64), key("audit_head")
    )
    # The tables as they are at this step; the models may have moved on.
    event = sa.table(
        "audit_event",
        sa.column("id", sa.Integer),
        sa.column("at", moment()),
        sa.column("actor", sa.String),
        sa.column("action", sa.String),
        sa.column("listing_id", sa.Integer),
        sa.column("detail", sa.JSON),
        sa.column("hash", sa.String),
    )
    head = sa.table("audit_head", sa.column("id"), sa.column("length"), sa.column("hash"))
    connection = op.get_bind()
    previous, length = "", 0
    for row in connection.execute(sa.select(event).order_by(event.c.id)).all():
        said = [in_utc(row.at), row.actor, row.action, row.listing_id]
        content = json.dumps([previous, *said, row.detail], sort_keys=True, ensure_ascii=True)
        previous = hashlib.sha256(content.encode()).hexdigest()
        length += 1
        connection.execute(event.update().where(event.c.id == row.id).values(hash=previous))
    connection.execute(head.insert().values(id=1, length=length, hash=previous))
