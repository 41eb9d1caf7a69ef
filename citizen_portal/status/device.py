"""A page on somebody else's device: the resident takes a link of their own along, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from citizen_portal.notices.queueing import Notices
from citizen_portal.registration.devices import FreshLink, leave, lend, print_envelope, show_envelope
from citizen_portal.registration.links import ENVELOPE, OWNER
from citizen_portal.registration.new_link import LinkUsed
from citizen_portal.status.lent import NEXT, lent_of, shown_link
from citizen_portal.status.opened import OpenStatus, open_status
from citizen_portal.storage import events, message_choices
from citizen_portal.web.access import access, status_link
from citizen_portal.web.context import portal
from citizen_portal.web.csrf import FORM_TOKEN
from citizen_portal.web.errors import LinkGone, TriesOver
from citizen_portal.web.leaving import leave_device
from citizen_portal.web.limits import allow

blueprint = Blueprint("device", __name__, url_prefix="/<lang:lang>/s/<token>")

_OWNER = status_link(OWNER)


@blueprint.get("/device")
@access(_OWNER)
def show(lang: str, token: str) -> Response:
    """The ways to take a link along; of a link that is the owner's to keep, first what it means to lend it."""
    return _page(open_status(lang, token, _OWNER))


@blueprint.post("/device")
@access(_OWNER)
def take_along(lang: str, token: str) -> AnyResponse:
    """Lend the link (`way=lend`), or give another one along: on the screen, on paper, or by message."""
    opened = open_status(lang, token, _OWNER)
    way = request.form.get("way")
    if not opened.sent_from_here(request.form.get(FORM_TOKEN, ""), "device"):
        return _page(opened, status=422)
    if way == "lend":
        lend(portal().database, opened.link, now=opened.now)
        return _to_ways(opened)
    if not opened.is_lent:
        return _page(opened, status=422)
    if way == "screen":
        return _shown(opened, show_envelope, "status/device_screen.html")
    if way == "paper":
        return _shown(opened, print_envelope, "status/device_paper.html")
    return _send(opened) if way == "message" else _page(opened, status=422)


@blueprint.post("/next")
@access(_OWNER)
def next_person(lang: str, token: str) -> AnyResponse:
    """Revoke what this device has and showed, and begin empty. A link that is not lent is never ended like this."""
    opened = open_status(lang, token, _OWNER)
    if not opened.is_lent or not opened.sent_from_here(request.form.get(FORM_TOKEN, ""), NEXT):
        return _to_ways(opened)
    leave(portal().database, opened.link, opened.record.id, now=opened.now)
    return leave_device(lang, helping=opened.was_helped)


def _shown(opened: OpenStatus, make: Callable[..., FreshLink], template: str) -> Response:
    try:
        fresh = make(portal().database, opened.link, opened.record.id, now=opened.now)
    except LinkUsed:
        raise LinkGone from None
    return shown_link(opened, template, fresh, ENVELOPE)


def _send(opened: OpenStatus) -> AnyResponse:
    """A link by message; to the choice of messages where there is no address to send it to. Raises TriesOver."""
    if not _can_send_to(opened):
        return redirect(opened.path("messages"), 303)
    if not allow(portal(), "link-message", opened.record.reference):
        raise TriesOver
    with portal().database.writing() as connection:
        events.lock_registration(connection, opened.record.id)
        Notices(portal()).send_link(connection, opened.record.id, now=opened.now)
    return _to_ways(opened)


def _can_send_to(opened: OpenStatus) -> bool:
    with portal().database.reading() as connection:
        choice = message_choices.get(connection, opened.record.id)
    return choice is not None and choice.way in portal().settings.ways_of_sending


def _to_ways(opened: OpenStatus) -> AnyResponse:
    return redirect(opened.path("device"), 303)


def _page(opened: OpenStatus, *, status: int = 200) -> Response:
    return opened.page(
        "status/device.html",
        status=status,
        too_old=status != HTTPStatus.OK,
        lent=lent_of(opened),
        has_address=opened.is_lent and _can_send_to(opened),
        can_send=bool(portal().settings.ways_of_sending),
        token=opened.form_token("device"),
    )
