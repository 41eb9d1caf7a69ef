"""The page of the example intake: what came in, and a button for everything that a case worker can report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from babel.dates import format_date, format_datetime
from flask import Blueprint, Response, abort, redirect, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue

from citizen_portal import resources
from citizen_portal.clock import AMSTERDAM, amsterdam_day, utc_text

if TYPE_CHECKING:
    from citizen_portal.example.intake import Intake

PAGE_SIZE = 20
# A Kennisgeving asks for eight months at most, which are never fewer than 242 days.
PAUSE_DAYS = 240
# Each status, the words on its button, and the fields of its form.
STATUSES: dict[str, tuple[str, tuple[str, ...]]] = {
    "ontvangen": ("Ontvangen", ()),
    "contactpoging": ("Wij probeerden te bellen", ("kanaal",)),
    "contact-gelegd": ("Contact gelegd", ("kanaal",)),
    "kennisgeving-verstuurd": ("Kennisgeving verstuurd", ("pauzeTot", "aantalSchuldeisers")),
    "gesprek-gepland": ("Gesprek gepland", ("begint", "vorm", "locatie")),
    "toegelaten": ("Toegelaten", ()),
    "niet-toegelaten": ("Niet toegelaten", ()),
    "schuldeisers-bijgewerkt": ("Schuldeisers bijgewerkt", ()),
    "doorgestuurd": ("Doorgestuurd", ("gemeentecode",)),
    "verhuisd": ("Verhuisd", ()),
    "geen-contact": ("Geen contact", ()),
    "ingetrokken": ("Ingetrokken", ()),
    "afgesloten": ("Afgesloten", ()),
    "herroepen": ("Dat was een vergissing", ("herroept",)),
}
# Only what the page needs may be loaded. The referrer stays on this site: without one a browser hides the Origin too.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_AFTER_EVERYTHING = 2**62


def page_of(intake: Intake) -> Blueprint:
    """The page of `intake`. It knows no session, so a button works only when it was pressed on the page itself."""
    page = Blueprint("page", __name__)
    page.add_app_template_filter(dutch)

    @page.before_request
    def refuse_other_sites() -> None:
        if request.method == "POST" and request.headers.get("Origin") not in {None, f"http://{request.host}"}:
            abort(403, "Dit formulier komt van een andere site.")

    @page.after_app_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    @page.get("/")
    def show() -> ResponseReturnValue:
        today = amsterdam_day(intake.clock())
        before = min(request.args.get("voor", _AFTER_EVERYTHING, type=int), _AFTER_EVERYTHING)
        cards = [card(history, today) for history in intake.newest(before, PAGE_SIZE)]
        return render_template(
            "page.html",
            cards=cards,
            older=cards[-1]["number"] if len(cards) == PAGE_SIZE else None,
            until=today + timedelta(days=PAUSE_DAYS),
            statuses=STATUSES,
            new_id=uuid4,
        )

    @page.post("/aanmeldingen/<uuid:registration_id>/gebeurtenissen")
    def report(registration_id: UUID) -> ResponseReturnValue:
        try:
            # The form carries the id: a double click, or a form that is sent again, is the same event.
            event_id, data = str(UUID(request.form["id"])), event_data(request.form)
        except (KeyError, ValueError, OverflowError):
            abort(422, "Een veld is niet goed ingevuld. Ga terug en verbeter het.")
        intake.report(str(registration_id), event_id, data)
        if data["status"] == "doorgestuurd":
            intake.pass_on(str(registration_id), data.get("gemeentecode", ""))
        return back_to(event_id)

    @page.post("/gebeurtenissen/<uuid:event_id>/opnieuw")
    def send_again(event_id: UUID) -> ResponseReturnValue:
        intake.deliver(str(event_id))
        return back_to(str(event_id))

    def back_to(event_id: str) -> ResponseReturnValue:
        return redirect(url_for("page.show", voor=request.args.get("voor"), _anchor=f"g-{event_id}"), 303)

    @page.get("/example.css")
    def stylesheet() -> ResponseReturnValue:
        return send_from_directory(resources.folder("static"), "example.css")

    return page


def event_data(form: Mapping[str, str]) -> dict[str, Any]:
    """The `data` of an event as a form says it; empty fields are left out.

    Raises KeyError, ValueError or OverflowError for a form that is not one of the page. Whether what it says can be
    true is for the portal to judge.
    """
    status = form["status"]
    given: dict[str, Any] = {name: form[name] for name in STATUSES[status][1] if form.get(name)}
    if "aantalSchuldeisers" in given:
        given["aantalSchuldeisers"] = int(given["aantalSchuldeisers"])
    if "begint" in given:
        begins = datetime.fromisoformat(given.pop("begint")).replace(tzinfo=AMSTERDAM)
        given = {"afspraak": {"begint": utc_text(begins), **given}}
    return {"status": status, **given}


def card(history: list[dict[str, Any]], today: date) -> dict[str, Any]:
    """What the page shows of one registration, out of everything that is kept about it, oldest first."""
    registration, *later = history
    additions = [message for message in later if message["kind"] == "aanvullingen"]
    events = [message for message in later if message["kind"] == "gebeurtenis"]
    urgency = {**registration["body"]["hulpvraag"], **(additions[-1]["body"] if additions else {})}
    return {
        **registration,
        "message": registration["body"],
        "urgency": urgency,
        "countdown": countdown(urgency.get("uiterlijkGesprekOp"), today),
        "additions": additions,
        "withdrawals": [message for message in later if message["kind"] == "intrekking"],
        "events": events,
        "revoked": {
            event["body"]["data"].get("herroept") for event in events if event["code"] != HTTPStatus.BAD_REQUEST
        },
    }


def countdown(day: object, today: date) -> str:
    """How far `day` is away, in words; nothing when it is not a date."""
    try:
        days = (date.fromisoformat(str(day)) - today).days
    except ValueError:
        return ""
    if days == 0:
        return "vandaag"
    number = "1 dag" if abs(days) == 1 else f"{abs(days)} dagen"
    return f"nog {number}" if days > 0 else f"{number} geleden"


def dutch(text: str) -> str:
    """A date or a moment of a message in words; anything else as it stands."""
    try:
        if len(text) == len("2026-11-23"):
            return format_date(date.fromisoformat(text), "EEEE d MMMM y", locale="nl")
        moment = datetime.fromisoformat(text)
        return format_datetime(moment, "EEEE d MMMM y, HH.mm 'uur'", tzinfo=AMSTERDAM, locale="nl")
    except (ValueError, OverflowError):
        return text
