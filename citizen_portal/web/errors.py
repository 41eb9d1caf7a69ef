"""When something does not go as it should: an answer that says what to do now, and never a stack."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from citizen_portal.storage.database import DatabaseAway
from citizen_portal.web.context import portal
from citizen_portal.web.i18n import asked_for, base_language
from citizen_portal.web.logs import exception_fields
from citizen_portal.web.pages import render

log = structlog.get_logger()

_A_DAY = 24 * 60 * 60
_PAGES = {400, 404, 405, 413, 429, 503}


class LinkGone(Exception):
    """A status link that opens nothing: unknown, revoked or past its time."""


class TooManyRequests(Exception):
    """More from one network than a person, or a library full of them, would send."""


class TriesOver(Exception):
    """Enough tries for today at something that must not be guessed."""


def handle_errors(app: Flask) -> None:
    """A page of its own for every failure. The API has its own handlers, with problem documents."""

    @app.errorhandler(LinkGone)
    def link_gone(_error: LinkGone) -> Response:
        return error_page(404, "errors/link_gone.html")

    @app.errorhandler(TooManyRequests)
    def too_many(_error: TooManyRequests) -> Response:
        return error_page(429, "errors/429.html", retry_after=300)

    @app.errorhandler(TriesOver)
    def tries_over(_error: TriesOver) -> Response:
        return error_page(429, "errors/tries_over.html", retry_after=_A_DAY)

    @app.errorhandler(DatabaseAway)
    def database_away(error: Exception) -> Response:
        log.error("database.away", **exception_fields(error))
        return error_page(503, "errors/503.html", retry_after=30)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> AnyResponse:
        status = error.code or 500
        if error.response is not None or status < 400:  # noqa: PLR2004 - below 400 is no error
            return error.get_response()
        response = error_page(status, f"errors/{status if status in _PAGES else 400}.html")
        for name, value in error.get_headers():
            if name in {"Allow", "Retry-After"}:
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        log.error("request.failed", **exception_fields(error))
        return error_page(500, "errors/500.html")


def error_page(status: int, template: str, *, retry_after: int | None = None, **context: Any) -> Response:
    """A page that says what went wrong, also where the address names no language. `retry_after`: seconds."""
    g.lang = g.get("lang") or _language_of_path()
    response = render(template, status=status, **context)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _language_of_path() -> str:
    """`/NL/` and `/nl-BE/` are no pages, but say in which language to tell so; else it goes by the browser."""
    first = request.path.split("/", 2)[1] if "/" in request.path else ""
    languages = portal().settings.languages
    meant = base_language(first)
    return meant if meant in languages else asked_for(request.accept_languages, languages)
