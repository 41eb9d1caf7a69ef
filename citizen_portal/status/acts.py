"""What the owner of a link may tell the municipality afterwards: it became urgent; please stop."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field
from wtforms.validators import ValidationError

from citizen_portal.forms.base import Blank, TokenForm
from citizen_portal.forms.fields import Several, Text
from citizen_portal.forms.urgency import check_urgent_day
from citizen_portal.registration.later import NotThereAnyMore, tell_urgent, withdraw
from citizen_portal.registration.links import OWNER
from citizen_portal.registration.model import UrgentKind
from citizen_portal.status.opened import OpenStatus, open_status
from citizen_portal.web.access import access, status_link
from citizen_portal.web.context import portal
from citizen_portal.web.csrf import FORM_TOKEN
from citizen_portal.web.errors import LinkGone
from citizen_portal.web.pages import SWITCH

blueprint = Blueprint("acts", __name__, url_prefix="/<lang:lang>/s/<token>")

_OWNER = status_link(OWNER)


class UrgentForm(TokenForm):
    """What became urgent, and on which day it is going to happen."""

    urgent = Several(tuple(UrgentKind))
    urgent_date_day = Text()
    urgent_date_month = Text()
    urgent_date_year = Text()

    def validate_urgent(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Kies wat er dringend is. Weet u het niet? Kies ‘Iets anders dat dringend is’."))

    def validate_urgent_date_day(self, _field: Field) -> None:
        check_urgent_day(self.day_of("urgent_date"), self.today)


@blueprint.get("/urgent")
@access(_OWNER)
def show_urgent(lang: str, token: str) -> Response:
    """Which kind, by when; or whom to call, where the portal cannot pass it on."""
    return _urgent_page(open_status(lang, token, _OWNER))


@blueprint.post("/urgent")
@access(_OWNER)
def send_urgent(lang: str, token: str) -> AnyResponse:
    """Keep and send it, under the same reference."""
    parts, opened = portal(), open_status(lang, token, _OWNER)
    if not _can_still_be_told(opened):
        return _urgent_page(opened)
    form = UrgentForm(request.form, token=opened.form("urgent"), today=opened.today)
    if SWITCH in request.form or not form.validate():
        return _urgent_page(opened, form)
    try:
        tell_urgent(
            parts.database,
            parts.keys,
            opened.record.id,
            tuple(kind for kind in UrgentKind if kind in form.urgent.data),
            form.day_of("urgent_date"),
            now=opened.now,
            extra_holidays=parts.settings.extra_holidays,
        )
    except NotThereAnyMore:
        raise LinkGone from None
    return opened.back()


@blueprint.get("/withdraw")
@access(_OWNER)
def show_withdraw(lang: str, token: str) -> Response:
    """What it means to stop, before anything happens."""
    return _withdraw_page(open_status(lang, token, _OWNER))


@blueprint.post("/withdraw")
@access(_OWNER)
def send_withdrawal(lang: str, token: str) -> AnyResponse:
    """Ask the municipality to stop. Done by one POST; once more changes nothing."""
    parts, opened = portal(), open_status(lang, token, _OWNER)
    seen = opened.revision_in(request.form.get(FORM_TOKEN, ""), "withdraw")
    if seen is None:
        return _withdraw_page(opened, status=422)
    if seen == _withdrawal(opened) and _can_still_be_told(opened):
        before = opened.record.withdrawn_at
        try:
            withdraw(parts.database, parts.keys, opened.record.id, before=before, now=opened.now)
        except NotThereAnyMore:
            raise LinkGone from None
    return opened.back()


def _can_still_be_told(opened: OpenStatus) -> bool:
    """Whether it goes on, at a municipality that the portal reaches."""
    return opened.can_be_told and opened.facts.ended is None


def _withdrawal(opened: OpenStatus) -> int:
    """Tells one withdrawal from the next: the same page sent again, even much later, is no second request."""
    kept = opened.record.withdrawn_at
    return int(kept.timestamp()) if kept else 0


def _withdraw_page(opened: OpenStatus, *, status: int = 200) -> Response:
    return opened.page(
        "status/withdraw.html",
        status=status,
        too_old=status != HTTPStatus.OK,
        possible=_can_still_be_told(opened),
        token=opened.form_token("withdraw", _withdrawal(opened)),
    )


def _urgent_page(opened: OpenStatus, form: UrgentForm | None = None) -> Response:
    problems = form.problems() if form else []
    return opened.page(
        "status/urgent.html",
        status=422 if form and form.errors else 200,
        has_errors=bool(problems),
        possible=_can_still_be_told(opened),
        values=Blank(form.typed() if form else {}),
        problems=problems,
        errors=Blank(problems),
        too_old=form is not None and form.token_failed,
        token=opened.form_token("urgent"),
    )
