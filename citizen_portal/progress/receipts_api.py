"""Receipts of Notify: whether a message reached the resident's mailbox or telephone."""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

import structlog
from flask import Blueprint, Response, request

from citizen_portal.progress.api import refuse, stop_floods, whole_body
from citizen_portal.progress.document import Mistake, NotJson, read_json
from citizen_portal.progress.problems import Problem
from citizen_portal.storage import message_choices, outbox_entries
from citizen_portal.storage.database import Connection
from citizen_portal.storage.outbox import NOTICE
from citizen_portal.web.access import NOTIFY_RECEIPT, access
from citizen_portal.web.context import portal

log = structlog.get_logger()

blueprint = Blueprint("receipts", __name__, url_prefix="/api/v1")
blueprint.register_error_handler(Problem, refuse)

_FAILURES = {"permanent-failure", "temporary-failure", "technical-failure"}
_STATUSES = {"delivered"} | _FAILURES
_CHALLENGE = {"WWW-Authenticate": "Bearer"}
# Known to nobody: compared with where no token was chosen, so that nothing fits.
_NOBODYS = os.urandom(32).hex()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says. No `reference`: of a message that is not ours, as is one that is no id of an entry."""

    status: str
    reference: UUID | None


@blueprint.post("/notify-bonnen")
@access(NOTIFY_RECEIPT)
def take_receipt() -> Response:
    """Note whether a message arrived. 204 whatever the reference: who asks is not told which ones there are."""
    _prove()
    receipt = _receipt(whole_body())
    if receipt.reference is not None:
        with portal().database.writing() as connection:
            _note(connection, receipt.reference, arrived=receipt.status not in _FAILURES)
    log.info("notice.receipt", status=receipt.status)
    return Response(status=HTTPStatus.NO_CONTENT)


def _prove() -> None:
    """That it comes from the service that was given the token. Problem 401."""
    given = request.headers.get("Authorization", "")
    right = f"Bearer {portal().settings.sending.callback_token or _NOBODYS}"
    if not hmac.compare_digest(given.encode(), right.encode()):
        stop_floods("refused-events", request.remote_addr or "")
        raise Problem(401, "Het token ontbreekt of klopt niet.", headers=_CHALLENGE)


def _receipt(body: bytes) -> Receipt:
    """The receipt in this body; what else Notify says in it (the address too) is left alone. Problem 400."""
    if request.mimetype != "application/json":
        raise Problem(400, "De Content-Type moet application/json zijn.")
    try:
        document = read_json(body)
    except NotJson:
        raise Problem(400, "De inhoud is geen JSON, of JSON die niet eenduidig is (RFC 7493).") from None
    if not isinstance(document, dict):
        raise _not_a_receipt([Mistake("", "type", "is geen object")])
    status, reference = document.get("status"), document.get("reference")
    mistakes = []
    if not isinstance(status, str) or status not in _STATUSES:
        mistakes.append(Mistake("/status", "enum", f"is niet een van {', '.join(sorted(_STATUSES))}"))
    if "reference" not in document or not isinstance(reference, str | None):
        mistakes.append(Mistake("/reference", "type", "ontbreekt, of is geen tekst en niet null"))
    if mistakes:
        raise _not_a_receipt(mistakes)
    return Receipt(str(status), _id(reference))


def _id(reference: object) -> UUID | None:
    try:
        return UUID(str(reference))
    except ValueError:
        return None


def _note(connection: Connection, notice_id: UUID, *, arrived: bool) -> None:
    entry = outbox_entries.entry(connection, notice_id)
    if entry is None or entry.kind != NOTICE:
        return
    note = message_choices.note_arrival if arrived else message_choices.note_failure
    note(connection, entry.registration_id, made_at=entry.created_at, now=portal().clock())


def _not_a_receipt(mistakes: list[Mistake]) -> Problem:
    return Problem(400, "De inhoud is geen geldige bon; errors noemt alles wat er niet klopt.", mistakes=mistakes)
