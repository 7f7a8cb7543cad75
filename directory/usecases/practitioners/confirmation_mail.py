"""The link in a mail that asks "is all still right?": it opens one question, for a while.

Whoever holds it needs no sign-in, so it says what it is good for and nothing else: which
listing, as it was last confirmed, of which owner. Once any of these has moved on, it is
overtaken.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from directory.errors import DirectoryError, NotFound

GOOD_FOR = timedelta(days=60)
SALT = "still-right"


class Overdue(DirectoryError):
    """The link was good once; there is another way for whoever signs in."""

    def __init__(self, listing_id: int) -> None:
        super().__init__("This link has run out.")
        self.listing_id = listing_id


@dataclass(frozen=True, slots=True)
class Question:
    """Is listing `listing_id`, last confirmed on that day, still right?"""

    listing_id: int
    confirmed_on: date
    owner_id: int | None


class _Signer(TimestampSigner):
    """Signs by our clock."""

    def __init__(self, *args: Any, moment: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.moment = moment

    def get_timestamp(self) -> int:
        return self.moment


def sign(question: Question, *, key: str, at: datetime) -> str:
    """The question as a token for an address."""
    confirmed = question.confirmed_on.isoformat()
    return str(_serializer(key, at).dumps([question.listing_id, confirmed, question.owner_id]))


def read(token: str, *, key: str, at: datetime) -> Question:
    """The question of a token. Raises NotFound when we never signed it, Overdue when it ran out."""
    serializer = _serializer(key, at)
    try:
        listing_id, confirmed, owner_id = serializer.loads(token, int(GOOD_FOR.total_seconds()))
    except SignatureExpired as error:
        listing_id = serializer.load_payload(error.payload or b"")[0]
        raise Overdue(listing_id) from None
    except BadData:
        raise NotFound("This link is not whole.") from None
    return Question(listing_id, date.fromisoformat(confirmed), owner_id)


def _serializer(key: str, at: datetime) -> URLSafeTimedSerializer:
    kwargs = {"moment": int(at.timestamp()), "digest_method": hashlib.sha256}
    return URLSafeTimedSerializer(key, SALT, signer=_Signer, signer_kwargs=kwargs)
