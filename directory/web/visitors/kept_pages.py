"""Pages that are the same for everybody, kept packed for as long as what they are made of holds."""

from collections.abc import Callable, Hashable

import brotli
from flask import Response, request

from directory.edge import runtime

# Packed once for many visitors: small beats quick.
QUALITY = 7


def page(key: Hashable, make: Callable[[], str]) -> Response:
    """The page that is kept under this key, or else what is made now.

    The key holds all that the page depends on, and nothing of who asks for it.
    """
    kept = runtime().kept
    packed: bytes | None = kept.get(key)
    if packed is None:
        packed = brotli.compress(make().encode(), quality=QUALITY)
        kept.put(key, packed)
    response = Response(packed, content_type="text/html; charset=utf-8")
    if request.accept_encodings["br"]:
        response.headers["Content-Encoding"] = "br"
    else:
        response.set_data(brotli.decompress(packed))
    return response
