"""The link is gone: reference and postcode (or birth date) show how it stands; a message brings the owner's link."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from citizen_portal.forms import inputs
from citizen_portal.forms.base import Blank
from citizen_portal.notices.queueing import Notices
from citizen_portal.registration.links import BRIEF_LIFE, VIEW
from citizen_portal.registration.lookup import Lookups, agrees
from citizen_portal.registration.new_link import make_link
from citizen_portal.registration.reference import parse_reference
from citizen_portal.storage import events, registrations
from citizen_portal.storage.links import LOST
from citizen_portal.storage.registrations import RegistrationRecord
from citizen_portal.web.access import ANYONE, access
from citizen_portal.web.context import portal
from citizen_portal.web.errors import TriesOver
from citizen_portal.web.limits import allow
from citizen_portal.web.pages import render

blueprint = Blueprint("lost", __name__, url_prefix="/<lang:lang>/status")

_ANY_TEXT = 100
# What an unknown reference is compared with, so that it takes as long as a known one.
_NOBODY = UUID(int=0)


@blueprint.get("")
@access(ANYONE)
def show(lang: str) -> Response:
    """The two ways back."""
    return _page()


@blueprint.post("")
@access(ANYONE)
def look(lang: str) -> AnyResponse:
    """A link that shows how it stands, for 30 minutes. Wrong and unknown get one same answer, in the same time."""
    given = _Given(request.form)
    if given.problems:
        return _page(given)
    parts, now = portal(), portal().clock()
    _limit("lost-link", given.reference)
    with parts.database.reading() as connection:
        record = registrations.of_reference(connection, given.reference)
    if not given.agree_with(record) or record is None:
        return _page(given, wrong=True)
    with parts.database.writing() as connection:
        bits = make_link(connection, record.id, VIEW, lives=BRIEF_LIFE, now=now, origin=LOST)
    return redirect(f"/{lang}/s/{parts.links.write(bits, VIEW)}", 303)


@blueprint.post("/message")
@access(ANYONE)
def send(lang: str) -> Response:
    """An owner's link to the address that was chosen for messages. The same answer, whether there is one or not."""
    given = _Given(request.form, only_reference=True)
    if given.problems:
        return _page(given)
    parts, now = portal(), portal().clock()
    _limit("link-message", given.reference)
    with parts.database.writing() as connection:
        record = registrations.of_reference(connection, given.reference)
        if record is not None:
            events.lock_registration(connection, record.id)
            Notices(parts).send_link(connection, record.id, now=now)
    return render("status/link_sent.html", can_send=bool(parts.settings.ways_of_sending))


class _Given:
    """What was typed, and what is wrong with it before anything was looked up."""

    def __init__(self, form: MultiDict[str, str], *, only_reference: bool = False) -> None:
        self.typed = {name: inputs.clean_text(value[:_ANY_TEXT]) for name, value in form.items()}
        self.reference = parse_reference(self._text("reference")) or ""
        self.postcode = inputs.postcode(self._text("postcode"))
        self.house_number = inputs.house_number(self._text("house_number"))
        parts = (self._text(f"birth_date_{part}") for part in ("day", "month", "year"))
        self.birth_date = inputs.day(*parts)
        self.problems: list[tuple[str, str]] = []
        if not self.reference:
            message = _("Dit kenmerk klopt niet. Het begint met P en heeft daarna acht tekens.")
            self.problems.append(("message_reference" if only_reference else "reference", message))
        if not only_reference and not self.birth_date and not (self.postcode and self.house_number):
            message = _("Vul uw postcode en huisnummer in. Of vul uw geboortedatum in.")
            self.problems.append(("postcode", message))

    def _text(self, name: str) -> str:
        return self.typed.get(name, "")

    def agree_with(self, record: RegistrationRecord | None) -> bool:
        """Whether what was typed is what was given at the press. Takes as long without a record."""
        lookups = Lookups(portal().keys)
        of = record.id if record else _NOBODY
        number = int(self.house_number[0]) if self.house_number else 0
        by_address = lookups.address(of, self.postcode or "", number)
        by_birth = lookups.birth(of, self.birth_date or portal().clock().date())
        address_agrees = agrees(record.address_hash if record else None, by_address)
        birth_agrees = agrees(record.birth_hash if record else None, by_birth)
        if self.postcode and self.house_number:
            return address_agrees
        return birth_agrees and self.birth_date is not None


def _limit(name: str, reference: str) -> None:
    """For each network and for each reference, known or not. Raises TriesOver."""
    network = request.remote_addr or ""
    if not allow(portal(), f"{name}-network", network) or not allow(portal(), name, reference):
        raise TriesOver


def _page(given: _Given | None = None, *, wrong: bool = False) -> Response:
    problems = given.problems if given else []
    return render(
        "status/lost.html",
        status=422 if given else 200,
        has_errors=bool(problems),
        problems=problems,
        errors=Blank(problems),
        wrong=wrong,
        values=Blank(given.typed if given else {}),
        can_send=bool(portal().settings.ways_of_sending),
    )
