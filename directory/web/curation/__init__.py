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
from directory.web.curation.one_listing import desk, for_owner, handing_over

BLUEPRINTS = (
    desk.blueprint,
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
