"""Accounts that can sign in, and all that keeping a listing needs."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def moment() -> sa.DateTime:
    """An instant with its zone."""
    return sa.DateTime(timezone=True)


def text(name: str, length: int, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=nullable)


def number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def at(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, moment(), nullable=nullable)


def key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns or ("id",), name=f"pk_{table}")


def points_to(table: str, name: str, other: str, **kwargs: str) -> sa.ForeignKeyConstraint:
    constraint = f"fk_{table}_{name}_{other}"
    return sa.ForeignKeyConstraint([name], [f"{other}.id"], name=constraint, **kwargs)


def index(table: str, *names: str, unique: bool = False) -> None:
    for name in names:
        op.create_index(f"ix_{table}_{name}", table, [name], unique=unique)


def upgrade() -> None:
    extend_accounts()
    extend_revisions()
    make_sign_ins()
    make_keeping()
    make_mail()
    make_traces()


def extend_accounts() -> None:
    # Added one by one: SQLite would have to rebuild the table for anything else.
    for column in (
        text("password", 255, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()),
        at("confirmed_at", nullable=True),
        sa.Column("fs_uniquifier", sa.String(64), nullable=False, server_default=""),
        text("fs_webauthn_user_handle", 64, nullable=True),
        text("tf_primary_method", 64, nullable=True),
        text("tf_totp_secret", 255, nullable=True),
        number("tf_last_counter", nullable=True),
        sa.Column("mf_recovery_codes", sa.JSON(), nullable=True),
    ):
        op.add_column("account", column)
    accounts = sa.table("account", sa.column("id"), sa.column("fs_uniquifier"))
    for found in op.get_bind().execute(sa.select(accounts.c.id)).all():
        mine = accounts.update().where(accounts.c.id == found.id)
        op.execute(mine.values(fs_uniquifier=uuid4().hex))
    index("account", "fs_uniquifier", "fs_webauthn_user_handle", unique=True)


def extend_revisions() -> None:
    op.add_column("revision", text("decision", 20, nullable=True))
    op.add_column("revision", sa.Column("decided_on", sa.Date(), nullable=True))
    notes = sa.Column("notes", sa.JSON(), nullable=False, server_default="{}")
    op.add_column("revision", notes)
    # What neither is live nor waits was replaced; of the live ones we know that they were approved.
    op.execute(
        "UPDATE revision SET decision = 'approved'"
        " WHERE id IN (SELECT live_id FROM listing WHERE live_id IS NOT NULL)"
    )
    op.execute(
        "UPDATE revision SET decision = 'replaced' WHERE decision IS NULL AND id NOT IN"
        " (SELECT pending_id FROM listing WHERE pending_id IS NOT NULL)"
    )


def make_sign_ins() -> None:
    op.create_table(
        "passkey",
        number("id"),
        number("user_id"),
        sa.Column("credential_id", sa.LargeBinary(1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        number("sign_count"),
        sa.Column("transports", sa.JSON(), nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        text("device_type", 64),
        text("extensions", 255, nullable=True),
        at("create_datetime"),
        at("lastuse_datetime"),
        text("name", 64),
        text("usage", 64),
        points_to("passkey", "user_id", "account", ondelete="CASCADE"),
        key("passkey"),
        sa.UniqueConstraint("credential_id", name="uq_passkey_credential_id"),
    )
    index("passkey", "user_id")
    op.create_table(
        "signed_in",
        number("id"),
        number("account_id"),
        text("key", 64),
        text("browser", 80),
        at("started_at"),
        at("seen_at"),
        points_to("signed_in", "account_id", "account", ondelete="CASCADE"),
        key("signed_in"),
        sa.UniqueConstraint("key", name="uq_signed_in_key"),
    )
    index("signed_in", "account_id")


def make_keeping() -> None:
    op.create_table(
        "working_copy",
        number("listing_id"),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        number("version"),
        at("saved_at"),
        points_to("working_copy", "listing_id", "listing"),
        key("working_copy", "listing_id"),
    )
    op.create_table(
        "claim",
        number("id"),
        number("listing_id"),
        number("account_id"),
        text("state", 20),
        text("code", 64, nullable=True),
        number("tries"),
        sa.Column("words", sa.Text(), nullable=False),
        at("made_at"),
        at("decided_at", nullable=True),
        points_to("claim", "listing_id", "listing"),
        points_to("claim", "account_id", "account"),
        key("claim"),
    )
    op.create_table(
        "delegate",
        number("id"),
        number("listing_id"),
        text("email", 254),
        number("account_id", nullable=True),
        text("token", 64),
        at("invited_at"),
        at("accepted_at", nullable=True),
        points_to("delegate", "listing_id", "listing"),
        points_to("delegate", "account_id", "account"),
        key("delegate"),
        sa.UniqueConstraint("token", name="uq_delegate_token"),
    )
    op.create_table(
        "consent",
        number("id"),
        number("listing_id"),
        number("account_id", nullable=True),
        text("field_group", 20),
        text("version", 20),
        at("given_at"),
        at("withdrawn_at", nullable=True),
        points_to("consent", "listing_id", "listing"),
        points_to("consent", "account_id", "account"),
        key("consent"),
    )
    for table in ("claim", "delegate", "consent"):
        index(table, "listing_id", "account_id")
    op.create_table(
        "rule",
        text("name", 40),
        sa.Column("value", sa.JSON(), nullable=False),
        at("changed_at"),
        text("changed_by", 254),
        key("rule", "name"),
    )


def make_mail() -> None:
    op.create_table(
        "outgoing_mail",
        number("id"),
        text("event", 200),
        text("kind", 60),
        text("recipient", 254),
        sa.Column("values", sa.JSON(), nullable=False),
        number("account_id", nullable=True),
        number("listing_id", nullable=True),
        at("created_at"),
        at("due_at", nullable=True),
        number("tries"),
        at("sent_at", nullable=True),
        at("dead_at", nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        points_to("outgoing_mail", "account_id", "account"),
        points_to("outgoing_mail", "listing_id", "listing"),
        key("outgoing_mail"),
        sa.UniqueConstraint("event", name="uq_outgoing_mail_event"),
    )
    index("outgoing_mail", "recipient", "due_at", "account_id", "listing_id")


def make_traces() -> None:
    op.create_table(
        "photo",
        text("id", 32),
        number("listing_id"),
        number("width"),
        number("height"),
        at("made_at"),
        points_to("photo", "listing_id", "listing"),
        key("photo"),
    )
    index("photo", "listing_id")
    op.create_table(
        "tally",
        number("listing_id"),
        sa.Column("day", sa.Date(), nullable=False),
        text("what", 10),
        number("total"),
        points_to("tally", "listing_id", "listing"),
        key("tally", "listing_id", "day", "what"),
    )
    op.create_table("tombstone", text("slug_hash", 64), at("at"), key("tombstone", "slug_hash"))
    op.create_table("do_not_list", text("hash", 64), at("at"), key("do_not_list", "hash"))
