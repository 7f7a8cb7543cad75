"""The second factor and passkeys: no code works twice, and a device's own key is welcome.

A passkey opens an account by itself; beside a password it is the second factor.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import flask_login
from flask import current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import MfRecoveryCodesUtil, Totp, UserMixin, WebauthnUtil
from flask_security.utils import check_and_get_token_status, get_message
from flask_security.webauthn import WebAuthnSigninResponseForm, WebAuthnTfPlugin
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from werkzeug.wrappers import Response

from directory import measured
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
        """A code works once; how many are left is told."""
        gone = super().delete_recovery_code(user, typed(code))
        left = len(user.mf_recovery_codes or ())
        flash(
            ngettext(
                "That was a recovery code; %(num)s is left. Make new ones in your account.",
                "That was a recovery code; %(num)s are left. Make new ones in your account.",
                left,
            ),
            "info",
        )
        return gone


KEY_HOLDS_FOR = timedelta(minutes=30)  # as Flask-Security has it
# As many signs as ours have: three times four.
RECOVERY_CODE = re.compile(r"[0-9a-f]{4}(?:-[0-9a-f]{4}){2}")


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


class PasskeyFactor(WebAuthnTfPlugin):
    """Whoever has a passkey shows it after the password: a stolen password opens nothing."""

    def get_setup_methods(self, user: UserMixin) -> list[tuple[str, str]]:
        """The one way there is, when the account has a passkey, whatever it was made for."""
        return [("webauthn", "passkey")] if user.webauthn else []


class PasskeyAnswerForm(WebAuthnSigninResponseForm):
    """What a passkey answered; after a password it must be one of the same account."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether it opens the account."""
        half, self.is_secondary = self.is_secondary, False
        right = super().validate(**kwargs)
        opened: Any = self.user
        if right and half and opened.fs_uniquifier != cookie.get("tf_user_id"):
            self.credential.errors = [_("This passkey belongs to another account.")]
            right = False
        if not right:
            measured.sign_in_failed("passkey")
        return bool(right)


def is_recovery_code(text: str) -> bool:
    """Whether it has the form of one."""
    return bool(RECOVERY_CODE.fullmatch(typed(text)))


def use_recovery_code(user: Any, code: str) -> bool:
    """Whether it is one of theirs; then it is used up, and they are told how many are left."""
    util = current_app.extensions["security"].mf_recovery_codes_util
    if not util.check_recovery_code(user, code):
        return False
    util.delete_recovery_code(user, code)
    return True


def either() -> Response:
    """Who has an app and a passkey is asked for a code, on a page that takes the passkey, too."""
    if "tf_user_id" not in cookie or not cookie.pop("tf_select", False):
        return redirect(url_for("security.login"))
    cookie["tf_state"] = "ready"
    return redirect(url_for("security.two_factor_token_validation", next=request.args.get("next")))


def keeping_the_key(view: Callable[..., Any]) -> Callable[..., Any]:
    """Setting an app up: after a wrong code the same picture stands there, for the app has it."""

    @wraps(view)
    def validated(token: str) -> Any:
        answer = view(token=token)
        state = check_and_get_token_status(token, "tf_setup", KEY_HOLDS_FOR)[2]
        failed = getattr(answer, "location", None) == url_for("security.two_factor_setup")
        if not failed or not state:
            return answer
        cookie.pop("_flashes", None)  # it stands at the box now
        wrong = get_message("TWO_FACTOR_INVALID_TOKEN")[0]
        return render_template(
            "accounts/second_factor.html",
            chosen_method=state["method"],
            state_token=token,
            two_factor_setup_form={"errors": {"code": [wrong]}},
            two_factor_verify_code_form={"code": {"name": "code", "errors": [wrong]}},
            **_to_scan(state["totp_secret"]),
        )

    return validated


def _to_scan(secret: str) -> dict[str, Any]:
    totp = current_app.extensions["security"].totp_factory
    values = totp.fetch_setup_values(secret, flask_login.current_user)
    return {
        "authr_qrcode": values["image"],
        "authr_key": values["key"],
        "authr_username": values["username"],
        "authr_issuer": values["issuer"],
    }


def recovery_codes_made(user: Any) -> None:
    """Whoever switches on a second factor gets recovery codes with it, once."""
    if not user.mf_recovery_codes:
        current_app.extensions["security"].mf_recovery_codes_util.create_recovery_codes(user)


def passkeys_work() -> bool:
    """Whether a passkey can be bound to the address of now: a name, and encrypted or this machine.

    See WebAuthn level 3, section 5.1.2 (effective domain) and "secure contexts".
    """
    host = urlsplit(request.host_url).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return request.is_secure or host == "localhost" or host.endswith(".localhost")
    return False
