"""Flask-Security's forms, where ours ask for more: a proof, a limit, the same work for all."""

import secrets
from functools import partial
from typing import Any

from flask import current_app, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import (
    ChangeEmailForm,
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    MfRecoveryForm,
    RegisterFormV2,
    ResetPasswordForm,
    SendConfirmationForm,
    TwoFactorVerifyCodeForm,
    hash_password,
)
from flask_security.confirmable import requires_confirmation, send_confirmation_instructions
from flask_security.forms import VerifyForm
from flask_security.recoverable import send_reset_password_instructions
from sqlalchemy import select

from directory import mailboxes, measured
from directory.signin import (
    devices,
    factors,
    guesses,
    limits,
    mails,
    proofs,
    sessions,
    store,
    ways,
)
from directory.signin.people import SignIn

# People do not see it; robots that fill in everything do.
HONEYPOT = "website"
LONGEST_ADDRESS = 254


class SignInForm(LoginForm):
    """Asks for a proof of work when an account fails again and again."""

    needs_proof = False

    def validate(self, **kwargs: Any) -> bool:
        """Whether this is who it says; the same answer for every other case."""
        # What is counted goes by the account, not by how its address was written this time.
        email = mails.known_as(str(self.email.data or ""))
        self.next.data = ways.local(self.next.data)
        limits.count_sign_in(current_app, email)
        if limits.is_besieged(current_app, email) and not devices.is_known(_account(email)):
            measured.sign_in_failed("limit")
            self.form_errors.append(
                _(
                    "Too many wrong passwords were typed for this address. For an hour a password"
                    " opens it only in a browser that it was used in before. Choose a new one by"
                    " mail, and it works at once."
                )
            )
            return False
        if limits.is_under_attack(current_app, email) and not proofs.is_given():
            measured.sign_in_failed("limit")
            self.needs_proof = True
            self.form_errors.append(
                _(
                    "Many people have tried this address today. Please type your password once"
                    " more: your browser will first prove that it is no robot."
                )
            )
            return False
        right = super().validate(**kwargs)
        if right:
            return True
        measured.sign_in_failed("password")
        if limits.count_failure(current_app, email):
            mails.warn(self.user or mails.ghost(email), "passwords-guessed")
        return False


class SignUpForm(RegisterFormV2):
    """Takes an address, nothing else, from who proves some work.

    The password is chosen by whoever opens the link in the mail: one that was typed here might be
    a stranger's. Without JavaScript there is no proof: a few an hour per client may do without.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nobody knows it and nothing keeps it; hashing it costs what it costs for a known address.
        self.password.data = secrets.token_urlsafe(32)

    def validate(self, **kwargs: Any) -> bool:
        """Whether it may be an account; whether the address has one already is not said."""
        right = super().validate(**kwargs)
        if right or self.existing_email_user is not None:
            if request.form.get(HONEYPOT):
                self.form_errors.append(_("Please leave the hidden box empty."))
                return False
            if not proofs.is_given() and not limits.may_without_proof(current_app):
                self.form_errors.append(
                    _(
                        "Too many accounts were made from your connection. Please try again in"
                        " an hour, or in a browser that runs JavaScript."
                    )
                )
                return False
        return right


class ForgotForm(ForgotPasswordForm):
    """Costs the same whether or not somebody has this address."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether a link may be sent."""
        known = super().validate(**kwargs)
        if not _is_address(self):
            return False
        may = _may_mail(self)
        right = known and may
        if right:
            hash_password("as for an unknown address")
        else:  # the view hashes then, and writes nothing
            store.at_last(partial(self._write_instead, may))
        return right

    def _write_instead(self, may: bool) -> None:
        if self.user is not None and self.requires_confirmation and may:
            send_confirmation_instructions(self.user)
        else:
            send_reset_password_instructions(mails.ghost(str(self.email.data)))


class ConfirmAgainForm(SendConfirmationForm):
    """Costs the same whether or not this address waits to be confirmed.

    One that was confirmed gets a link to choose a password: perhaps none was chosen yet.
    """

    requires_confirmation = False

    def validate(self, **kwargs: Any) -> bool:
        """Whether a link may be sent."""
        known = super().validate(**kwargs)
        if not _is_address(self):
            return False
        may = _may_mail(self)
        right = known and may
        if not right and may and self.user is not None and self.user.is_active:
            send_reset_password_instructions(self.user)
        elif not right:
            send_confirmation_instructions(mails.ghost(str(self.email.data)))
        return right


class ResetForm(ResetPasswordForm):
    """A new password, typed once: a button shows it."""

    password_confirm = None


class NewPasswordForm(ChangePasswordForm):
    """The password of now and the one to come, each typed once."""

    new_password_confirm = None

    def validate(self, **kwargs: Any) -> bool:
        """Whether the one of now is right, and the other will do."""
        right = bool(super().validate(**kwargs))
        if self.password.errors:
            sessions.wrong_password()
        return right


class NewAddressForm(ChangeEmailForm):
    """A new address; one that somebody asked for and never proved is free."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether a link may be sent there."""
        right = bool(super().validate(**kwargs))
        taken = self.existing_email_user
        if taken is not None and taken.id == current_user.id:
            self.form_errors.append(_("This is the address of your account already."))
            return False
        if taken is not None and requires_confirmation(taken):
            self.existing_email_user = None
            self.email.errors = []
            right = not self.errors
        return right


class CodeForm(TwoFactorVerifyCodeForm):
    """Six digits of an authenticator app; wrong ones at sign-in are counted by account.

    Whoever types a recovery code here, for the phone is lost, is taken at their word.
    """

    def validate(self, **kwargs: Any) -> bool:
        """Whether they are right now."""
        if current_user.is_authenticated:  # who sets an app up has it in hand
            return bool(super().validate(**kwargs))
        if factors.is_recovery_code(str(self.code.data or "")):
            return guesses.tried(self, lambda: factors.use_recovery_code(self.user, self.code.data))
        return guesses.tried(self, lambda: super(CodeForm, self).validate(**kwargs))


class RecoveryCodeForm(MfRecoveryForm):
    """A code for the day when the phone is lost; wrong ones are counted with the others."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether it is one of them."""
        return guesses.tried(self, lambda: super(RecoveryCodeForm, self).validate(**kwargs))


class AgainForm(VerifyForm):
    """The password once more, before something that matters."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether it is the right one; after too many wrong ones this browser is signed out."""
        right = bool(super().validate(**kwargs))
        if not right:
            sessions.wrong_password()
        return right


def _account(email: str) -> SignIn | None:
    address = SignIn.__table__.c.email == email.strip().casefold()
    return store.session().scalar(select(SignIn).where(address))


def _is_address(form: Any) -> bool:
    """Whether mail can go there at all; a slip of the fingers is told, it says nothing of others."""
    if mailboxes.is_one(str(form.email.data or "")):
        return True
    form.form_errors.append(_("This is not an e-mail address, such as name@example.com."))
    return False


def _may_mail(form: Any) -> bool:
    """Too much mail is not sent, and nothing is said of it."""
    if limits.may_mail(current_app, str(form.email.data)):
        return True
    form.email.errors = [*form.email.errors, "too much mail"]
    return False
