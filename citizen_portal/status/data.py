"""What the portal still has of a resident: shown, given along, and erased on request."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from citizen_portal.clock import utc_text
from citizen_portal.notices.queueing import address_of
from citizen_portal.registration.later import erase
from citizen_portal.registration.links import HELPER, OWNER
from citizen_portal.registration.owner_copy import open_copy
from citizen_portal.status.opened import OpenStatus, open_status
from citizen_portal.storage import events, links, message_choices, owner_copies
from citizen_portal.storage.links import LOST
from citizen_portal.web.access import access, status_link
from citizen_portal.web.context import portal
from citizen_portal.web.csrf import FORM_TOKEN

blueprint = Blueprint("data", __name__, url_prefix="/<lang:lang>/s/<token>/data")

_OWNER = status_link(OWNER)


@blueprint.get("")
@access(_OWNER)
def show(lang: str, token: str) -> Response:
    """What there is, how long it stays, the export, and the button that erases."""
    return _page(open_status(lang, token, _OWNER))


@blueprint.get("/export.json")
@access(_OWNER)
def export(lang: str, token: str) -> Response:
    """Everything as a file: what was sent (for 72 hours), what the municipality reported, what was chosen."""
    opened = open_status(lang, token, _OWNER)
    content = json.dumps(_everything(opened), ensure_ascii=False, indent=2).encode()
    response = Response(content, content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="gegevens.json"'
    return response


@blueprint.post("")
@access(_OWNER)
def delete(lang: str, token: str) -> AnyResponse:
    """Erase all of it at once; not before the municipality has what was sent."""
    opened = open_status(lang, token, _OWNER)
    if not opened.sent_from_here(request.form.get(FORM_TOKEN, ""), "erase") or not request.form.get("erase"):
        return _page(opened, status=422)
    if not erase(portal().database, opened.record.id):
        return _page(opened, status=409)
    return redirect(f"/{lang}/deleted", 303)


def what_was_sent(opened: OpenStatus) -> dict[str, Any] | None:
    """The message to the municipality (contract/intake.md), for 72 hours and with the first owner's link only."""
    with portal().database.reading() as connection:
        sealed = owner_copies.load(connection, opened.record.id, now=opened.now)
    message = open_copy(opened.link.bits, opened.record.id, sealed) if sealed else None
    sent: dict[str, Any] | None = json.loads(message) if message else None
    return sent


def _everything(opened: OpenStatus) -> dict[str, Any]:
    record = opened.record
    with portal().database.reading() as connection:
        choice = message_choices.get(connection, record.id)
        reported = [json.loads(kept.body) for kept in events.of_registration(connection, record.id)]
        looked = links.made(connection, record.id, LOST)
        follow = [link.created_at for link in links.live(connection, record.id, now=opened.now) if link.scope == HELPER]
    moments = {
        "dringendGemeldOp": record.told_urgent_at,
        "ingetrokkenOp": record.withdrawn_at,
        "zelfGenoteerdGebeldOp": record.called_at,
        "ontvangenOp": record.received_at,
        "wordtGewistOp": record.forget_at,
    }
    return {
        "kenmerk": record.reference,
        "aanmeldingId": str(record.id),
        "ingediendOp": utc_text(record.registered_at),
        "gemeente": record.municipality_code,
        "eersteGemeente": record.first_municipality_code,
        "ontvangstnummer": record.intake_number,
        "dringend": record.urgent,
        "uiterlijkGesprekOp": record.conversation_due.isoformat(),
        **{name: utc_text(moment) for name, moment in moments.items() if moment is not None},
        "verstuurd": what_was_sent(opened),
        "gemeld": [event["data"] for event in reported],
        "bekekenMetKenmerkOp": [utc_text(moment) for moment in looked],
        "helper": {
            "gemeenteMagMetHelperPraten": record.helper_may_be_contacted,
            "helperMagMeekijken": record.helper_may_follow,
            "kijktMeeSinds": [utc_text(moment) for moment in follow],
        },
        "berichten": None
        if choice is None
        else {"manier": choice.way, "naar": address_of(portal(), choice), "gekozenOp": utc_text(choice.chosen_at)},
    }


def _page(opened: OpenStatus, *, status: int = 200) -> Response:
    with portal().database.reading() as connection:
        choice = message_choices.get(connection, opened.record.id)
        has_copy = owner_copies.load(connection, opened.record.id, now=opened.now) is not None
    return opened.page(
        "status/data.html",
        status=status,
        refused=status == HTTPStatus.CONFLICT,
        too_old=status == HTTPStatus.UNPROCESSABLE_ENTITY,
        choice=choice,
        has_copy=has_copy,
        token=opened.form_token("erase"),
    )
