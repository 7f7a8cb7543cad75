"""Queued mail as letters: templates `email/<kind>.txt` and `.html` filled with its values.

The text begins with `Subject: …`, then a blank line. A template may ask `{% if notes %}` of a
value that nobody gave; writing one is an error, for a mail with a hole in it helps nobody.
"""

from flask import Flask
from flask_babel import get_locale
from jinja2 import Environment, Undefined
from jinja2.exceptions import TemplateNotFound, UndefinedError

from directory.edge import Runtime
from directory.mail import Letter, message_id, named, one_line
from directory.usecases.mailing.delivery import Claimed, Render

SUBJECT = "Subject:"


class _Missing(Undefined):
    """A value that nobody gave: it may be asked for, and not written."""

    __slots__ = ()

    def __str__(self) -> str:
        raise UndefinedError(self._undefined_message)


def renderer(app: Flask) -> Render:
    """Makes letters of what is queued; to be called within the app's context."""
    here: Runtime = app.extensions["stillpoint"]
    html = app.jinja_env.overlay(undefined=_Missing)
    text = app.jinja_env.overlay(undefined=_Missing, autoescape=False)

    def render(claimed: Claimed) -> Letter:
        values = {**claimed.values, **_of_the_site(here)}
        subject, body = _text(text, claimed.kind, values)
        framed = text.get_template("email/_layout.txt").render(values, body=body)
        page = html.get_template(f"email/{claimed.kind}.html").render(values, subject=subject)
        return Letter(
            to=claimed.recipient,
            subject=subject,
            text=framed,
            html=page,
            message_id=message_id(here.config, named(claimed.id, claimed.event)),
            sender=(here.config.site_name, here.config.contact_email),
        )

    return render


def _of_the_site(here: Runtime) -> dict[str, str]:
    locale = get_locale()
    return {
        "site_name": here.config.site_name,
        "base_url": here.config.base_url,
        "contact_email": here.config.contact_email,
        "locale_tag": str(locale).replace("_", "-") if locale else "en",
        "text_direction": str(locale.text_direction) if locale else "ltr",
    }


def _text(env: Environment, kind: str, values: dict[str, str]) -> tuple[str, str]:
    """Subject and body; no value can end the subject and begin the body."""
    name = f"email/{kind}.txt"
    if env.loader is None:
        raise TemplateNotFound(name)
    source = env.loader.get_source(env, name)[0]
    first, _, rest = source.partition("\n")
    if not first.startswith(SUBJECT):
        raise ValueError(f"{name} does not begin with {SUBJECT!r}")
    flat = {key: one_line(value) for key, value in values.items()}
    subject = env.from_string(first.removeprefix(SUBJECT)).render(flat).strip()
    return subject, env.from_string(rest).render(values).strip()
