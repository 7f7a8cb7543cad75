"""Write the next migration from what the models and the database of the settings differ in."""

import sys

from alembic import command

from directory.migrations import settings

if __name__ == "__main__":
    command.revision(settings(), " ".join(sys.argv[1:]), autogenerate=True)
