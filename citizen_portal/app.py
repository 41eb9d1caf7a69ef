"""The portal as a Flask application."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, g
from flask_babel import Babel
from jinja2 import Environment
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from citizen_portal import clock as clocks
from citizen_portal import resources
from citizen_portal.clock import Clock
from citizen_portal.config import Settings
from citizen_portal.directory.address import AddressRegister, make_register
from citizen_portal.directory.municipality import Directory
from citizen_portal.forms.inputs import phone_as_read
from citizen_portal.journey.blueprints import BLUEPRINTS as JOURNEY_PARTS
from citizen_portal.progress import api as progress_api
from citizen_portal.progress import receipts_api
from citizen_portal.registration.links import LinkSigner
from citizen_portal.sealing import KeyRing
from citizen_portal.status.blueprints import BLUEPRINTS as STATUS_PARTS
from citizen_portal.storage.database import Database
from citizen_portal.web import (
    addresses,
    assets,
    errors,
    i18n,
    information,
    logs,
    municipalities,
    public,
    security,
    security_txt,
)
from citizen_portal.web.context import Portal
from citizen_portal.web.csrf import FormTokens
from citizen_portal.web.drain import drain_requests

_LARGEST_REQUEST = 64 * 1024
_MOST_FIELDS = 200


def create_app(
    settings: Settings,
    directory: Directory,
    *,
    database: Database | None = None,
    addresses: AddressRegister | None = None,
    clock: Clock = clocks.now,
) -> Flask:
    """The application. `settings` and `directory` were checked when they were loaded; the database is migrated."""
    app = Flask("citizen_portal", static_folder=None, template_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=_LARGEST_REQUEST, MAX_FORM_MEMORY_SIZE=_LARGEST_REQUEST, MAX_FORM_PARTS=_MOST_FIELDS
    )
    keys = KeyRing(settings.secret_keys)
    Portal(
        settings=settings,
        database=database or Database(settings.database_url),
        keys=keys,
        municipalities=directory,
        addresses=addresses or make_register(settings.address_url, directory.codes_ever),
        clock=clock,
        form_tokens=FormTokens(keys, clock),
        links=LinkSigner(keys),
        environments={language: environment(language) for language in settings.languages},
        assets=_static(),
    ).attach(app.extensions)

    _speak_languages(app, settings)
    logs.log_requests(app)
    drain_requests(app)
    security.protect(app, settings)
    errors.handle_errors(app)

    app.register_blueprint(public.blueprint)
    app.register_blueprint(information.blueprint)
    app.register_blueprint(municipalities.blueprint)
    app.register_blueprint(security_txt.blueprint)
    app.register_blueprint(assets.blueprint)
    for part in (*JOURNEY_PARTS, *STATUS_PARTS):
        app.register_blueprint(part)
    app.register_blueprint(progress_api.blueprint)
    app.register_blueprint(receipts_api.blueprint)

    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


@lru_cache
def _static() -> assets.Assets:
    return assets.Assets(resources.folder("static"))


# Kept for the process, however many applications it makes: to compile all templates of a language takes seconds.
@lru_cache
def environment(language: str) -> Environment:
    """The templates of this portal in one language."""
    made = i18n.environment(language)
    made.filters |= {
        "phone": phone_as_read,
        "asset": _static().url,
        "qr": addresses.picture,
        "as_typed": addresses.as_typed,
    }
    return made


def _speak_languages(app: Flask, settings: Settings) -> None:
    """`/<lang:lang>/...` matches the portal's languages only; the request's language is in `g.lang`."""

    class Language(BaseConverter):
        regex = "|".join(settings.languages)

    app.url_map.converters["lang"] = Language

    @app.url_value_preprocessor
    def take_language(_endpoint: str | None, values: dict[str, object] | None) -> None:
        if values and "lang" in values:
            g.lang = values["lang"]

    Babel(
        app,
        default_locale="nl",
        default_translation_directories=str(resources.folder("translations")),
        locale_selector=lambda: g.get("lang", "nl"),
    )
