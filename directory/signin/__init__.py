"""Signing in: Flask-Security on our tables, with our cookie, limits, mails and words.

Its views live at /account/… under the blueprint `security`; `directory.web.accounts.sign_in` adds pages.
"""

from typing import Any

import flask_login
from flask import Flask, Request, abort, current_app, flash, redirect, request, url_for
from flask_security import (
    Security,
    change_email_confirmed,
    change_email_instructions_sent,
    tf_disabled,
    tf_profile_changed,
    user_not_registered,
    wan_deleted,
    wan_registered,
)
from werkzeug.wrappers import Response

from directory.config import Config
from directory.edge import runtime
from directory.signin import (
    factors,
    forms,
    limits,
    mails,
    origins,
    passwords,
    sessions,
    settings,
    store,
    ways,
    words,
)
from directory.signin.hashing import Hashing
from directory.usecases.accounts import roles

# Flask-Security has them all or none: what stands in their place.
INSTEAD = {"two_factor_rescue": lambda: abort(404), "tf_select": factors.either}
# Whoever is signed in; all else of Flask-Security's is for anybody.
SIGNED_IN = frozenset(
    {
        "verify",
        "change_password",
        "change_email",
        "two_factor_setup_validate",
        "mf_recovery_codes",
        "wan_register",
        "wan_register_response",
        "wan_delete",
        "wan_verify",
        "wan_verify_response",
    }
)


def init(app: Flask, config: Config) -> None:
    """Make signing in possible; the Runtime must be there."""
    app.config.update(settings.cookie(config))
    app.config.update(settings.security(config))
    app.config.update(words.messages())
    origins.init(app)
    limits.init(app)
    store.init(app)
    ways.init(app)
    security = _security(app)
    _leave_public_pages_alone(app, security)
    _guard_views(app)
    limits.hold_back(app)
    sessions.init(app)
    _tell_of_changes(app)


def _security(app: Flask) -> Security:
    security = Security(
        app,
        store.Accounts(),
        login_form=forms.SignInForm,
        register_form=forms.SignUpForm,
        forgot_password_form=forms.ForgotForm,
        send_confirmation_form=forms.ConfirmAgainForm,
        reset_password_form=forms.ResetForm,
        change_password_form=forms.NewPasswordForm,
        verify_form=forms.AgainForm,
        change_email_form=forms.NewAddressForm,
        two_factor_verify_code_form=forms.CodeForm,
        mf_recovery_form=forms.RecoveryCodeForm,
        wan_signin_response_form=factors.PasskeyAnswerForm,
        mail_util_cls=mails.Mails,
        password_util_cls=passwords.Passwords,
        totp_cls=factors.OnceOnly,
        webauthn_util_cls=factors.Passkeys,
        mf_recovery_codes_util_cls=factors.RecoveryCodes,
    )
    security.two_factor_plugins.register_tf_impl(app, "webauthn", factors.PasskeyFactor)
    security.pwd_context = Hashing(security.pwd_context)
    app.jinja_env.globals["passkeys_work"] = factors.passkeys_work
    security.datetime_factory = lambda: app.extensions["stillpoint"].clock()  # noqa: PLW0108 - tests set another
    security.want_json(_wants_json)
    security.unauthn_handler(_to_sign_in)
    security.login_manager.unauthorized_handler(_to_sign_in)
    return security


def _wants_json(asked: Request) -> bool:
    """Passkeys are spoken of in JSON; all else is pages."""
    return bool(asked.is_json and (asked.endpoint or "").startswith("security.wan_"))


def _to_sign_in(_mechanisms: object = None, headers: object = None) -> Response:
    """Show the sign-in page, and come back after it; a form that was sent is not repeated."""
    flash(words.WORDS["UNAUTHENTICATED"], "info")
    here = request.full_path.rstrip("?")
    back = here if request.method in store.SAFE else None
    return redirect(url_for("security.login", next=back), 303)


def _leave_public_pages_alone(app: Flask, security: Security) -> None:
    """Nobody is looked up, and no cookie read, before a page asks who is there."""
    security.login_manager.user_loader(sessions.load)
    security.login_manager.request_loader(lambda _request: None)
    before = app.before_request_funcs[None]
    before[:] = [one for one in before if one.__module__ != "flask_principal"]
    after = app.after_request_funcs[None]
    after[:] = [one for one in after if not one.__module__.startswith("flask_login")]
    context = app.template_context_processors[None]
    context[:] = [one for one in context if not one.__module__.startswith("flask_")]
    app.context_processor(lambda: {"current_user": flask_login.current_user})


def _guard_views(app: Flask) -> None:
    """Say of each of Flask-Security's views who may use it, and put ours in place of INSTEAD."""
    for endpoint, view in list(app.view_functions.items()):
        blueprint, _, name = endpoint.partition(".")
        if blueprint == "security":
            kept: Any = INSTEAD.get(name, view)
            if name == "two_factor_setup_validate":
                kept = factors.keeping_the_key(view)
            kept = store.repeated(kept)
            kept.guard = "signed in" if name in SIGNED_IN else "public"
            app.view_functions[endpoint] = kept


def _tell_of_changes(app: Flask) -> None:
    changes = {
        tf_profile_changed: "second-factor-on",
        tf_disabled: "second-factor-off",
        wan_registered: "passkey-added",
        wan_deleted: "passkey-deleted",
    }
    for signal, what in changes.items():

        def tell(_: Flask, user: Any, what: str = what, **__: Any) -> None:
            mails.told(user, what)
            if what in ("second-factor-on", "passkey-added"):
                factors.recovery_codes_made(user)

        signal.connect(tell, app, weak=False)
    change_email_instructions_sent.connect(_tell_of_wish, app)
    user_not_registered.connect(_cost_the_same, app)
    change_email_confirmed.connect(_tell_old_address, app)


def _cost_the_same(_: Flask, **__: Any) -> None:
    """An address that has an account takes as long as a new one."""
    current_app.extensions["security"].datastore.as_if_created()


def _tell_of_wish(_: Flask, user: Any, **__: Any) -> None:
    """Whoever has the address of now can still stop it: their password may be known."""
    mails.told(user, "address-asked")


def _tell_old_address(_: Flask, user: Any, old_email: str, **__: Any) -> None:
    sessions.moved(user)
    roles.note_moved(store.session(), user.id, role=user.role, at=runtime().clock())
    mails.send("account-address-changed", old_email, user, link=mails.absolute("/account/reset"))
