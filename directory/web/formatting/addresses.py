"""What was typed into the boxes of a search, and its address."""

from flask import request

BOX = ("q", "near", "lat", "lon")


def typed() -> dict[str, str]:
    """The search box as the visitor filled it, right or wrong."""
    return {name: request.args.get(name, "")[:200] for name in BOX}
