"""The status page: open the link, gather what is true, show how it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from citizen_portal.registration.later import note_call
from citizen_portal.registration.links import ENVELOPE, OWNER, VIEW
from citizen_portal.registration.new_link import LinkUsed, open_envelope, replace_link
from citizen_portal.registration.reference import spoken
from citizen_portal.status.opened import OpenStatus, open_status
from citizen_portal.storage import links, message_choices
from citizen_portal.storage.links import LOST
from citizen_portal.storage.message_choices import MessageChoice
from citizen_portal.web.access import access, status_link
from citizen_portal.web.context import portal
from citizen_portal.web.csrf import FORM_TOKEN
from citizen_portal.web.errors import LinkGone

blueprint = Blueprint("status", __name__, url_prefix="/<lang:lang>/s/<token>")

_SEES_STATUS = status_link(OWNER, VIEW, ENVELOPE)
_ENVELOPE = status_link(ENVELOPE)
_OWNER = status_link(OWNER)


@blueprint.get("")
@access(_SEES_STATUS)
def status(lang: str, token: str) -> Response:
    """How it stands. Of an envelope only the button that opens it: mail scanners open links, people press buttons."""
    opened = open_status(lang, token, _SEES_STATUS)
    if opened.link.scope == ENVELOPE:
        return opened.page("status/envelope.html", token=opened.form_token("envelope"))
    return _status_page(opened)


@blueprint.post("")
@access(_ENVELOPE)
def open_by_post(lang: str, token: str) -> AnyResponse:
    """The owner's own link in the place of the envelope, which is used up by that."""
    opened = open_status(lang, token, _ENVELOPE)
    if not opened.sent_from_here(request.form.get(FORM_TOKEN, ""), "envelope"):
        return opened.back()
    return _to_new(opened, open_envelope)


@blueprint.get("/replace")
@access(_OWNER)
def show_replace(lang: str, token: str) -> Response:
    """What it means to replace the link, before anything happens."""
    return _replace_page(open_status(lang, token, _OWNER))


@blueprint.post("/replace")
@access(_OWNER)
def replace(lang: str, token: str) -> AnyResponse:
    """A new link for the owner; whoever saw the old one sees nothing any more."""
    opened = open_status(lang, token, _OWNER)
    if not opened.sent_from_here(request.form.get(FORM_TOKEN, ""), "replace"):
        return _replace_page(opened, status=422)
    return _to_new(opened, replace_link)


@blueprint.post("/called")
@access(_OWNER)
def called(lang: str, token: str) -> AnyResponse:
    """ "I was called": quiets the overdue line for the resident, and is nothing else. `called=no` takes it back."""
    opened = open_status(lang, token, _OWNER)
    if opened.sent_from_here(request.form.get(FORM_TOKEN, ""), "called"):
        is_so = request.form.get("called") != "no"
        note_call(portal().database, opened.record.id, called=is_so, now=opened.now)
    return opened.back()


def _replace_page(opened: OpenStatus, *, status: int = 200) -> Response:
    too_old = status != HTTPStatus.OK
    return opened.page("status/replace.html", status=status, too_old=too_old, token=opened.form_token("replace"))


def _to_new(opened: OpenStatus, make: Callable[..., bytes]) -> AnyResponse:
    parts = portal()
    try:
        bits = make(parts.database, opened.link, opened.record.id, now=opened.now)
    except LinkUsed:
        raise LinkGone from None
    return redirect(f"/{opened.lang}/s/{parts.links.write(bits, OWNER)}", 303)


def _status_page(opened: OpenStatus) -> Response:
    parts, record, facts = portal(), opened.record, opened.facts
    uses, choice = _owners_own(opened) if opened.is_owners else ([], None)
    return opened.page(
        "status/status.html",
        first_municipality=parts.directory.get(record.first_municipality_code),
        line=opened.line,
        facts=facts,
        # What the first municipality called it would only lead astray at the next.
        intake_number=facts.intake_number or (None if facts.forwarded else record.intake_number),
        reports_back=opened.reports_back,
        names={step.receiver: parts.directory.get(step.receiver) for step in facts.forwarded},
        lost_link_uses=uses,
        choice=choice,
        spoken=spoken(record.reference),
        can_send=bool(parts.settings.ways_of_sending),
        called_token=opened.form_token("called") if opened.is_owners else None,
    )


def _owners_own(opened: OpenStatus) -> tuple[list[datetime], MessageChoice | None]:
    """When somebody came with the reference, and the choice of messages."""
    with portal().database.reading() as connection:
        return links.made(connection, opened.record.id, LOST), message_choices.get(connection, opened.record.id)
