"""The check page and the press. What a press is, and what of it is kept, is decided in registration/press.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog
from flask import Blueprint, Response, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from citizen_portal.clock import amsterdam_day
from citizen_portal.directory.municipality import Municipality
from citizen_portal.journey import flow
from citizen_portal.journey.answers import Answers
from citizen_portal.journey.completed import message_address, request_for_help
from citizen_portal.journey.draft import keys_of
from citizen_portal.journey.drafts import DraftGone, OpenDraft
from citizen_portal.journey.opened import hands_of, municipality_of, off_the_way, open_link, to_step, token_for
from citizen_portal.journey.steps import CHECK
from citizen_portal.notices.queueing import Notices
from citizen_portal.registration.deadlines import conversation_due
from citizen_portal.registration.links import OWNER
from citizen_portal.registration.model import Registration, RequestForHelp
from citizen_portal.registration.press import Beside, DraftChanged, PressedDraft, press, pressed_before
from citizen_portal.storage.database import Connection, DatabaseAway
from citizen_portal.web.access import DRAFT_LINK, access
from citizen_portal.web.context import portal
from citizen_portal.web.csrf import FORM_TOKEN
from citizen_portal.web.errors import error_page
from citizen_portal.web.logs import exception_fields
from citizen_portal.web.pages import render

log = structlog.get_logger()

blueprint = Blueprint("press", __name__, url_prefix="/<lang:lang>")


class PressUncertain(Exception):
    """The database went away during the press: it may have been kept, or not. Carries the token to press again with."""

    def __init__(self, form_token: str) -> None:
        super().__init__()
        self.form_token = form_token


@blueprint.get("/d/<capability>/check")
@access(DRAFT_LINK)
def show_check(lang: str, capability: str) -> AnyResponse:
    """All answers with change links, and the button; or a letter where the municipality is not connected."""
    draft = open_link(capability)
    return off_the_way(lang, draft, CHECK) or _check_page(draft)


@blueprint.post("/d/<capability>/check")
@access(DRAFT_LINK)
def press_button(lang: str, capability: str) -> AnyResponse:
    """The press. The same press again within 15 minutes gives the same status page."""
    token = request.form.get(FORM_TOKEN, "")
    try:
        return _press(lang, capability, token)
    except DatabaseAway as error:
        raise PressUncertain(token) from error


def _press(lang: str, capability: str, token: str) -> AnyResponse:
    parts, now = portal(), portal().clock()
    try:
        draft = open_link(capability)
    except DraftGone:
        return _pressed_again(lang, capability, token)
    if elsewhere := off_the_way(lang, draft, CHECK):
        return elsewhere
    revision = parts.form_tokens.revision_in(token, CHECK, draft.keys.row_id)
    if revision is None:
        return _check_page(draft, notice="old", status=422)
    municipality = municipality_of(draft.answers)
    if revision != draft.revision or municipality is None or not municipality.connected:
        return _check_page(draft, notice="changed", status=422)
    wish = _wish(draft.answers, municipality, lang)
    pressed = PressedDraft(draft.keys.row_id, revision, draft.keys.link_bits)
    try:
        press(
            parts.database,
            parts.keys,
            pressed,
            wish,
            now=now,
            extra_holidays=parts.settings.extra_holidays,
            beside=_messages(draft.answers, lang, now),
        )
    except DraftChanged:
        return _pressed_again(lang, capability, token)
    return _to_status(lang, draft.keys.link_bits)


@blueprint.app_errorhandler(PressUncertain)
def press_uncertain(error: PressUncertain) -> Response:
    """The same button once more: whatever became of the first press, it stays one registration."""
    log.error("press.uncertain", **exception_fields(error.__cause__ or error))
    return error_page(503, "errors/press_uncertain.html", retry_after=30, token=error.form_token)


def _messages(answers: Answers, lang: str, now: datetime) -> Beside | None:
    """Keeps the choice of messages together with the press, and queues the first one: the acknowledgement."""
    address = message_address(answers)
    if address is None:
        return None
    notices, to = Notices(portal()), address

    def choose(connection: Connection, registration: Registration) -> None:
        notices.choose(connection, registration.id, to, language=lang, now=now)

    return choose


def _wish(answers: Answers, municipality: Municipality, lang: str) -> RequestForHelp:
    # A draft may hold the code of a municipality that has merged since.
    wish = request_for_help(answers, municipality_name=municipality.name, language=lang)
    return replace(wish, municipality_code=municipality.code)


def _to_status(lang: str, link_bits: bytes) -> AnyResponse:
    return redirect(f"/{lang}/s/{portal().links.write(link_bits, OWNER)}", 303)


def _check_page(draft: OpenDraft, notice: str | None = None, status: int = 200) -> AnyResponse:
    parts, answers = portal(), draft.answers
    municipality = municipality_of(answers)
    if municipality is None:
        # It went on in another one since it was chosen: on 1 January municipalities merge.
        return to_step(g.lang, draft.capability, "municipality")
    wish = _wish(answers, municipality, "nl")
    now = parts.clock()
    started_for = parts.directory.get(answers.started_for or "")
    return render(
        "journey/check.html" if municipality.connected else "journey/letter.html",
        status=status,
        municipality=municipality,
        notice=notice,
        wish=wish,
        answers=answers,
        hands=hands_of(draft),
        messages_to=message_address(answers),
        came_by=started_for if started_for and started_for.code != municipality.code else None,
        today=amsterdam_day(now),
        due=conversation_due(now, urgent=bool(wish.urgent), extra_holidays=parts.settings.extra_holidays),
        token=token_for(draft, CHECK),
        back=flow.previous(CHECK, answers),
    )


def _pressed_again(lang: str, capability: str, token: str) -> AnyResponse:
    """The draft is not there (any more) as it was shown. Raises DraftGone unless its own press explains it."""
    parts = portal()
    keys = keys_of(capability)
    if keys is None:
        raise DraftGone
    if parts.form_tokens.revision_in(token, CHECK, keys.row_id) is not None and pressed_before(
        parts.database, keys.row_id, now=parts.clock()
    ):
        return _to_status(lang, keys.link_bits)
    draft = open_link(capability)
    return off_the_way(lang, draft, CHECK) or _check_page(draft, notice="changed", status=422)
