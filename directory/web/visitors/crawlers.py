"""What search engines may keep, and what they should leave alone."""

from typing import Any

from flask import Blueprint, Response, url_for

from directory.edge import public, runtime
from directory.errors import NotFound
from directory.usecases.visitors import looking
from directory.web.responses import rendered

blueprint = Blueprint("crawlers", __name__)

MOST_IN_ONE = 50_000  # https://www.sitemaps.org/protocol.html
PAGES = (
    "visitors.home",
    "about.cst",
    "about.ranking",
    "about.privacy",
    "about.health_data",
    "about.accessibility",
    "about.attribution",
)


@blueprint.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """Every page that search engines may keep; an index of parts when one file cannot hold them."""
    parts = _parts()
    if len(parts) == 1:
        return _xml("sitemap.xml", entries=parts[0])
    base = runtime().config.base_url
    addresses = [base + url_for("crawlers.sitemap_part", part=n) for n in range(1, len(parts) + 1)]
    return _xml("sitemap-index.xml", addresses=addresses)


@blueprint.get("/sitemap-<int:part>.xml")
@public
def sitemap_part(part: int) -> Response:
    """One part, counted from 1."""
    parts = _parts()
    if not 1 <= part <= len(parts):
        raise NotFound("There is no such part of the sitemap.")
    return _xml("sitemap.xml", entries=parts[part - 1])


def _parts() -> list[list[tuple[str, str]]]:
    """(address, day of the last change or "") of every page, in parts that fit."""
    here = runtime()
    base = here.config.base_url
    entries = [(base + url_for(page), "") for page in PAGES]
    with here.reading() as session:
        entries += [
            (base + url_for("visitors.listing", slug=slug), changed)
            for slug, changed in looking.sitemap(session, here.finder())
        ]
    return [entries[i : i + MOST_IN_ONE] for i in range(0, len(entries), MOST_IN_ONE)]


def _xml(template: str, **values: Any) -> Response:
    response = rendered(template, **values)
    response.mimetype = "application/xml"
    return response


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """What search engines should leave alone."""
    response = rendered("robots.txt")
    response.mimetype = "text/plain"
    return response
