"""The days that count, as entries of a calendar. Their titles are neutral: others look at a calendar, too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid5

from flask_babel import gettext as _

from citizen_portal.acknowledgement.calendar import Entry, to_calendar
from citizen_portal.status.opened import OpenStatus

_LEAST_CONVERSATION = timedelta(hours=1)
_DAY_BEFORE = timedelta(days=1)
_TWO_HOURS = timedelta(hours=2)
_FOUR_WEEKS = timedelta(weeks=4)


def calendar_of(opened: OpenStatus) -> bytes:
    """The calendar file: the latest day of the first conversation, an appointment, the end of the pause."""
    return to_calendar(list(_entries(opened)), made_at=opened.now, language=opened.lang)


def _entries(opened: OpenStatus) -> Iterator[Entry]:
    facts, record = opened.facts, opened.record
    if facts.clock_met_at is None and facts.ended is None:
        yield Entry(
            uid=_uid(record.id, "gesprek"),
            summary=_("Laatste dag voor het gesprek"),
            starts=record.conversation_due,
            description=_(
                "Is er nog niet met u gepraat? Bel dan. Uw kenmerk is %(reference)s.", reference=record.reference
            ),
        )
    if facts.appointment is not None and facts.ended is None:
        yield Entry(
            uid=_uid(record.id, "afspraak"),
            summary=_("Afspraak"),
            starts=facts.appointment.begins,
            ends=facts.appointment.begins + _LEAST_CONVERSATION,
            remind_before=_TWO_HOURS,
        )
    if facts.pause_runs and facts.kennisgeving and facts.kennisgeving.pause_until:
        last = facts.kennisgeving.pause_until
        yield Entry(uid=_uid(record.id, "einde"), summary=_("Laatste dag"), starts=last, remind_before=_DAY_BEFORE)
        yield Entry(
            uid=_uid(record.id, "vier-weken"),
            summary=_("Nog vier weken: bel over wat daarna komt"),
            starts=last - _FOUR_WEEKS,
        )


def _uid(registration_id: UUID, name: str) -> str:
    """The same for the same entry, so that a second import replaces the first; it leads to nobody."""
    return str(uuid5(registration_id, f"calendar:{name}"))
