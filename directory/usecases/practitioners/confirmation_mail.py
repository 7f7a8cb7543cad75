"""The link in a mail that asks "is all still right?": it opens one question, for a while.

Whoever holds it needs no sign-in, so it says what it is good for and nothing else: which
listing, as it was last confirmed, of which owner, sent to which mailbox. Once any of these has
moved on, it is overtaken.
"""

import hashlib
import hmac
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


class Void(NotFound):
    """The link was good once, for a mailbox that is not asked about this listing any more."""

    def __init__(self) -> None:
        super().__init__("This link was sent to another address than the present one.")


@dataclass(frozen=True, slots=True)
class Question:
    """Is listing `listing_id`, last confirmed on that day, still right?

    `mailbox` is the `digest` of the address that is asked.
    """

    listing_id: int
    confirmed_on: date
    owner_id: int | None
    mailbox: str


class _Signer(TimestampSigner):
    """Signs by our clock."""

    def __init__(self, *args: Any, moment: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.moment = moment

    def get_timestamp(self) -> int:
        return self.moment


def digest(address: str, *, key: str) -> str:
    """What a link says of the address it is sent to: nobody can read the address from it."""
    words = f"{SALT} {address.lower()}".encode()
    return hmac.new(key.encode(), words, hashlib.sha256).hexdigest()[:24]


def sign(question: Question, *, key: str, at: datetime) -> str:
    """The question as a token for an address."""
    confirmed = question.confirmed_on.isoformat()
    said = [question.listing_id, confirmed, question.owner_id, question.mailbox]
    return str(_serializer(key, at).dumps(said))


def read(token: str, *, key: str, at: datetime) -> Question:
    """The question of a token. Raises NotFound when we never signed it, Overdue when it ran out.

    Void for one from a version that did not say which mailbox is asked.
    """
    serializer = _serializer(key, at)
    try:
        said = serializer.loads(token, int(GOOD_FOR.total_seconds()))
    except SignatureExpired as error:
        listing_id = serializer.load_payload(error.payload or b"")[0]
        raise Overdue(listing_id) from None
    except BadData:
        raise NotFound("This link is not whole.") from None
    if len(said) != 4:
        raise Void
    listing_id, confirmed, owner_id, mailbox = said
    return Question(listing_id, date.fromisoformat(confirmed), owner_id, mailbox)


def _serializer(key: str, at: datetime) -> URLSafeTimedSerializer:
    kwargs = {"moment": int(at.timestamp()), "digest_method": hashlib.sha256}
    return URLSafeTimedSerializer(key, SALT, signer=_Signer, signer_kwargs=kwargs)
