"""Pages about the site itself: what it is, what went wrong, how it does, whom to tell."""

from directory.web.site import about, contacts, metrics

BLUEPRINTS = (about.blueprint, contacts.blueprint, metrics.blueprint)
