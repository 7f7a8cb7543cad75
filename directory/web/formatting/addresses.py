"""What was typed into the boxes of a search; and addresses as a mail has them, in full."""

from flask import request, url_for

from directory.edge import runtime

BOX = ("q", "near", "lat", "lon")


def typed() -> dict[str, str]:
    """The search box as the visitor filled it, right or wrong."""
    return {name: request.args.get(name, "")[:200] for name in BOX}


def home_of(listing_id: int) -> str:
    """Where those who keep a listing find it, for a mail."""
    return runtime().config.base_url + url_for("practitioners.overview", listing_id=listing_id)
