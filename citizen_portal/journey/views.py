"""The pages with questions. Each view opens, asks, answers; what may happen is decided in flow.py."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from citizen_portal.clock import amsterdam_day, utc_text
from citizen_portal.forms.base import Blank
from citizen_portal.journey import drafts, flow
from citizen_portal.journey.answers import Answers, StepAnswers
from citizen_portal.journey.drafts import DraftGone, OpenDraft
from citizen_portal.journey.forms import StepForm
from citizen_portal.journey.opened import hands_of, municipality_of, off_the_way, open_link, to_step, token_for
from citizen_portal.journey.questions import FORMS
from citizen_portal.journey.steps import BY_NAME
from citizen_portal.journey.whereabouts import look_up
from citizen_portal.web.access import ANYONE, DRAFT_LINK, access
from citizen_portal.web.context import portal
from citizen_portal.web.csrf import FORM_TOKEN, TokenContext
from citizen_portal.web.errors import TooManyRequests, error_page
from citizen_portal.web.limits import allow
from citizen_portal.web.pages import MENU, SWITCH, render

blueprint = Blueprint("journey", __name__, url_prefix="/<lang:lang>")


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
    return to_step(lang, capability, flow.first_open(answers))


@blueprint.get("/d/<capability>/<step_name>")
@access(DRAFT_LINK)
def show_step(lang: str, capability: str, step_name: str) -> AnyResponse:
    """One question, with what was answered before."""
    draft = open_link(capability)
    if step_name not in BY_NAME:
        abort(404)
    return off_the_way(lang, draft, step_name) or _step_page(draft, step_name, draft.answers.to_show(step_name))


@blueprint.post("/d/<capability>/<step_name>")
@access(DRAFT_LINK)
def save_step(lang: str, capability: str, step_name: str) -> AnyResponse:
    """Save one answer and go to the next question, or say what to do about it."""
    parts, draft = portal(), open_link(capability)
    if step_name not in BY_NAME:
        abort(404)
    if elsewhere := off_the_way(lang, draft, step_name):
        return elsewhere
    form = FORMS[step_name](
        request.form,
        token=TokenContext(parts.form_tokens, step_name, draft.keys.row_id, draft.revision),
        before=draft.answers,
        directory=parts.directory,
        today=amsterdam_day(parts.clock()),
    )
    is_valid = form.validate()
    if SWITCH in request.form and not form.token_failed:
        return _in_another_language(lang, draft, step_name, form)
    if not is_valid:
        return _step_page(draft, step_name, form.typed(), form)
    given = form.answers()
    if step_name == "helper":
        given["consented_at"] = utc_text(parts.clock())
    register = look_up(parts, draft.answers.with_step("address", given)) if step_name == "address" else None
    saved = drafts.save(
        parts.database, draft, lambda answers: flow.save(answers, step_name, given, register), now=parts.clock()
    )
    return to_step(lang, capability, flow.first_open(saved.answers))


@blueprint.get("/d/<capability>/delete")
@access(DRAFT_LINK)
def show_delete(lang: str, capability: str) -> AnyResponse:
    """Asks before everything is erased: a GET changes nothing."""
    draft = open_link(capability)
    return render(
        "journey/delete.html",
        municipality=municipality_of(draft.answers),
        hands=hands_of(draft),
        token=token_for(draft, "delete"),
        back=f"/{lang}/d/{capability}/check",
    )


@blueprint.post("/d/<capability>/delete")
@access(DRAFT_LINK)
def delete(lang: str, capability: str) -> AnyResponse:
    """Erase the draft at once, whatever page the form came from."""
    parts, draft = portal(), open_link(capability)
    if parts.form_tokens.revision_in(request.form.get(FORM_TOKEN, ""), "delete", draft.keys.row_id) is None:
        return redirect(url_for(".show_delete", lang=lang, capability=capability), 303)
    drafts.erase(parts.database, draft)
    return redirect(url_for("public.deleted", lang=lang), 303)


@blueprint.app_errorhandler(DraftGone)
def draft_gone(_error: DraftGone) -> Response:
    """Unknown, used, erased and expired drafts look the same."""
    return error_page(404, "errors/draft_gone.html")


def _in_another_language(lang: str, draft: OpenDraft, step_name: str, form: StepForm) -> AnyResponse:
    """The same question in this language, with all that stood in its fields: typed, and not looked at yet.

    SWITCH names the language of the page it was typed on; when that is still this one, the list of languages opens.
    """
    parts, typed_in = portal(), request.form[SWITCH]
    typed = form.unchecked(typed_in)
    drafts.save(parts.database, draft, lambda answers: answers.with_typed(step_name, typed), now=parts.clock())
    menu = f"?{MENU}=open" if typed_in == lang else ""
    return redirect(f"/{lang}/d/{draft.capability}/{step_name}{menu}", 303)


def _step_page(draft: OpenDraft, step_name: str, values: StepAnswers, form: StepForm | None = None) -> Response:
    problems = form.problems() if form else []
    return render(
        f"steps/{step_name}.html",
        status=422 if form else 200,
        municipality=municipality_of(draft.answers),
        has_errors=bool(problems),
        menu_open=MENU in request.args,
        values=Blank(values),
        problems=problems,
        errors=Blank(problems),
        too_old=form is not None and form.token_failed,
        place=flow.place(step_name, draft.answers),
        back=flow.previous(step_name, draft.answers),
        token=token_for(draft, step_name),
        hands=hands_of(draft),
        **FORMS[step_name].beside(draft.answers, portal().directory, request.args.get("q", "")),
    )
