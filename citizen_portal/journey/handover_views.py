"""Handing over, and leaving a device to the next person. One address serves both sides."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from citizen_portal.journey import drafts, flow, handover
from citizen_portal.journey.drafts import DraftGone, OpenDraft
from citizen_portal.journey.handover import CodeWrong
from citizen_portal.journey.opened import NEXT, hands_of, municipality_of, offered, open_link, to_step, token_for
from citizen_portal.journey.steps import in_helpers_hands
from citizen_portal.web.access import ANYONE, DRAFT_LINK, access
from citizen_portal.web.context import portal
from citizen_portal.web.csrf import FORM_TOKEN
from citizen_portal.web.errors import TooManyRequests
from citizen_portal.web.leaving import leave_device
from citizen_portal.web.limits import allow
from citizen_portal.web.pages import render

blueprint = Blueprint("handover", __name__, url_prefix="/<lang:lang>")

_GIVE, _TAKE = "handover", "take-over"
_LONGEST_SHOWN = 40


@blueprint.get("/d/<capability>/handover")
@access(DRAFT_LINK)
def show(lang: str, capability: str) -> Response:
    """With a draft's link: how to give it away. With a ticket: the button to go on. A look changes nothing."""
    try:
        return _give_page(lang, open_link(capability))
    except DraftGone:
        return _take_page(capability)


@blueprint.post("/d/<capability>/handover")
@access(DRAFT_LINK)
def hand_over(lang: str, capability: str) -> AnyResponse:
    """With a draft's link: a new ticket. With a ticket: go on here, and nowhere else."""
    parts, now, token = portal(), portal().clock(), request.form.get(FORM_TOKEN, "")
    try:
        draft = open_link(capability)
    except DraftGone:
        return _take_over(lang, capability, token)
    if parts.form_tokens.revision_in(token, _GIVE, draft.keys.row_id) is None:
        return _give_page(lang, draft, status=422)
    handover.make_ticket(parts.database, parts.keys, draft, now=now)
    return redirect(f"/{lang}/d/{capability}/handover", 303)


@blueprint.get("/handover")
@access(ANYONE)
def show_code(lang: str) -> Response:
    """Where a code is typed."""
    return _code_page()


@blueprint.post("/handover")
@access(ANYONE)
def enter_code(lang: str) -> AnyResponse:
    """To the ticket that a code is of. Wrong, used and old codes get one same answer."""
    parts, typed = portal(), request.form.get("code", "")
    if not allow(parts, "handover-code", request.remote_addr or ""):
        raise TooManyRequests
    try:
        ticket = handover.redeem(parts.database, parts.keys, typed, now=parts.clock())
    except CodeWrong:
        return _code_page(typed)
    return redirect(f"/{lang}/d/{ticket}/handover", 303)


@blueprint.post("/d/<capability>/next")
@access(DRAFT_LINK)
def next_person(lang: str, capability: str) -> AnyResponse:
    """Erase the draft and all that this device showed of it, and begin empty."""
    parts, draft = portal(), open_link(capability)
    if parts.form_tokens.revision_in(request.form.get(FORM_TOKEN, ""), NEXT, draft.keys.row_id) is None:
        return redirect(f"/{lang}/d/{capability}/delete", 303)
    drafts.erase(parts.database, draft)
    return leave_device(lang, helping=in_helpers_hands(draft.answers))


def _give_page(lang: str, draft: OpenDraft, *, status: int = 200) -> Response:
    parts = portal()
    ticket = handover.ticket_of(parts.database, draft, now=parts.clock())
    return render(
        "journey/handover.html",
        status=status,
        municipality=municipality_of(draft.answers),
        hands=hands_of(draft),
        ticket=ticket,
        code_address=f"{parts.settings.base_url}/{lang}/handover",
        ticket_address=f"{parts.settings.base_url}/{lang}/d/{ticket.capability}/handover" if ticket else None,
        too_old=status != HTTPStatus.OK,
        token=token_for(draft, _GIVE),
        back=f"/{lang}/d/{draft.capability}/{flow.first_open(draft.answers)}",
    )


def _take_page(capability: str, *, status: int = 200) -> Response:
    parts = portal()
    behind = handover.open_ticket(parts.database, capability, now=parts.clock())
    return render(
        "journey/take_over.html",
        status=status,
        municipality=municipality_of(behind.answers),
        helped=in_helpers_hands(behind.answers),
        too_old=status != HTTPStatus.OK,
        token=parts.form_tokens.make(_TAKE, behind.keys.row_id, 0),
    )


def _take_over(lang: str, capability: str, token: str) -> AnyResponse:
    parts, now = portal(), portal().clock()
    behind = handover.open_ticket(parts.database, capability, now=now)
    if parts.form_tokens.revision_in(token, _TAKE, behind.keys.row_id) is None:
        return _take_page(capability, status=422)
    own = offered(handover.take_over(parts.database, capability, now=now))
    return to_step(lang, own.capability, flow.first_open(own.answers))


def _code_page(typed: str | None = None) -> Response:
    wrong = _("Deze code werkt niet (meer). Kijk of u hem goed overnam. Of vraag om een nieuwe code.")
    problems = [] if typed is None else [("code", wrong)]
    return render(
        "journey/enter_code.html",
        status=200 if typed is None else 422,
        has_errors=bool(problems),
        typed=(typed or "")[:_LONGEST_SHOWN],
        problems=problems,
    )
