"""Pages about the site itself: what it is, what went wrong, how it does."""

from directory.web.site import about, metrics

BLUEPRINTS = (about.blueprint, metrics.blueprint)
