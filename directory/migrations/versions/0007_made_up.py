"""Whether anybody is made up is told by an index of those alone."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_listing_made_up",
        "listing",
        ["id"],
        sqlite_where=sa.text("is_demo = 1"),
        postgresql_where=sa.text("is_demo"),
    )
