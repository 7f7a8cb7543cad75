"""Wrong codes of a second factor are counted by account."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "account", sa.Column("tf_failures", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("account", sa.Column("tf_paused_until", sa.DateTime(timezone=True)))
