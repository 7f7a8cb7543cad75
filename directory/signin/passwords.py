"""Which passwords are refused, and what to choose instead."""

import gzip
import re
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from flask_security import PasswordUtil

from directory.edge import runtime

LEAST = 10
MOST = 200
LIST = Path(__file__).parent / "common_passwords.txt.gz"
LEET = str.maketrans("0134578@$!", "oleastbasi")
ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890")


class Passwords(PasswordUtil):
    """Length counts, and what everybody tries first is refused; there are no rules of signs."""

    def validate(
        self, password: str, is_register: bool, **about: Any
    ) -> tuple[list[str] | None, str]:
        """What is wrong with it in words for a person, if anything, and the password to keep."""
        wanted = self.normalize(password)
        email = about["email"] if is_register else about["user"].email
        wrong = problem(wanted, email or "", runtime().config.site_name)
        return ([wrong] if wrong else None), wanted


def problem(password: str, email: str, site_name: str) -> str | None:
    """Why this password will not do, with advice; None when it will."""
    if len(password) < LEAST:
        return _(
            "Please use at least %(least)s characters. Three or four words that have nothing"
            " to do with each other are easy to remember and hard to guess.",
            least=LEAST,
        )
    if len(password) > MOST:
        return _("Please use at most %(most)s characters.", most=MOST)
    if is_common(password):
        return _(
            "This password is among the first that get tried by people who break in. Please"
            " choose three or four words that have nothing to do with each other."
        )
    if any(word in password.casefold() for word in _names(email, site_name)):
        return _(
            "Please leave your e-mail address and the name of this site out of the password:"
            " they are the first things to be tried."
        )
    if is_monotonous(password):
        return _(
            "This password repeats a character or follows the keyboard. Please choose three or"
            " four words that have nothing to do with each other."
        )
    return None


def is_common(password: str) -> bool:
    """Whether it is a much used password, also with digits at its ends or for its letters."""
    plain = password.casefold()
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    return bool({plain, core, plain.translate(LEET), core.translate(LEET)} & _common())


def is_monotonous(password: str) -> bool:
    """Whether it is few characters over and over, or keys that lie side by side."""
    plain = password.casefold()
    if len(set(plain)) < 4:
        return True
    half = len(plain) // 2
    if any(plain == (plain[:n] * len(plain))[: len(plain)] for n in range(1, half + 1) if n < 6):
        return True
    return any(plain in row * 4 or plain[::-1] in row * 4 for row in ROWS)


def _names(email: str, site_name: str) -> set[str]:
    local, _at, domain = email.casefold().partition("@")
    words = {local, domain.split(".")[0], site_name.casefold(), email.casefold()}
    return {word for word in words if len(word) > 3}


@cache
def _common() -> frozenset[str]:
    with gzip.open(LIST, "rt", encoding="utf-8") as lines:
        return frozenset(line.strip() for line in lines if not line.startswith("#"))
