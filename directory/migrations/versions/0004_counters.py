"""Counters that all workers and machines share, so that a limit holds once."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counter",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_counter"),
    )
    op.create_index("ix_counter_ends", "counter", ["ends"])
