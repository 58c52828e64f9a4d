"""Wiring: builds the web application from settings. `gunicorn 'app:create_app()'` serves it."""

import logging
from typing import Any

import orjson
from flask import Flask, request
from flask.json.provider import DefaultJSONProvider
from flask_babel import Babel, get_locale
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from library import schema
from library.config import SITE_NAME, Settings, settings_from, with_secret
from library.db import make_engine
from library.storage import Storage
from library.worker import Installation
from web import (
    accounts,
    admin,
    api,
    desk,
    errors,
    feeds,
    forms,
    health,
    home,
    letters,
    place,
    projects,
    receiving,
    security,
    trying,
    wire,
)
from web.books import catalog, dumping, errata, reader, search, smooth

#: Keys of rows are signed and of 64 bits.
MOST_KEY = 2**63 - 1
#: Languages that the site itself speaks.
LOCALES = ("en",)


class Json(DefaultJSONProvider):
    """Writes answers fast; reads as the standard library does, which tells of half a character."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:  # noqa: ANN401 - Flask's signature
        """Return JSON, letters as letters."""
        try:
            return orjson.dumps(obj).decode()
        except TypeError:  # half a character in what is told back
            return super().dumps(obj, **kwargs)


class Key(IntegerConverter):
    """A number in an address: what no row can have as its key is not found."""

    def __init__(self, url_map: Map, **options: Any) -> None:  # noqa: ANN401 - Werkzeug's signature
        """Take what Werkzeug's own takes."""
        super().__init__(url_map, **{"max": MOST_KEY, **options})


def create_app(settings: Settings | None = None) -> Flask:
    """Return the web application for these settings (the environment's by default).

    Raises UnavailableError when the database has another version's schema.
    """
    settings = with_secret(settings or settings_from())
    engine = make_engine(settings.database_url)
    schema.require_current(engine)
    app = Flask("app", static_folder=None)  # `wire` serves static files
    app.json = Json(app)
    app.request_class = receiving.UploadRequest
    app.extensions["galley"] = Installation(
        settings, engine, Storage.from_url(settings.storage_url)
    )
    app.url_map.converters["int"] = Key
    wire.prepare(app)
    security.secure(app, settings)
    errors.handle_errors(app)
    _speak(app, settings)
    for module in (
        home,
        trying,
        accounts,
        letters,
        desk,
        errata,
        smooth,
        projects,
        reader,
        catalog,
        search,
        feeds,
        dumping,
        admin,
        health,
        api,
    ):
        app.register_blueprint(module.bp)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    logging.basicConfig(level=logging.INFO)
    return app


def _speak(app: Flask, settings: Settings) -> None:
    """Set up translations, and the names that every template may use."""
    Babel(app, locale_selector=lambda: request.accept_languages.best_match(LOCALES))
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["language_name"] = forms.language_label

    @app.context_processor
    def every_template() -> dict[str, Any]:
        locale = get_locale()
        return {
            "site_name": SITE_NAME,
            "me": _me(),
            "locale": str(locale or "en").replace("_", "-"),
            "direction": locale.text_direction if locale else "ltr",
            "registration_open": settings.registration_open,
            "sends_mail": settings.sends_mail,
        }


def _me() -> dict[str, Any] | None:
    """Return who is signed in, as templates know them."""
    person = place.visitor()
    if person is None:
        return None
    role = "admin" if person.is_admin else "member"
    return {"name": person.name, "role": role, "may_start": True}
