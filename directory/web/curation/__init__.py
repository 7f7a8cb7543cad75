"""Pages on which admins keep the directory clean."""

from directory.web.curation import (
    audit,
    credentials,
    desk,
    health,
    hiding,
    merging,
    reports,
    settings,
    stale,
    terms,
    unknown_words,
    unplaced,
)
from directory.web.curation.one_listing import desk as listing_desk
from directory.web.curation.one_listing import for_owner, handing_over

BLUEPRINTS = (
    desk.blueprint,
    listing_desk.blueprint,
    for_owner.blueprint,
    handing_over.blueprint,
    reports.blueprint,
    credentials.blueprint,
    merging.blueprint,
    hiding.blueprint,
    stale.blueprint,
    unplaced.blueprint,
    terms.blueprint,
    unknown_words.blueprint,
    audit.blueprint,
    health.blueprint,
    settings.blueprint,
)
