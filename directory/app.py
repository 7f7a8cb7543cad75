"""create_app: the parts meet only here."""

import hashlib
import logging
import re
from collections.abc import Sequence
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from wsgiref.headers import Headers

import flask_babel
import flask_compress
from flask import Flask, Response
from secure import (
    ContentSecurityPolicy,
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

from directory import logs
from directory.config import Config
from directory.db import make_engine
from directory.edge import Runtime
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

log = logging.getLogger("stillpoint")


def create_app(config: Config) -> Flask:
    """The whole site as one WSGI application."""
    from directory import api, signin, web  # late: a Runtime alone needs no page

    app = Flask(__name__, template_folder=str(TEMPLATES), static_folder=None)
    app.config.update(
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=1024 * 1024,
        # A page is made for one visitor and sent once: quick beats small.
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,
        COMPRESS_LEVEL=5,
        COMPRESS_MIMETYPES=[
            "text/html",
            "application/json",
            "application/problem+json",
            "application/xml",
        ],
    )
    app.extensions["stillpoint"] = make_runtime(config)
    flask_babel.Babel(app)
    flask_compress.Compress(app)
    logs.init(app, config)
    _serve_static(app)
    _set_headers(app, config)
    signin.init(app, config)
    # Flask-Security brings its own writer of JSON.
    app.json.sort_keys = False  # type: ignore[attr-defined]
    web.init(app)
    api.init(app)
    if config.trusted_proxies:
        app.wsgi_app = _Forwarded(app.wsgi_app, config.trusted_proxies)  # type: ignore[method-assign]
    return app


def make_runtime(config: Config, engine: Engine | None = None) -> Runtime:
    """What requests need: one database, one index."""
    engine = engine or make_engine(config.database_url)
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


def _serve_static(app: Flask) -> None:
    root = HERE / "static"
    built = (root / VENDOR).is_dir()
    if not built:
        log.warning("front-end libraries are missing: no maps and no API page; see README, Install")
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(root),
        prefix="static/",
        max_age=YEAR,
        add_headers_function=_hold_imported_briefly,
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


def _hold_imported_briefly(headers: Headers, path: str, url: str) -> None:
    """A module that others import has no `v` in its address: after a release it must be new."""
    if url in IMPORTED:
        headers["Cache-Control"] = f"max-age={MINUTES}, public"


def _set_headers(app: Flask, config: Config) -> None:
    csp = (
        ContentSecurityPolicy()
        .default_src("'self'")
        .img_src("'self'", "data:", *_tile_hosts(config.tile_url))
        .object_src("'none'")
        .base_uri("'none'")
        .form_action("'self'")
        .frame_ancestors("'none'")
    )
    headers = Secure(
        csp=csp,
        referrer=ReferrerPolicy().no_referrer(),
        permissions=PermissionsPolicy().geolocation("self").camera().microphone(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
        hsts=StrictTransportSecurity().max_age(YEAR).include_subdomains()
        if config.base_url.startswith("https")
        else None,
    )

    @app.after_request
    def add_headers(response: Response) -> Response:
        own = response.headers.get("Content-Security-Policy")
        headers.set_headers(response)
        if own:  # stricter than ours, such as a photo's
            response.headers["Content-Security-Policy"] = own
        return response


def _tile_hosts(tile_url: str) -> list[str]:
    """Where map tiles may come from: "https://{s}.tile.example/…" is https://*.tile.example."""
    parts = urlsplit(tile_url)
    return [f"{parts.scheme}://{re.sub('{[^}]*}', '*', parts.netloc)}"] if tile_url else []
