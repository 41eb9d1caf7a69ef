"""What a helper may do is the resident's to say: seen, allowed and ended from the status page."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from citizen_portal.registration.helpers import MayNotFollow, invite, note_no_contact, stop_following
from citizen_portal.registration.links import HELPER, INVITE, OWNER
from citizen_portal.registration.new_link import LinkUsed
from citizen_portal.status.lent import lent_of, shown_link
from citizen_portal.status.opened import OpenStatus, open_status
from citizen_portal.storage import links
from citizen_portal.web.access import access, status_link
from citizen_portal.web.context import portal
from citizen_portal.web.csrf import FORM_TOKEN
from citizen_portal.web.errors import LinkGone

blueprint = Blueprint("helper", __name__, url_prefix="/<lang:lang>/s/<token>/helper")

_OWNER = status_link(OWNER)


@blueprint.get("")
@access(_OWNER)
def show(lang: str, token: str) -> Response:
    """Whether the municipality may talk to the helper, and who follows since when."""
    return _page(open_status(lang, token, _OWNER))


@blueprint.post("")
@access(_OWNER)
def decide(lang: str, token: str) -> AnyResponse:
    """Make an invite (`helper=invite`), end all following (`stop`), or note that nobody may be called (`no-contact`).

    An invite is shown by this answer alone.
    """
    opened, database = open_status(lang, token, _OWNER), portal().database
    decision = request.form.get("helper")
    if not opened.sent_from_here(request.form.get(FORM_TOKEN, ""), "helper"):
        return _page(opened, status=422)
    if decision == "invite":
        return _invite(opened)
    if decision == "stop":
        stop_following(database, opened.record.id, now=opened.now)
    elif decision == "no-contact":
        note_no_contact(database, opened.record.id)
    else:
        return _page(opened, status=422)
    return redirect(opened.path("helper"), 303)


def _invite(opened: OpenStatus) -> Response:
    if opened.facts.ended is not None:
        return _page(opened, status=422)
    try:
        fresh = invite(portal().database, opened.link, opened.record.id, now=opened.now)
    except MayNotFollow:
        return _page(opened, status=422)
    except LinkUsed:
        raise LinkGone from None
    return shown_link(opened, "status/helper_invite.html", fresh, INVITE)


def _page(opened: OpenStatus, *, status: int = 200) -> Response:
    with portal().database.reading() as connection:
        live = links.live(connection, opened.record.id, now=opened.now)
    return opened.page(
        "status/helper.html",
        status=status,
        too_old=status != HTTPStatus.OK,
        lent=lent_of(opened),
        followed_since=[link.created_at for link in live if link.scope == HELPER],
        invited_until=max((link.expires_at for link in live if link.scope == INVITE), default=None),
        may_invite=opened.facts.ended is None and bool(not opened.is_lent or opened.record.helper_may_follow),
        token=opened.form_token("helper"),
    )
