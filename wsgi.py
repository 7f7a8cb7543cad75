"""The door for gunicorn and the flask command."""

from directory import cli

application = app = cli.site()
