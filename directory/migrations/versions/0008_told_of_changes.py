"""Whoever keeps an index hears of a change with the commit that makes it (PostgreSQL)."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        "CREATE FUNCTION tell_of_index_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_notify('index_change', ''); RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER told AFTER INSERT ON index_change"
        " FOR EACH STATEMENT EXECUTE FUNCTION tell_of_index_change()"
    )
