"""What admins write about a listing, edit for whoever keeps it, and hand over."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def points_to(table: str, name: str, other: str) -> sa.ForeignKeyConstraint:
    constraint = f"fk_{table}_{name}_{other}"
    return sa.ForeignKeyConstraint([name], [f"{other}.id"], name=constraint)


def at(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def upgrade() -> None:
    op.create_table(
        "staff_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("is_sent", sa.Boolean(), nullable=False),
        at("made_at"),
        points_to("staff_note", "listing_id", "listing"),
        points_to("staff_note", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_note"),
    )
    op.create_index("ix_staff_note_listing_id", "staff_note", ["listing_id"])
    op.create_index("ix_staff_note_account_id", "staff_note", ["account_id"])
    op.create_table(
        "staff_copy",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("base_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        at("saved_at"),
        points_to("staff_copy", "listing_id", "listing"),
        points_to("staff_copy", "account_id", "account"),
        points_to("staff_copy", "base_id", "revision"),
        sa.PrimaryKeyConstraint("listing_id", name="pk_staff_copy"),
    )
    op.create_index("ix_staff_copy_account_id", "staff_copy", ["account_id"])
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        at("invited_at"),
        points_to("handover", "listing_id", "listing"),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
        sa.UniqueConstraint("token", name="uq_handover_token"),
    )
    op.create_index("ix_handover_listing_id", "handover", ["listing_id"])
