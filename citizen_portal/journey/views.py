"""The pages of the journey. Each view opens, asks, answers; what may happen is decided in flow.py and press.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog
from flask import Blueprint, Response, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from citizen_portal.clock import amsterdam_day, utc_text
from citizen_portal.directory.municipality import Municipality
from citizen_portal.forms.base import Blank
from citizen_portal.journey import drafts, flow
from citizen_portal.journey.answers import Answers, StepAnswers
from citizen_portal.journey.completed import message_address, request_for_help
from citizen_portal.journey.draft import keys_of
from citizen_portal.journey.drafts import DraftGone, OpenDraft
from citizen_portal.journey.forms import StepForm
from citizen_portal.journey.questions import FORMS
from citizen_portal.journey.steps import BY_NAME, CHECK, for_somebody_else
from citizen_portal.journey.whereabouts import look_up
from citizen_portal.notices.queueing import Notices
from citizen_portal.registration.deadlines import conversation_due
from citizen_portal.registration.links import OWNER
from citizen_portal.registration.model import Registration, RequestForHelp
from citizen_portal.registration.press import Beside, DraftChanged, PressedDraft, press, pressed_before
from citizen_portal.storage.database import Connection, DatabaseAway
from citizen_portal.web.access import ANYONE, DRAFT_LINK, access
from citizen_portal.web.context import portal
from citizen_portal.web.csrf import FORM_TOKEN, TokenContext
from citizen_portal.web.errors import TooManyRequests, error_page
from citizen_portal.web.limits import allow
from citizen_portal.web.logs import exception_fields
from citizen_portal.web.pages import render

log = structlog.get_logger()

blueprint = Blueprint("journey", __name__, url_prefix="/<lang:lang>")


class PressUncertain(Exception):
    """The database went away during the press: it may have been kept, or not. Carries the token to press again with."""

    def __init__(self, form_token: str) -> None:
        super().__init__()
        self.form_token = form_token


@blueprint.post("/start")
@access(ANYONE)
def start(lang: str) -> AnyResponse:
    """A new draft; it knows the municipality that was chosen beforehand, and whether a helper began."""
    parts = portal()
    if not allow(parts, "start", request.remote_addr or ""):
        raise TooManyRequests
    chosen = parts.directory.get(request.form.get("gemeente", ""))
    answers = Answers(
        started_for=chosen.code if chosen else None, started_as_helper=request.form.get("for_whom") == "other"
    )
    capability = drafts.start(parts.database, answers, now=parts.clock())
    return _to_step(lang, capability, flow.first_open(answers))


@blueprint.get("/d/<capability>/<step_name>")
@access(DRAFT_LINK)
def show_step(lang: str, capability: str, step_name: str) -> AnyResponse:
    """One question, with what was answered before."""
    draft = _open(capability)
    if step_name not in BY_NAME:
        abort(404)
    return _off_the_way(lang, draft, step_name) or _step_page(draft, step_name, draft.answers.steps.get(step_name, {}))


@blueprint.post("/d/<capability>/<step_name>")
@access(DRAFT_LINK)
def save_step(lang: str, capability: str, step_name: str) -> AnyResponse:
    """Save one answer and go to the next question, or say what to do about it."""
    parts, draft = portal(), _open(capability)
    if step_name not in BY_NAME:
        abort(404)
    if elsewhere := _off_the_way(lang, draft, step_name):
        return elsewhere
    form = FORMS[step_name](
        request.form,
        token=TokenContext(parts.form_tokens, step_name, draft.keys.row_id, draft.revision),
        before=draft.answers,
        directory=parts.directory,
        today=amsterdam_day(parts.clock()),
    )
    if not form.validate():
        return _step_page(draft, step_name, form.typed(), form)
    given = form.answers()
    if step_name == "helper":
        given["consented_at"] = utc_text(parts.clock())
    register = look_up(parts, draft.answers.with_step("address", given)) if step_name == "address" else None
    saved = drafts.save(
        parts.database, draft, lambda answers: flow.save(answers, step_name, given, register), now=parts.clock()
    )
    return _to_step(lang, capability, flow.first_open(saved.answers))


@blueprint.get("/d/<capability>/check")
@access(DRAFT_LINK)
def show_check(lang: str, capability: str) -> AnyResponse:
    """All answers with change links, and the button; or a letter where the municipality is not connected."""
    draft = _open(capability)
    return _off_the_way(lang, draft, CHECK) or _check_page(draft)


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
        draft = _open(capability)
    except DraftGone:
        return _pressed_again(lang, capability, token)
    if elsewhere := _off_the_way(lang, draft, CHECK):
        return elsewhere
    revision = parts.form_tokens.revision_in(token, CHECK, draft.keys.row_id)
    if revision is None:
        return _check_page(draft, notice="old", status=422)
    municipality = _municipality(draft.answers)
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


@blueprint.get("/d/<capability>/delete")
@access(DRAFT_LINK)
def show_delete(lang: str, capability: str) -> AnyResponse:
    """Asks before everything is erased: a GET changes nothing."""
    draft = _open(capability)
    return render(
        "journey/delete.html",
        municipality=_municipality(draft.answers),
        token=_token(draft, "delete"),
        back=url_for("journey.show_check", lang=lang, capability=capability),
    )


@blueprint.post("/d/<capability>/delete")
@access(DRAFT_LINK)
def delete(lang: str, capability: str) -> AnyResponse:
    """Erase the draft at once, whatever page the form came from."""
    parts, draft = portal(), _open(capability)
    if parts.form_tokens.revision_in(request.form.get(FORM_TOKEN, ""), "delete", draft.keys.row_id) is None:
        return redirect(url_for(".show_delete", lang=lang, capability=capability), 303)
    drafts.erase(parts.database, draft)
    return redirect(url_for("public.deleted", lang=lang), 303)


@blueprint.app_errorhandler(DraftGone)
def draft_gone(_error: DraftGone) -> Response:
    """Unknown, used, erased and expired drafts look the same."""
    return error_page(404, "errors/draft_gone.html")


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


def _open(capability: str) -> OpenDraft:
    parts = portal()
    draft = drafts.open_draft(parts.database, capability, now=parts.clock())
    municipality = _municipality(draft.answers)
    # Of a letter that somebody takes to the town hall there is no news to send.
    has_news = municipality is None or municipality.connected
    return draft.offering(parts.settings.ways_of_sending if has_news else ())


def _municipality(answers: Answers) -> Municipality | None:
    directory = portal().directory
    return directory.get(answers.municipality or answers.started_for or "")


def _wish(answers: Answers, municipality: Municipality, lang: str) -> RequestForHelp:
    # A draft may hold the code of a municipality that has merged since.
    wish = request_for_help(answers, municipality_name=municipality.name, language=lang)
    return replace(wish, municipality_code=municipality.code)


def _token(draft: OpenDraft, purpose: str) -> str:
    return portal().form_tokens.make(purpose, draft.keys.row_id, draft.revision)


def _off_the_way(lang: str, draft: OpenDraft, step_name: str) -> AnyResponse | None:
    """To the first open question, when this page cannot be shown yet (or any more)."""
    if flow.allowed(step_name, draft.answers):
        return None
    return _to_step(lang, draft.capability, flow.first_open(draft.answers))


def _to_step(lang: str, capability: str, step_name: str) -> AnyResponse:
    return redirect(f"/{lang}/d/{capability}/{step_name}", 303)


def _to_status(lang: str, link_bits: bytes) -> AnyResponse:
    return redirect(f"/{lang}/s/{portal().links.write(link_bits, OWNER)}", 303)


def _step_page(draft: OpenDraft, step_name: str, values: StepAnswers, form: StepForm | None = None) -> Response:
    problems = form.problems() if form else []
    return render(
        f"steps/{step_name}.html",
        status=422 if form else 200,
        municipality=_municipality(draft.answers),
        has_errors=bool(problems),
        values=Blank(values),
        problems=problems,
        errors=Blank(problems),
        too_old=form is not None and form.token_failed,
        place=flow.place(step_name, draft.answers),
        back=flow.previous(step_name, draft.answers),
        token=_token(draft, step_name),
        for_other=for_somebody_else(draft.answers),
        **FORMS[step_name].beside(draft.answers, portal().directory, request.args.get("q", "")),
    )


def _check_page(draft: OpenDraft, notice: str | None = None, status: int = 200) -> AnyResponse:
    parts, answers = portal(), draft.answers
    municipality = _municipality(answers)
    if municipality is None:
        # It went on in another one since it was chosen: on 1 January municipalities merge.
        return _to_step(g.lang, draft.capability, "municipality")
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
        messages_to=message_address(answers),
        came_by=started_for if started_for and started_for.code != municipality.code else None,
        today=amsterdam_day(now),
        due=conversation_due(now, urgent=bool(wish.urgent), extra_holidays=parts.settings.extra_holidays),
        token=_token(draft, CHECK),
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
    draft = _open(capability)
    return _off_the_way(lang, draft, CHECK) or _check_page(draft, notice="changed", status=422)
