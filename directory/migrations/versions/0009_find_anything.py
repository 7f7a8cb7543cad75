"""By what the staff find a listing, and an account: words, addresses, numbers as they are compared.

The worker fills it for the versions that are there, and for what older code goes on writing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # How a word begins is looked up in the order of its letters' numbers.
    word = sa.String(254).with_variant(sa.String(254, collation="C"), "postgresql")
    op.create_table(
        "handle",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("word", word, nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["revision.id"],
            name="fk_handle_revision_id_revision",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("revision_id", "word", name="pk_handle"),
    )
    op.create_index("ix_handle_word", "handle", ["word", "kind", "revision_id"])
    # SQLite adds none that is stored to a table that is there; an index of it is stored anyway.
    stored = op.get_bind().dialect.name == "postgresql"
    key = sa.Column("email_key", word, sa.Computed("lower(email)", persisted=stored))
    op.add_column("account", key)
    op.create_index("ix_account_email_key", "account", ["email_key"])
