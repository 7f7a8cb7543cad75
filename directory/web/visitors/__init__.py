"""Pages for members of the public."""

from directory.web.visitors import asking, crawlers, pages, reporting

BLUEPRINTS = (pages.blueprint, asking.blueprint, crawlers.blueprint, reporting.blueprint)
