"""Pages for members of the public."""

from directory.web.visitors import crawlers, pages, reporting

BLUEPRINTS = (pages.blueprint, crawlers.blueprint, reporting.blueprint)
