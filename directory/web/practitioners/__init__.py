"""Pages on which practitioners keep their own listing."""

from directory.web.practitioners import (
    choosing,
    claiming,
    confirming,
    consenting,
    editing,
    helping,
    listing,
    places,
    portraits,
    taking_over,
    why_not_found,
)

BLUEPRINTS = (
    listing.blueprint,
    editing.blueprint,
    places.blueprint,
    choosing.blueprint,
    portraits.blueprint,
    consenting.blueprint,
    helping.blueprint,
    claiming.blueprint,
    taking_over.blueprint,
    confirming.blueprint,
    why_not_found.blueprint,
)
