"""Flask-Security's messages in our words. It translates them itself, when it says them."""


def _(text: str) -> str:
    """Mark a sentence for translation."""
    return text


WORDS = {
    "GENERIC_AUTHN_FAILED": _(
        "That did not match. Please check the e-mail address and the password. If you never"
        " opened the link in our first mail, ask for a new one below."
    ),
    "CONFIRM_REGISTRATION": _("We have sent a mail to %(email)s. Please open the link in it."),
    "CONFIRMATION_REQUEST": _(
        "If %(email)s has an account that waits to be confirmed, a new link is on its way."
    ),
    "PASSWORD_RESET_REQUEST": _(
        "If %(email)s has an account, a link to choose a new password is on its way."
    ),
    "ALREADY_CONFIRMED": _("Your e-mail address was confirmed before. You can sign in."),
    "INVALID_CONFIRMATION_TOKEN": _(
        "This link does not work, or was used before. If you have no password yet, you can ask"
        " for a new link here."
    ),
    "CONFIRMATION_EXPIRED": _("This link is too old. You can ask for a new one here."),
    "INVALID_RESET_PASSWORD_TOKEN": _(
        "This link does not work, or was used before. You can ask for a new one here."
    ),
    "PASSWORD_RESET_EXPIRED": _("This link is too old. You can ask for a new one here."),
    "PASSWORD_RESET_NO_LOGIN": _("Your new password is set. Please sign in with it."),
    "PASSWORD_CHANGE": _("Your password is changed. All other browsers are signed out."),
    "PASSWORD_IS_THE_SAME": _("Please choose a password that is not the one you have now."),
    "PASSWORD_NOT_PROVIDED": _("Please type a password."),
    "INVALID_PASSWORD": _("This is not your password."),
    "EMAIL_NOT_PROVIDED": _("Please type your e-mail address."),
    "INVALID_EMAIL_ADDRESS": _("This is not an e-mail address, such as name@example.com."),
    "CHANGE_EMAIL_SENT": _("We have sent a link to %(email)s. Open it there to finish."),
    "CHANGE_EMAIL_CONFIRMED": _("Your e-mail address is changed."),
    "CHANGE_EMAIL_EXPIRED": _("This link is too old. Please start again."),
    "API_ERROR": _("That did not work. Please start again."),
    "REAUTHENTICATION_REQUIRED": _("Please show once more that it is you."),
    "REAUTHENTICATION_SUCCESSFUL": _("Thank you. You can go on."),
    "UNAUTHENTICATED": _("Please sign in to see this page."),
    "TWO_FACTOR_INVALID_TOKEN": _(
        "This code is not right, or was used before. Please wait for the next one."
    ),
    "TWO_FACTOR_PERMISSION_DENIED": _("Please begin by signing in."),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": _("Your authenticator app is set up."),
    "TWO_FACTOR_DISABLED": _("You will not be asked for a code any more."),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": "",
    "TWO_FACTOR_SETUP_EXPIRED": _("That took too long. Please start again."),
    "INVALID_RECOVERY_CODE": _("This is not one of your recovery codes, or it was used before."),
    "WEBAUTHN_REGISTER_SUCCESSFUL": _("The passkey “%(name)s” is added."),
    "WEBAUTHN_CREDENTIAL_DELETED": _("The passkey “%(name)s” is deleted."),
    "WEBAUTHN_NAME_REQUIRED": _("Please give the passkey a name."),
    "WEBAUTHN_NAME_INUSE": _("You have a passkey named “%(name)s” already."),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": _("This passkey is not known here."),
}

# What is good news, or only news; all else is an error.
GOOD = frozenset(
    {
        "CONFIRM_REGISTRATION",
        "CONFIRMATION_REQUEST",
        "PASSWORD_RESET_REQUEST",
        "ALREADY_CONFIRMED",
        "PASSWORD_RESET_NO_LOGIN",
        "PASSWORD_CHANGE",
        "CHANGE_EMAIL_SENT",
        "CHANGE_EMAIL_CONFIRMED",
        "REAUTHENTICATION_REQUIRED",
        "REAUTHENTICATION_SUCCESSFUL",
        "UNAUTHENTICATED",
        "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL",
        "TWO_FACTOR_DISABLED",
        "TWO_FACTOR_LOGIN_SUCCESSFUL",
        "WEBAUTHN_REGISTER_SUCCESSFUL",
        "WEBAUTHN_CREDENTIAL_DELETED",
    }
)


def messages() -> dict[str, tuple[str, str]]:
    """As Flask-Security wants them: words and kind."""
    return {
        f"SECURITY_MSG_{name}": (text, "info" if name in GOOD else "error")
        for name, text in WORDS.items()
    }
