"""The second factor and passkeys: no code works twice, and a device's own key is welcome."""

import unicodedata
from typing import Any
from urllib.parse import urlsplit

from flask import request
from flask_security import MfRecoveryCodesUtil, Totp, UserMixin, WebauthnUtil
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from directory.config import LOOPBACK
from directory.edge import runtime


class OnceOnly(Totp):
    """Codes of an authenticator app; one that was used is refused from then on (RFC 6238, 5.2)."""

    def get_last_counter(self, user: Any) -> int | None:
        """The time step of the last code that was taken."""
        counter: int | None = user.tf_last_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Remember it, in the transaction of the sign-in."""
        user.tf_last_counter = tmatch.counter

    def verify_totp(self, token: str, totp_secret: str, user: UserMixin, window: int = 0) -> bool:
        """Whether the code is right now; spaces in it do no harm."""
        digits = "".join(unicodedata.normalize("NFKC", token).split())
        return super().verify_totp(digits, totp_secret, user, window)


class RecoveryCodes(MfRecoveryCodesUtil):
    """Codes for the day when the phone is lost, as people type them."""

    def check_recovery_code(self, user: UserMixin, code: str) -> bool:
        """Whether it is one of them."""
        return super().check_recovery_code(user, typed(code))

    def delete_recovery_code(self, user: UserMixin, code: str) -> bool:
        """A code works once."""
        return super().delete_recovery_code(user, typed(code))


def typed(code: str) -> str:
    """A recovery code the way we wrote it, with or without its dashes, in any case."""
    signs = "".join(sign for sign in code.lower() if sign.isalnum())
    return "-".join(signs[start : start + 4] for start in range(0, len(signs), 4))


class Passkeys(WebauthnUtil):
    """Any passkey will do, above all the one built into the phone or laptop.

    Flask-Security would ask for a separate key, which shuts out Touch ID and Windows Hello.
    """

    def origin(self) -> str:
        """The address that people see; on one's own machine, any name of it."""
        base: str = runtime().config.base_url
        asked = request.host_url.rstrip("/")
        own = urlsplit(base).hostname in LOOPBACK and urlsplit(asked).hostname in LOOPBACK
        return asked if own else base

    def authenticator_selection(
        self, user: UserMixin, _usage: str
    ) -> AuthenticatorSelectionCriteria:
        """Kept on the device and opened by finger, face or PIN: so it is two factors in one."""
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        )

    def user_verification(
        self, user: UserMixin | None, _usage: list[str]
    ) -> UserVerificationRequirement:
        """Finger, face or PIN, each time."""
        return UserVerificationRequirement.REQUIRED
