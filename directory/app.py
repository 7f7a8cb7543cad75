"""create_app: the parts meet only here."""

import hashlib
import logging
import re
from collections.abc import Sequence
from functools import cache, partial
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from wsgiref.headers import Headers

import flask_babel
import flask_compress
from flask import Flask, Response
from flask_babel import gettext as _
from markupsafe import Markup
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from directory import logs, outages
from directory.config import LOOPBACK, Config
from directory.db import PAGES, Patience, make_engine
from directory.edge import Runtime
from directory.front.encodings import Refusals
from directory.front.turns import Turns
from directory.places import Gazetteer
from directory.policies import Policies
from directory.search.whoosh_engine import WhooshReader

HERE = Path(__file__).parent
# Within the package when installed, beside it in a checkout.
TEMPLATES = next(
    (found for found in (HERE / "templates", HERE.parent / "templates") if found.is_dir()), HERE
)
YEAR = 365 * 24 * 3600
MINUTES = 5 * 60
VENDOR = "vendor/"
IMPORTED = frozenset({"/static/js/land.js"})
# Load balancers ask these by the machine's own address, or by no name at all.
ASKED_BY_MACHINES = frozenset({"/healthz", "/readyz"})
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?", re.I | re.A)
PORTS = {"http": "80", "https": "443"}

log = logging.getLogger("stillpoint")


def create_app(config: Config, patience: Patience = PAGES) -> Flask:
    """The whole site as one WSGI application."""
    from directory import api, signin, web  # late: a Runtime alone needs no page

    app = Flask(__name__, template_folder=str(TEMPLATES), static_folder=None)
    app.jinja_environment = web.Pages
    app.config.update(
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=1024 * 1024,
        # A page is made for one visitor and sent once: quick beats small.
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=3,
        COMPRESS_LEVEL=5,
        # What fits in one packet arrives no sooner when it is packed.
        COMPRESS_MIN_SIZE=1400,
        COMPRESS_MIMETYPES=[
            "text/html",
            "application/json",
            "application/geo+json",
            "application/problem+json",
            "application/xml",
        ],
    )
    app.extensions["stillpoint"] = make_runtime(config, make_engine(config.database_url, patience))
    flask_babel.Babel(app)
    flask_compress.Compress(app)
    logs.init(app, config)
    policy = _policy(config)
    app.wsgi_app = Turns(app.wsgi_app)  # type: ignore[method-assign]
    _serve_static(app, policy)
    app.wsgi_app = Refusals(app.wsgi_app)  # type: ignore[method-assign]
    _set_headers(app, policy)
    signin.init(app, config)
    # Flask-Security brings its own writer of JSON.
    app.json.sort_keys = False  # type: ignore[attr-defined]
    web.init(app)
    api.init(app)
    _answer_outages(app)
    if config.trusted_proxies:
        app.wsgi_app = _Forwarded(app.wsgi_app, config.trusted_proxies)  # type: ignore[method-assign]
    app.wsgi_app = _Addressed(app, config.base_url)  # type: ignore[method-assign]
    return app


def _answer_outages(app: Flask) -> None:
    """A database or disk that is away, slow or full is said in words, with one line in the log."""

    def answer(error: Any) -> Any:
        told = outages.meaning(error, app.extensions["stillpoint"].engine)
        if told is None:
            raise error
        log.warning("answered 503: %s", told)
        return app.handle_user_exception(told)

    for kind in outages.KINDS:
        app.register_error_handler(kind, answer)


def make_runtime(config: Config, engine: Engine | None = None) -> Runtime:
    """What requests need: one database, one index."""
    engine = engine or make_engine(config.database_url, PAGES)
    return Runtime(
        config=config,
        engine=engine,
        reader=WhooshReader(config.index_dir),
        gazetteer=Gazetteer(engine),
        policies=Policies.named(config.claims_policies),
    )


class _Forwarded:
    """Believes what a proxy of ours forwards, and nobody else's word."""

    def __init__(self, site: Any, proxies: Sequence[str]) -> None:
        self.site, self.behind_proxy = site, ProxyFix(site)
        self.networks = [ip_network(proxy, strict=False) for proxy in proxies]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        try:
            peer = ip_address(environ.get("REMOTE_ADDR", ""))
        except ValueError:
            return self.site(environ, start_response)
        trusted = any(peer in network for network in self.networks)
        return (self.behind_proxy if trusted else self.site)(environ, start_response)


class _Addressed:
    """Answers whoever comes by the site's own name, and nobody else.

    The own names are BASE_URL's and those of this machine's loopback. A page under another name
    would be a stranger's, who could read what it shows (DNS rebinding) or have caches keep it.
    Where BASE_URL is the address of every network (0.0.0.0), people come by a number that we
    cannot know; a number is no name that a stranger could have pointed here.
    """

    def __init__(self, app: Flask, base_url: str) -> None:
        self.app, self.site = app, app.wsgi_app
        parts = urlsplit(base_url)
        self.name = (parts.hostname or "").encode("idna").decode()
        self.ports = {None, PORTS[parts.scheme], str(parts.port or PORTS[parts.scheme])}
        self.everywhere = _is_number(self.name) and ip_address(self.name).is_unspecified

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if environ.get("PATH_INFO") in ASKED_BY_MACHINES or self._is_meant(environ):
            return self.site(environ, start_response)
        with self.app.app_context():
            said = _("This site does not answer at this address.")
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        refusal = Response(f"{said}\n", 421, headers, content_type="text/plain; charset=utf-8")
        return refusal(environ, start_response)

    def _is_meant(self, environ: dict[str, Any]) -> bool:
        # "GET http://host/path" names a host, too, and it is the one that counts (RFC 9112, 3.2.2).
        target = environ.get("RAW_URI", "/")
        named = target.startswith("/") or target == "*" or self.knows(_host_of(target))
        return named and self.knows(environ.get("HTTP_HOST", ""))

    def knows(self, host: str) -> bool:
        """Whether a Host header, with or without a port, is one of our names."""
        found = HOST.fullmatch(host)
        if not found:
            return False
        name, port = found[1].strip("[]").lower(), found[2]
        if name in LOOPBACK or (self.everywhere and _is_number(name)):
            return True
        return name == self.name and port in self.ports


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _host_of(target: str) -> str:
    try:
        return urlsplit(target).netloc
    except ValueError:
        return ""


def _serve_static(app: Flask, policy: Secure) -> None:
    root = HERE / "static"
    built = (root / VENDOR).is_dir()
    if not built:
        log.warning("front-end libraries are missing: no maps and no API page; see README, Install")
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(root),
        prefix="static/",
        max_age=YEAR,
        # Nothing of ours is read by other sites.
        allow_all_origins=False,
        add_headers_function=partial(_add_to_file, policy),
    )

    @app.template_global()
    @cache
    def asset(name: str) -> str:
        """The address of a static file; its `v` changes with its content."""
        if built or not name.startswith(VENDOR):
            digest = hashlib.sha256((root / name).read_bytes()).hexdigest()[:12]
            return f"/static/{name}?v={digest}"
        # Nobody fetched the libraries: the page works as it does without JavaScript.
        return f"/static/{name}"

    @app.template_global()
    def icon(name: str) -> Markup:
        """A drawing of ours, by its name in the one file of them."""
        drawn = Markup('<svg aria-hidden="true"><use href="{}#{}"/></svg>')
        return drawn.format(asset("img/icons.svg"), name)


def _add_to_file(policy: Secure, headers: Headers, path: str, url: str) -> None:
    """A file comes before Flask, so that it has to be told what pages are told.

    A module that others import has no `v` in its address: after a release it must be new.
    """
    for name, value in policy.headers.items():
        headers[name] = value
    if url in IMPORTED:
        headers["Cache-Control"] = f"max-age={MINUTES}, public"


def _policy(config: Config) -> Secure:
    """What browsers are told with everything that we send."""
    csp = (
        ContentSecurityPolicy()
        .default_src("'self'")
        .img_src("'self'", "data:", *_tile_hosts(config.tile_url))
        .object_src("'none'")
        .base_uri("'none'")
        .form_action("'self'")
        .frame_ancestors("'none'")
    )
    return Secure(
        csp=csp,
        # No other site may hold our windows, or draw what we send into its own pages.
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        referrer=ReferrerPolicy().no_referrer(),
        permissions=PermissionsPolicy().geolocation("self").camera().microphone(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
        hsts=StrictTransportSecurity().max_age(YEAR).include_subdomains()
        if config.base_url.startswith("https")
        else None,
    )


def _set_headers(app: Flask, policy: Secure) -> None:
    @app.after_request
    def add_headers(response: Response) -> Response:
        own = response.headers.get("Content-Security-Policy")
        policy.set_headers(response)
        if own:  # stricter than ours, such as a photo's
            response.headers["Content-Security-Policy"] = own
        return response


def _tile_hosts(tile_url: str) -> list[str]:
    """Where map tiles may come from: "https://{s}.tile.example/…" is https://*.tile.example."""
    parts = urlsplit(tile_url)
    return [f"{parts.scheme}://{re.sub('{[^}]*}', '*', parts.netloc)}"] if tile_url else []
