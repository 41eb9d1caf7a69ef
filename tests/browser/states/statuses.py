"""Every way it can stand after the press: what the municipality reported, and how much time went by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from werkzeug.test import TestResponse

from citizen_portal.journey.draft import keys_of
from citizen_portal.storage import registrations
from citizen_portal.storage.tables import registration
from tests.browser.states.state import Making, State
from tests.progress.sending import document, send
from tests.support.walk import Form, Walk

AMSTERDAM, UTRECHT, WITHOUT_EVENTS = "GM0363", "GM0344", "GM0014"
WITHOUT_NUMBER = "GM0153"
NOT_URGENT: dict[str, Form] = {"urgent": {"urgent": "none"}}
MEETING = "2026-11-25T09:00:00Z"
LATE_MEETING = "2026-12-10T09:00:00Z"
PAUSE: dict[str, object] = {"pauzeTot": "2027-07-20", "aantalSchuldeisers": 14}
_WORDS = "Stadskantoor De Ommekeer, Weesperstraat 113, kamer 3.041 (achter de balie links)"


@dataclass(frozen=True, slots=True)
class Told:
    """One event: a status, what belongs to it, and who says it (Amsterdam when nobody else is named)."""

    status: str
    data: Mapping[str, object] = field(default_factory=dict)
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """The status page after these events, `after` the press. `received`: the intake took it."""

    variant: str
    told: tuple[Told, ...] = ()
    after: timedelta = timedelta()
    received: bool = True
    urgent: bool = True
    municipality: str = AMSTERDAM

    @property
    def state(self) -> State:
        """The standing as a state."""
        return State(f"status-{self.variant}", "status", self._made)

    def _made(self, making: Making) -> TestResponse:
        making.found(self.municipality)
        check = making.begin().to_check(None if self.urgent else NOT_URGENT)
        capability = check.path.split("/")[3]
        walk = check.press()
        subject = _registration(making, capability)
        if self.received:
            _mark_received(making, subject)
        # Each a minute after the one before, so that the newest is the last.
        for event in self.told:
            making.portal.clock.pass_by(minutes=1)
            _tell(making, subject, event, self.municipality)
        making.portal.clock.moment += self.after
        return _look(walk)


def _registration(making: Making, capability: str) -> UUID:
    keys = keys_of(capability)
    assert keys
    with making.portal.database.reading() as connection:
        record = registrations.of_draft(connection, keys.row_id)
    assert record
    return record.id


def _mark_received(making: Making, subject: UUID) -> None:
    with making.portal.database.writing() as connection:
        connection.execute(
            update(registration).where(registration.c.id == subject).values(received_at=making.portal.clock())
        )


def _tell(making: Making, subject: UUID, event: Told, municipality: str) -> None:
    data: dict[str, Any] = dict(event.data)
    message = document(
        event.status, subject=subject, sender=event.sender or municipality, at=making.portal.clock(), **data
    )
    answer = send(making.portal, message)
    assert answer.status_code == 204, answer.get_data(as_text=True)


def _look(walk: Walk) -> TestResponse:
    return walk.get(walk.path).page


def _meeting(form: str, begins: str = MEETING, **more: str) -> Told:
    return Told("gesprek-gepland", {"afspraak": {"begint": begins, "vorm": form, **more}})


_SENT = Told("kennisgeving-verstuurd", PAUSE)
_STANDINGS = (
    Standing("just-pressed", received=False),
    Standing("just-pressed-not-urgent", received=False, urgent=False),
    Standing("not-delivered", received=False, after=timedelta(hours=25), urgent=False),
    Standing("not-delivered-urgent", received=False, after=timedelta(hours=5)),
    Standing("not-delivered-for-days", received=False, after=timedelta(days=10)),
    Standing("received"),
    Standing("received-with-a-number", (Told("ontvangen", {"ontvangstnummer": "Z/2026/118-ABCDEFGH-0123456789"}),)),
    Standing("reported-before-the-answer", (Told("ontvangen"),), received=False),
    *(
        Standing(f"tried-by-{channel}", (Told("contactpoging", {"kanaal": channel}),))
        for channel in ("telefoon", "email", "post", "bezoek")
    ),
    Standing("tried-often", (Told("contactpoging", {"kanaal": "telefoon"}), Told("contactpoging"))),
    Standing("tried-too-late", (Told("contactpoging", {"kanaal": "telefoon"}),), after=timedelta(days=10)),
    Standing("contact-by-telephone", (Told("contact-gelegd", {"kanaal": "telefoon"}),)),
    Standing("contact", (Told("contact-gelegd"),)),
    *(
        Standing(f"meeting-{form}", (_meeting(form, locatie=_WORDS) if form == "kantoor" else _meeting(form),))
        for form in ("telefoon", "bezoek", "kantoor", "video")
    ),
    Standing("meeting-too-late", (_meeting("kantoor", LATE_MEETING),)),
    Standing("meeting-past", (_meeting("kantoor"),), after=timedelta(days=2, hours=20)),
    Standing("overdue", after=timedelta(days=10)),
    Standing("overdue-not-urgent", after=timedelta(days=40), urgent=False),
    Standing("overdue-without-a-number", after=timedelta(days=10), municipality=WITHOUT_NUMBER),
    Standing("does-not-report", municipality=WITHOUT_EVENTS),
    Standing("does-not-report-and-term-passed", municipality=WITHOUT_EVENTS, after=timedelta(days=40)),
    Standing("admitted", (Told("toegelaten"),)),
    Standing("admitted-after-contact", (Told("contact-gelegd"), Told("toegelaten"))),
    Standing("not-admitted", (Told("niet-toegelaten"),)),
    Standing("sent", (_SENT,)),
    Standing("sent-after-contact", (Told("contact-gelegd", {"kanaal": "bezoek"}), _SENT)),
    Standing("sent-without-a-day", (Told("kennisgeving-verstuurd"),)),
    Standing("sent-to-one", (Told("kennisgeving-verstuurd", {"aantalSchuldeisers": 1}),)),
    Standing("creditors-updated", (_SENT, Told("schuldeisers-bijgewerkt"))),
    Standing("pause-over", (_SENT,), after=timedelta(days=300)),
    Standing("pause-over-without-a-day", (Told("kennisgeving-verstuurd"),), after=timedelta(days=300)),
    Standing("not-admitted-after-sent", (_SENT, Told("niet-toegelaten"))),
    Standing("forwarded", (Told("doorgestuurd", {"gemeentecode": UTRECHT}),)),
    Standing(
        "forwarded-and-contact", (Told("doorgestuurd", {"gemeentecode": UTRECHT}), Told("contact-gelegd", {}, UTRECHT))
    ),
    *(Standing(f"ended-{status}", (Told(status),)) for status in ("verhuisd", "geen-contact", "ingetrokken")),
    Standing("ended-afgesloten", (Told("contact-gelegd"), Told("afgesloten"))),
    Standing("ended-after-sent", (_SENT, Told("afgesloten"))),
    Standing("kennisgeving-unknown", municipality=UTRECHT),
)

STATUSES: tuple[State, ...] = tuple(standing.state for standing in _STANDINGS)
