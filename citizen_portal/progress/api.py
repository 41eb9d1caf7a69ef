"""The API for municipalities: signed events in, answered in the order of contract/intake.md; its own description."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from citizen_portal.notices.queueing import Notices
from citizen_portal.progress import intake_events
from citizen_portal.progress.document import Mistake, NotJson, read_json, schema_mistakes
from citizen_portal.progress.events import cannot_be_true, claimed_municipality, in_successors_name, parse
from citizen_portal.progress.intake_events import CannotBeTrue, Outcome
from citizen_portal.progress.problems import PROBLEM_TYPE, Problem
from citizen_portal.progress.signature import HEADERS, Signed, signed_by_one_of
from citizen_portal.web.access import ANYONE, SIGNED_EVENT, access
from citizen_portal.web.context import portal
from citizen_portal.web.limits import allow, seconds_to_wait

API_VERSION = "1.0.0"
LARGEST_EVENT = 64 * 1024
"""Bytes; CloudEvents-NL asks for no more."""

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

_JSON_TYPES = {"application/cloudevents+json", "application/json"}
_DESCRIPTION: dict[str, Any] = json.loads(Path(__file__).with_name("openapi.json").read_text(encoding="utf-8"))
_HEADERS = {
    "API-Version": API_VERSION,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_HSTS = "max-age=63072000; includeSubDomains"
# HTTP asks for a challenge with every 401 (RFC 9110, 15.5.2).
_CHALLENGE = {"WWW-Authenticate": "StandardWebhooks"}


@blueprint.post("/gebeurtenissen")
@access(SIGNED_EVENT)
def take_event() -> Response:
    """Keep (204) or park (202) one signed event. The order of the refusals is the contract's."""
    message = _signed(whole_body())
    document = _json(message.body)
    _prove(document, message)
    event = _event(document, message)
    try:
        outcome = intake_events.receive(
            portal().database, event, now=portal().clock(), announce=Notices(portal()).announce
        )
    except CannotBeTrue as refusal:
        raise _not_an_event(refusal.mistakes) from None
    return Response(status=HTTPStatus.NO_CONTENT if outcome is Outcome.KEPT else HTTPStatus.ACCEPTED)


@blueprint.get("/openapi.json")
@access(ANYONE)
def describe() -> Response:
    """The description of this API, with the address of this portal in it; pages of anybody may read it."""
    server = {"url": f"{portal().settings.base_url}{blueprint.url_prefix}", "description": "Dit portaal"}
    response = Response(json.dumps({**_DESCRIPTION, "servers": [server]}), content_type="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@blueprint.errorhandler(Problem)
def refuse(problem: Problem) -> Response:
    """The problem as an answer."""
    return problem.response()


@blueprint.after_app_request
def as_api(response: Response) -> Response:
    """What every answer under /api/ has, also when none of these views gave it: its headers, problems as documents."""
    if not request.path.startswith("/api/"):
        return response
    if response.status_code >= HTTPStatus.BAD_REQUEST and response.mimetype != PROBLEM_TYPE:
        response.set_data(Problem(response.status_code).body())
        response.content_type = PROBLEM_TYPE
    if not response.get_data():
        response.headers.pop("Content-Type", None)
    response.headers.update(_HEADERS)
    if portal().settings.https:
        response.headers["Strict-Transport-Security"] = _HSTS
    return response


def whole_body() -> bytes:
    """The request's body. Problem 413 when it is too large, whether it says so beforehand or just goes on."""
    # One byte more than allowed may be read: so a stream without a length shows that it goes on.
    request.max_content_length = LARGEST_EVENT + 1
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise Problem(413) from None
    if len(body) > LARGEST_EVENT:
        raise Problem(413)
    return body


def _signed(body: bytes) -> Signed:
    message_id, timestamp, signatures = (request.headers.get(name, "") for name in HEADERS)
    if not (message_id and timestamp and signatures):
        detail = "De headers webhook-id, webhook-timestamp en webhook-signature zijn alle drie nodig."
        raise Problem(401, detail, headers=_CHALLENGE)
    return Signed(message_id, timestamp, signatures, body)


def _json(body: bytes) -> object:
    if request.mimetype not in _JSON_TYPES:
        raise Problem(400, "De Content-Type moet application/cloudevents+json zijn.")
    try:
        return read_json(body)
    except NotJson:
        raise Problem(400, "De inhoud is geen JSON, of JSON die niet eenduidig is (RFC 7493).") from None


def _prove(document: object, message: Signed) -> None:
    """That the municipality in `source` sent this just now. Whatever is wrong with that gives one and the same 401."""
    parts, network = portal(), request.remote_addr or ""
    code = claimed_municipality(document) or ""
    municipality = parts.directory.get(code)
    intake = municipality.settings.intake if municipality else None
    if not signed_by_one_of(intake.webhook_secrets if intake else (), message, now=parts.clock()):
        stop_floods("refused-events", network)
        raise Problem(401, "Handtekening, tijd of gemeente klopt niet.", headers=_CHALLENGE)
    stop_floods("events", code)


def stop_floods(name: str, key: str) -> None:
    """Count one more of this limit. Problem 429 when that is too many."""
    if not allow(portal(), name, key):
        raise Problem(429, headers={"Retry-After": str(seconds_to_wait(portal(), name, key))})


def _event(document: object, message: Signed) -> Mapping[str, Any]:
    """The document as an event that may be true. Problem 400 with every mistake at once."""
    mistakes = schema_mistakes(document)
    event: Mapping[str, Any] = document if isinstance(document, dict) else {}
    if not mistakes:
        parts = portal()
        event = in_successors_name(event, parts.directory.successors)
        mistakes = cannot_be_true(parse(event), now=parts.clock(), known_codes=parts.directory.codes)
    if isinstance(event.get("id"), str) and event["id"] != message.message_id:
        mistakes.append(Mistake("/id", "not_webhook_id", "is niet gelijk aan de header webhook-id"))
    if mistakes:
        raise _not_an_event(mistakes)
    return event


def _not_an_event(mistakes: list[Mistake]) -> Problem:
    detail = "De inhoud is geen geldige gebeurtenis; errors noemt alles wat er niet klopt."
    return Problem(400, detail, mistakes=mistakes)
