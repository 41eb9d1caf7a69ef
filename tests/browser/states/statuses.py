"""Every way it can stand after the press: what was reported, what was done on the page, and how much time went by."""

from __future__ import annotations

from datetime import timedelta

from citizen_portal.registration.links import HELPER, VIEW
from tests.browser.states.standing import (
    BY_SMS,
    HELPED,
    MOVED,
    MOVED_OUT_OF_REACH,
    SENT,
    URGENT,
    UTRECHT,
    WITHOUT_EVENTS,
    WITHOUT_NUMBER,
    Standing,
    Told,
    chose_when_it_could_send,
    comes_with_the_reference,
    gets_nothing,
    lends,
    lives_through_a_merger,
    notes_a_call,
    sends,
    takes_paper,
)
from tests.browser.states.state import Kind, State
from tests.support.residents import NO_MESSAGES

MEETING = "2026-11-25T09:00:00Z"
LATE_MEETING = "2026-12-10T09:00:00Z"
# From the press to the last day of the pause that SENT asks for.
_ALL_DAYS = 239
_WORDS = "Stadskantoor De Ommekeer, Weesperstraat 113, kamer 3.041 (achter de balie links)"


def _meeting(form: str, begins: str = MEETING, **more: str) -> Told:
    return Told("gesprek-gepland", {"afspraak": {"begint": begins, "vorm": form, **more}})


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
    Standing("sent", (SENT,)),
    Standing("sent-after-contact", (Told("contact-gelegd", {"kanaal": "bezoek"}), SENT)),
    Standing("sent-without-a-day", (Told("kennisgeving-verstuurd"),)),
    Standing("sent-to-one", (Told("kennisgeving-verstuurd", {"aantalSchuldeisers": 1}),)),
    Standing("creditors-updated", (SENT, Told("schuldeisers-bijgewerkt"))),
    Standing("pause-over", (SENT,), after=timedelta(days=300)),
    Standing("pause-over-without-a-day", (Told("kennisgeving-verstuurd"),), after=timedelta(days=300)),
    Standing("not-admitted-after-sent", (SENT, Told("niet-toegelaten"))),
    Standing("forwarded", (MOVED,)),
    Standing("forwarded-and-contact", (MOVED, Told("contact-gelegd", {}, UTRECHT))),
    *(Standing(f"ended-{status}", (Told(status),)) for status in ("verhuisd", "geen-contact", "ingetrokken")),
    Standing("ended-afgesloten", (Told("contact-gelegd"), Told("afgesloten"))),
    Standing("ended-after-sent", (SENT, Told("afgesloten"))),
    Standing("kennisgeving-unknown", municipality=UTRECHT),
    *(
        Standing(f"{left}-days-of-pause-left", (SENT,), after=timedelta(days=_ALL_DAYS - left))
        for left in (30, 28, 7, 5, 1, 0)
    ),
    Standing("told-urgent", did=(sends("urgent", URGENT),), urgent=False),
    Standing("called", (Told("contactpoging", {"kanaal": "telefoon"}),), did=(notes_a_call(),)),
    Standing("called-when-overdue", after=timedelta(days=10), did=(notes_a_call(),)),
    Standing("not-called-after-all", after=timedelta(days=10), did=(notes_a_call(), notes_a_call("no"))),
    Standing("withdrawn", did=(sends("withdraw"),)),
    Standing("withdrawn-when-sent", (SENT,), did=(sends("withdraw"),)),
    Standing("withdrawn-and-then-contact", (Told("contact-gelegd"),), did=(sends("withdraw"),)),
    Standing("without-messages", given=NO_MESSAGES),
    Standing("message-failed", did=(sends("messages", BY_SMS), gets_nothing)),
    Standing("silent", on=Kind.SILENT),
    Standing("silent-that-could-send", did=(chose_when_it_could_send,), on=Kind.SILENT),
    Standing("message-failed-and-looked-at", did=(sends("messages", BY_SMS), gets_nothing, comes_with_the_reference)),
    Standing("looked-at-once", did=(comes_with_the_reference,)),
    Standing("looked-at-often", did=(comes_with_the_reference,) * 6, municipality=WITHOUT_NUMBER),
    Standing("a-part", scope=VIEW),
    Standing("a-part-with-a-meeting", (_meeting("kantoor", locatie=_WORDS),), scope=VIEW),
    Standing("a-part-when-called", after=timedelta(days=10), did=(notes_a_call(),), scope=VIEW),
    Standing("a-part-when-sent", (SENT,), scope=VIEW),
    Standing("lent", did=(lends,)),
    Standing("lent-and-taken-along", did=(lends, takes_paper)),
    Standing("lent-by-who-pressed", given=HELPED),
    Standing("just-pressed", received=False, scope=HELPER),
    Standing("not-delivered", received=False, after=timedelta(days=10), scope=HELPER),
    Standing("with-a-meeting", (_meeting("kantoor", locatie=_WORDS),), scope=HELPER),
    Standing("overdue", after=timedelta(days=10), scope=HELPER),
    Standing("sent", (SENT,), scope=HELPER),
    Standing("forwarded-out-of-reach", (MOVED_OUT_OF_REACH,)),
    Standing("forwarded-out-of-reach-and-overdue", (MOVED_OUT_OF_REACH,), after=timedelta(days=10)),
    Standing("merged", after=timedelta(days=60), did=(lives_through_a_merger,), municipality=WITHOUT_NUMBER),
)

STATUSES: tuple[State, ...] = tuple(standing.state for standing in _STANDINGS)
