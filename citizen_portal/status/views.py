"""The status page: open the link, gather what is true, show how it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from citizen_portal.registration.later import note_call
from citizen_portal.registration.links import ENVELOPE, HELPER, INVITE, OWNER, VIEW
from citizen_portal.registration.new_link import LinkUsed, open_envelope, open_invite, replace_link
from citizen_portal.registration.reference import spoken
from citizen_portal.status.lent import lent_of
from citizen_portal.status.opened import OpenStatus, open_status
from citizen_portal.storage import links, message_choices
from citizen_portal.storage.links import LOST
from citizen_portal.storage.message_choices import MessageChoice
from citizen_portal.web.access import access, status_link
from citizen_portal.web.context import portal
from citizen_portal.web.csrf import FORM_TOKEN
from citizen_portal.web.errors import LinkGone

blueprint = Blueprint("status", __name__, url_prefix="/<lang:lang>/s/<token>")

_SEES_STATUS = status_link(OWNER, VIEW, HELPER, ENVELOPE, INVITE)
_OPENED_BY_POST = status_link(ENVELOPE, INVITE)
_OWNER = status_link(OWNER)


@blueprint.get("")
@access(_SEES_STATUS)
def status(lang: str, token: str) -> Response:
    """How it stands. Of an envelope or invite only the button that opens it: scanners open links, people press."""
    opened = open_status(lang, token, _SEES_STATUS)
    if opened.link.scope in _OPENED_BY_POST.scopes:
        return opened.page(f"status/{opened.link.scope}.html", token=opened.form_token(opened.link.scope))
    return _status_page(opened)


@blueprint.post("")
@access(_OPENED_BY_POST)
def open_by_post(lang: str, token: str) -> AnyResponse:
    """An own link in the place of the envelope or invite, which is used up by that."""
    opened = open_status(lang, token, _OPENED_BY_POST)
    if not opened.sent_from_here(request.form.get(FORM_TOKEN, ""), opened.link.scope):
        return opened.back()
    if opened.link.scope == INVITE:
        return _to_new(opened, open_invite, HELPER)
    return _to_new(opened, open_envelope, OWNER)


@blueprint.get("/replace")
@access(_OWNER)
def show_replace(lang: str, token: str) -> AnyResponse:
    """What it means to replace the link, before anything happens."""
    opened = open_status(lang, token, _OWNER)
    return _to_device(opened) if opened.is_lent else _replace_page(opened)


@blueprint.post("/replace")
@access(_OWNER)
def replace(lang: str, token: str) -> AnyResponse:
    """A new link for the owner; whoever saw the old one sees nothing any more."""
    opened = open_status(lang, token, _OWNER)
    if opened.is_lent:
        return _to_device(opened)
    if not opened.sent_from_here(request.form.get(FORM_TOKEN, ""), "replace"):
        return _replace_page(opened, status=422)
    return _to_new(opened, replace_link, OWNER)


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


def _to_device(opened: OpenStatus) -> AnyResponse:
    """A fresh link of the owner's own does not come about on somebody else's device: it is taken along."""
    return redirect(opened.path("device"), 303)


def _to_new(opened: OpenStatus, make: Callable[..., bytes], scope: str) -> AnyResponse:
    parts = portal()
    try:
        bits = make(parts.database, opened.link, opened.record.id, now=opened.now)
    except LinkUsed:
        raise LinkGone from None
    return redirect(f"/{opened.lang}/s/{parts.links.write(bits, scope)}", 303)


def _status_page(opened: OpenStatus) -> Response:
    parts, record, facts = portal(), opened.record, opened.facts
    uses, choice = _owners_own(opened) if opened.is_owners else ([], None)
    return opened.page(
        "status/followed.html" if opened.link.scope == HELPER else "status/status.html",
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
        lent=lent_of(opened),
        called_token=opened.form_token("called") if opened.is_owners else None,
    )


def _owners_own(opened: OpenStatus) -> tuple[list[datetime], MessageChoice | None]:
    """When somebody came with the reference, and the choice of messages."""
    with portal().database.reading() as connection:
        return links.made(connection, opened.record.id, LOST), message_choices.get(connection, opened.record.id)
