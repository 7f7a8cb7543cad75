"""Run by Alembic: on the connection it was given, or on the database of the settings."""

from alembic import context
from sqlalchemy import Connection

# `models` and `tables` fill Base.metadata.
from directory import models  # noqa: F401
from directory.config import Config
from directory.db import Base, make_engine
from directory.places import tables  # noqa: F401


def migrate(connection: Connection) -> None:
    """Run the migrations that were asked for. SQLite rebuilds a table that it cannot alter."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        user_module_prefix="types.",
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with make_engine(Config.from_env().database_url).begin() as own:
        migrate(own)
