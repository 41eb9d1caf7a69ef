"""Messages: chosen, changed or stopped, from the status page or from any message itself."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from citizen_portal.forms.base import Blank, TokenForm
from citizen_portal.forms.updates import UpdatesFields
from citizen_portal.notices.queueing import Notices
from citizen_portal.registration.links import OWNER, STOP
from citizen_portal.status.opened import OpenStatus, open_status
from citizen_portal.storage import events, message_choices
from citizen_portal.web.access import access, status_link
from citizen_portal.web.context import portal
from citizen_portal.web.pages import SWITCH

blueprint = Blueprint("messages", __name__, url_prefix="/<lang:lang>/s/<token>")

_RULE = status_link(OWNER, STOP)


class MessagesForm(UpdatesFields, TokenForm):
    """Whether messages come, and where."""

    def __init__(self, given: MultiDict[str, str], opened: OpenStatus) -> None:
        self.ways = portal().settings.ways_of_sending
        super().__init__(given, token=opened.form("messages"), today=opened.today)


@blueprint.get("/messages")
@access(_RULE)
def show(lang: str, token: str) -> Response:
    """The choice as it is; with the link of a message only the button that stops them."""
    return _page(open_status(lang, token, _RULE))


@blueprint.post("/messages")
@access(_RULE)
def save(lang: str, token: str) -> AnyResponse:
    """Keep another choice; with the link of a message: stop."""
    opened = open_status(lang, token, _RULE)
    form = MessagesForm(request.form, opened)
    if not opened.is_owners:
        if form.token_failed or not form.validate() or form.updates_by.data != "none":
            return _page(opened)
        _stop(opened)
        return _page(opened, stopped=True)
    if SWITCH in request.form or not form.validate():
        return _page(opened, form)
    chosen = form.chosen()
    if chosen is None:
        _stop(opened)
        return opened.back()
    parts = portal()
    with parts.database.writing() as connection:
        events.lock_registration(connection, opened.record.id)
        Notices(parts).choose(connection, opened.record.id, chosen, language=lang, now=opened.now)
    return opened.back()


def _stop(opened: OpenStatus) -> None:
    with portal().database.writing() as connection:
        message_choices.remove(connection, opened.record.id)


def _page(opened: OpenStatus, form: MessagesForm | None = None, *, stopped: bool = False) -> Response:
    problems = form.problems() if form else []
    with portal().database.reading() as connection:
        choice = message_choices.get(connection, opened.record.id)
    return opened.page(
        "status/messages.html" if opened.is_owners else "status/stop.html",
        status=422 if form and form.errors else 200,
        has_errors=bool(problems),
        ways=portal().settings.ways_of_sending,
        choice=choice,
        stopped=stopped,
        values=Blank(form.typed() if form else {}),
        problems=problems,
        errors=Blank(problems),
        too_old=form is not None and form.token_failed,
        token=opened.form_token("messages"),
    )
