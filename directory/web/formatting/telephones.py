"""Telephone numbers as people read them, and as telephones dial them."""

import phonenumbers


def telephone(number: str, country: str) -> str:
    """A number as it is dialled from anywhere (E.164); just its digits when it is none we know."""
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed and phonenumbers.is_possible_number(parsed):
        return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return "".join(char for char in number if char.isascii() and char.isdigit())
