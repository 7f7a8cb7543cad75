"""The door for gunicorn and the flask command."""

import sys

from directory.app import create_app
from directory.config import Config
from directory.errors import ConfigError

try:
    application = app = create_app(Config.from_env())
except ConfigError as error:
    sys.exit(f"stillpoint: {error}")
