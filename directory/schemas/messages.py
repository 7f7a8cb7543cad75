"""What is said of a wrong value where its field has no words of its own.

marshmallow has English sentences for this, in a programmer's words. Here are ours, in their
place; `spoken` finds them again in what marshmallow tells, so that they can be translated.
"""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from directory.said import Said, said

MISSING = said("This is missing.")
UNREADABLE = said("This cannot be read.")
UNUSABLE = said("This cannot be used.")
ONE_OF = said("Choose one of: %(choices)s.")
NO_EMAIL = said("This is no e-mail address.")
NO_URL = said("This is no web address.")

# By kind of field, which hand theirs down: marshmallow's own names of what can be wrong.
OF_FIELDS: Mapping[type[fields.Field[Any]], Mapping[str, Said]] = {
    fields.Field: {"required": MISSING, "null": MISSING, "validator_failed": UNUSABLE},
    fields.String: {
        "invalid": said("Write this as words."),
        "invalid_utf8": said("Write this as words."),
    },
    fields.Number: {
        "invalid": said("Write a number."),
        "too_large": said("This number is too large."),
    },
    fields.Integer: {"invalid": said("Write a whole number.")},
    fields.Float: {"special": said("Write a number.")},
    fields.Decimal: {"special": said("Write a number.")},
    fields.Boolean: {"invalid": said("Say yes or no.")},
    fields.List: {"invalid": said("Write this as a list.")},
    fields.Tuple: {"invalid": said("Write this as a list.")},
    fields.Mapping: {"invalid": UNREADABLE},
    fields.Nested: {"type": UNREADABLE},
    fields.Enum: {"unknown": ONE_OF},
    fields.Date: {"invalid": said("Write a day, such as 2026-11-30.")},
    fields.DateTime: {"invalid": said("Write a day and a time, such as 2026-11-30 09:30.")},
    fields.Time: {"invalid": said("Write a time, such as 09:30.")},
    fields.TimeDelta: {"invalid": said("Write a number.")},
    fields.UUID: {"invalid_uuid": UNREADABLE},
    fields.Email: {"invalid": NO_EMAIL},
    fields.Url: {"invalid": NO_URL},
}
# By kind of check, and the name that marshmallow gives each of its sentences.
OF_CHECKS: Mapping[type[validate.Validator], Mapping[str, Said]] = {
    validate.Length: {
        "message_min": said("This is too short: at least %(min)s."),
        "message_max": said("This is too long: at most %(max)s."),
        "message_all": said("This is too short or too long: from %(min)s to %(max)s."),
        "message_equal": said("This is too short or too long: exactly %(equal)s."),
    },
    validate.Range: {
        "message_min": said("At least %(min)s."),
        "message_max": said("At most %(max)s."),
        "message_all": said("From %(min)s to %(max)s."),
    },
    validate.OneOf: {"default_message": ONE_OF},
    validate.ContainsOnly: {"default_message": ONE_OF},
    validate.NoneOf: {"default_message": UNUSABLE},
    validate.ContainsNoneOf: {"default_message": UNUSABLE},
    validate.Equal: {"default_message": UNUSABLE},
    validate.Predicate: {"default_message": UNUSABLE},
    validate.Regexp: {"default_message": UNUSABLE},
    validate.Email: {"default_message": NO_EMAIL},
    validate.URL: {"default_message": NO_URL},
}
# Of a form as a whole: for `Schema.error_messages`.
OF_FORMS = {"type": UNREADABLE.text, "unknown": "We do not know this."}

_PLACE = re.compile(r"%\((\w+)\)s")


def _braced(sentence: Said, *, twice: bool = False) -> str:
    """It as marshmallow fills in values; Range fills in its operators first."""
    return _PLACE.sub(r"{{\1}}" if twice else r"{\1}", sentence.text)


def _pattern(sentence: Said) -> re.Pattern[str]:
    words = re.split(_PLACE, sentence.text)
    parts = [f"(?P<{part}>.*)" if n % 2 else re.escape(part) for n, part in enumerate(words)]
    return re.compile("".join(parts), re.DOTALL)


_SAID = {
    sentence.text: (_pattern(sentence), sentence)
    for messages in (*OF_FIELDS.values(), *OF_CHECKS.values())
    for sentence in messages.values()
} | {text: (re.compile(re.escape(text)), said(text)) for text in OF_FORMS.values()}


def speak() -> None:
    """Put our words in the place of marshmallow's, for every schema there is."""
    for kind, messages in OF_FIELDS.items():
        words = {name: _braced(sentence) for name, sentence in messages.items()}
        kind.default_error_messages = {**kind.__dict__.get("default_error_messages", {}), **words}
    for check, messages in OF_CHECKS.items():
        for name, sentence in messages.items():
            setattr(check, name, _braced(sentence, twice=check is validate.Range))


def spoken(message: str) -> str | Said:
    """One of the sentences above apart from its values; anything else as it is."""
    for pattern, sentence in _SAID.values():
        if found := pattern.fullmatch(message):
            return Said(sentence.text, found.groupdict())
    return message
