"""What Flask-Security and the cookie are told."""

import base64
from datetime import timedelta
from hashlib import sha256
from typing import Any

from directory.config import Config
from directory.signin import sessions

# OWASP: Argon2id with at least 19 MiB, two passes, one lane.
HASHING = {
    "argon2__type": "ID",
    "argon2__memory_cost": 19 * 1024,
    "argon2__time_cost": 2,
    "argon2__parallelism": 1,
}
FRESH = timedelta(minutes=15)


def key(config: Config, purpose: str) -> bytes:
    """A key of its own for a purpose, from the one secret."""
    return sha256(f"{purpose} {config.secret_key}".encode()).digest()


def cookie(config: Config) -> dict[str, Any]:
    """One cookie: bound to the host, out of reach of scripts, gone when the sign-in is."""
    safe = config.base_url.startswith("https")
    return {
        "SESSION_COOKIE_NAME": "__Host-session" if safe else "session",
        "SESSION_COOKIE_SECURE": safe,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": sessions.ABSOLUTE,
        # The table knows how long; a public page sets no cookie.
        "SESSION_REFRESH_EACH_REQUEST": False,
        "SESSION_PROTECTION": None,
    }


def security(config: Config) -> dict[str, Any]:
    """Flask-Security's settings."""
    return {f"SECURITY_{name}": value for name, value in _security(config).items()}


def _security(config: Config) -> dict[str, Any]:
    return {
        **_passwords(),
        **_addresses(),
        **_templates(),
        **_factors(config),
        "BLUEPRINT_NAME": "security",
        "STATIC_FOLDER": None,
        "CLI_USERS_NAME": None,
        "CLI_ROLES_NAME": None,
        "JOIN_USER_ROLES": False,
        "REGISTERABLE": True,
        "CONFIRMABLE": True,
        "RECOVERABLE": True,
        "CHANGEABLE": True,
        "CHANGE_EMAIL": True,
        "RETURN_GENERIC_RESPONSES": True,
        "AUTO_LOGIN_AFTER_CONFIRM": False,
        "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "EMAIL_PLAINTEXT": False,
        "EMAIL_HTML": False,
        "API_ENABLED_METHODS": ["session"],
        "CONFIRM_EMAIL_WITHIN": timedelta(days=2),
        "RESET_PASSWORD_WITHIN": timedelta(hours=1),
        "CHANGE_EMAIL_WITHIN": timedelta(hours=2),
        "FRESHNESS": FRESH,
        "FRESHNESS_GRACE_PERIOD": FRESH,
    }


def _passwords() -> dict[str, Any]:
    return {
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        "DEPRECATED_PASSWORD_SCHEMES": [],
        "PASSWORD_SINGLE_HASH": True,
        "PASSWORD_HASH_PASSLIB_OPTIONS": HASHING,
        "PASSWORD_CONFIRM_REQUIRED": False,
        # Stands inside signed links, where it only has to tell two values apart.
        "HASHING_SCHEMES": ["hex_sha256"],
        "DEPRECATED_HASHING_SCHEMES": [],
    }


def _addresses() -> dict[str, Any]:
    root = "/account"
    return {
        "LOGIN_URL": f"{root}/sign-in",
        "LOGOUT_URL": f"{root}/sign-out",
        "REGISTER_URL": f"{root}/sign-up",
        "RESET_URL": f"{root}/reset",
        "CHANGE_URL": f"{root}/change-password",
        "CHANGE_EMAIL_URL": f"{root}/change-email",
        "CONFIRM_URL": f"{root}/confirm",
        "VERIFY_URL": f"{root}/again",
        "TWO_FACTOR_SETUP_URL": f"{root}/second-factor",
        "TWO_FACTOR_TOKEN_VALIDATION_URL": f"{root}/code",
        "TWO_FACTOR_RESCUE_URL": f"{root}/code-help",
        "TWO_FACTOR_SELECT_URL": f"{root}/code-choice",
        "MULTI_FACTOR_RECOVERY_CODES_URL": f"{root}/recovery-codes",
        "MULTI_FACTOR_RECOVERY_URL": f"{root}/recovery-code",
        "WAN_REGISTER_URL": f"{root}/passkeys",
        "WAN_SIGNIN_URL": f"{root}/passkey",
        "WAN_DELETE_URL": f"{root}/passkey-delete",
        "WAN_VERIFY_URL": f"{root}/passkey-again",
        "POST_LOGIN_VIEW": "/my/listing",
        "POST_LOGOUT_VIEW": "/account/signed-out",
        "POST_REGISTER_VIEW": "/account/check-your-mail",
        "POST_RESET_VIEW": "/account/sign-in",
        "POST_CHANGE_VIEW": "/account/",
        "POST_CHANGE_EMAIL_VIEW": "/account/",
        "POST_VERIFY_VIEW": "/account/",
        "TWO_FACTOR_POST_SETUP_VIEW": "/account/second-factor-done",
        "WAN_POST_REGISTER_VIEW": "/account/second-factor-done",
    }


def _templates() -> dict[str, Any]:
    return {
        f"{name}_TEMPLATE": f"accounts/{file}.html"
        for name, file in {
            "LOGIN_USER": "sign_in",
            "REGISTER_USER": "sign_up",
            "FORGOT_PASSWORD": "forgot",
            "RESET_PASSWORD": "reset",
            "CHANGE_PASSWORD": "change_password",
            "CHANGE_EMAIL": "change_email",
            "SEND_CONFIRMATION": "confirm_again",
            "VERIFY": "again",
            "TWO_FACTOR_SETUP": "second_factor",
            "TWO_FACTOR_VERIFY_CODE": "code",
            "MULTI_FACTOR_RECOVERY_CODES": "recovery_codes",
            "MULTI_FACTOR_RECOVERY": "recovery_code",
            "WAN_REGISTER": "passkeys",
            "WAN_SIGNIN": "passkey",
            "WAN_VERIFY": "passkey_again",
        }.items()
    }


def _factors(config: Config) -> dict[str, Any]:
    fernet = base64.urlsafe_b64encode(key(config, "recovery codes"))
    return {
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_RESCUE_EMAIL": False,
        # One step of 30 seconds on either side forgives a clock that is a little off.
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "TOTP_SECRETS": {"1": key(config, "one-time codes").hex()},
        "TOTP_ISSUER": config.site_name,
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [fernet],
        "WEBAUTHN": True,
        "WAN_RP_NAME": config.site_name,
        "WAN_ALLOW_AS_FIRST_FACTOR": True,
        "WAN_ALLOW_AS_MULTI_FACTOR": True,
        "WAN_ALLOW_USER_HINTS": False,
        "WAN_ALLOW_AS_VERIFY": ["first"],
        "WAN_SIGNIN_WITHIN": timedelta(minutes=5),
    }
