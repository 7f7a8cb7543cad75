"""Places of practitioners who work online only are not shown."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "practice_place",
        sa.Column("shown", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
