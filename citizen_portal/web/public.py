"""Pages that belong to nobody: start, privacy, and what operators ask for."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from citizen_portal.storage.database import DatabaseAway
from citizen_portal.web.access import ANYONE, access
from citizen_portal.web.context import Portal, portal
from citizen_portal.web.i18n import asked_for
from citizen_portal.web.kept import kept_page
from citizen_portal.web.logs import exception_fields
from citizen_portal.web.pages import render

blueprint = Blueprint("public", __name__)
log = structlog.get_logger()

HELPING = "helper=1"
"""The query of the start page for who helps somebody else."""


def _helping(_parts: Portal, _lang: str, _code: str) -> dict[str, object]:
    return {"helping": True}


def _alone(_parts: Portal, _lang: str, _code: str) -> dict[str, object]:
    return {"helping": False}


@blueprint.get("/")
@access(ANYONE)
def root() -> AnyResponse:
    """To the start page, in the language that the browser asks for."""
    language = asked_for(request.accept_languages, portal().settings.languages)
    query = request.query_string.decode("ascii", "replace")
    response = redirect(f"/{language}/" + (f"?{query}" if query else ""), 303)
    response.headers["Vary"] = "Accept-Language"
    return response


@blueprint.get("/<lang:lang>/")
@access(ANYONE)
def start(lang: str) -> Response:
    """The button. Sent compressed from a kept copy: one for each language and municipality.

    `?helper=1` is for who helps somebody else: the same button begins in their hands.
    """
    if request.args.get("helper") == "1":
        return kept_page("start.html", lang, along=HELPING, given=_helping)
    return kept_page("start.html", lang, given=_alone)


@blueprint.get("/<lang:lang>/privacy")
@access(ANYONE)
def privacy(lang: str) -> Response:
    """Who is responsible, what is kept, and how long."""
    return kept_page("privacy.html", lang)


@blueprint.get("/<lang:lang>/deleted")
@access(ANYONE)
def deleted(lang: str) -> Response:
    """After "delete now"."""
    return render("journey/deleted.html")


@blueprint.get("/healthz")
@access(ANYONE)
def healthy() -> Response:
    """The process answers."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@blueprint.get("/readyz")
@access(ANYONE)
def ready() -> Response:
    """The process can do its work: the database answers."""
    try:
        portal().database.ping()
    except DatabaseAway as error:
        log.error("database.away", **exception_fields(error))
        return Response("database does not answer\n", status=503, content_type="text/plain; charset=utf-8")
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@blueprint.get("/robots.txt")
@access(ANYONE)
def robots() -> Response:
    """Personal pages are nobody's business; the start pages may be found."""
    return Response("User-agent: *\nDisallow: /api/\n", content_type="text/plain; charset=utf-8")
