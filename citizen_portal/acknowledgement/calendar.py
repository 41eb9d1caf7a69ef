"""Days and appointments as a calendar file (RFC 5545), for any telephone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from citizen_portal.acknowledgement.characters import plain

if TYPE_CHECKING:
    from icalendar import Alarm, Event

# Says what made the file and nothing about why: a shared calendar shows it.
PRODUCT = "-//citizen-portal//calendar//NL"

_MORNING = timedelta(hours=9)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to remember: a whole day when `starts` is a date, else a moment (aware) with an optional end.

    `uid` is the same in every file about the same thing, so that a calendar replaces it. `remind_before` counts from
    the start; for a whole day from nine in the morning, so that no telephone rings at midnight. Raises ValueError for
    a moment without a time zone, for an end without a start at a moment, and for an end that is not later.
    """

    uid: str
    summary: str
    starts: date | datetime
    ends: datetime | None = None
    description: str = ""
    remind_before: timedelta | None = None

    def __post_init__(self) -> None:
        starts = self.starts if isinstance(self.starts, datetime) else None
        if any(moment is not None and moment.tzinfo is None for moment in (starts, self.ends)):
            raise ValueError("a moment in a calendar needs a time zone")
        # In UTC: two moments of one time zone compare by the hands of the clock.
        if self.ends is not None and (starts is None or self.ends.astimezone(UTC) <= starts.astimezone(UTC)):
            raise ValueError("an end comes after the moment at which something starts")


def to_calendar(entries: Sequence[Entry], *, made_at: datetime, language: str) -> bytes:
    """A `text/calendar` file (UTF-8, CRLF, lines folded at 75 bytes) to be put into a calendar: METHOD PUBLISH.

    Moments are in UTC, so that no time zone has to come along and both clock changes are right in every calendar.
    `made_at` (aware) is the time stamp of every entry. Control characters and overrides of direction are left out;
    a line end stays one in a description and is a space elsewhere. The same arguments give the same bytes.
    Raises ValueError when `language` is not a language tag, or `made_at` has no time zone.
    """
    from icalendar import Calendar  # noqa: PLC0415 - three megabytes that most processes never need

    if not _LANGUAGE.fullmatch(language):
        raise ValueError("not a language tag")
    if made_at.tzinfo is None:
        raise ValueError("the time of a calendar needs a time zone")
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("method", "PUBLISH")
    calendar.add("calscale", "GREGORIAN")
    for entry in entries:
        calendar.add_component(_event(entry, made_at=made_at, language=language))
    written: bytes = calendar.to_ical()
    return written


def _event(entry: Entry, *, made_at: datetime, language: str) -> Event:
    from icalendar import Event  # noqa: PLC0415

    in_language = {"LANGUAGE": language}
    event = Event()
    event.add("uid", _one_line(entry.uid))
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("summary", _one_line(entry.summary), parameters=in_language)
    if entry.description:
        event.add("description", plain(entry.description), parameters=in_language)
    if isinstance(entry.starts, datetime):
        event.add("dtstart", entry.starts.astimezone(UTC))
        if entry.ends is not None:
            event.add("dtend", entry.ends.astimezone(UTC))
    else:
        event.add("dtstart", entry.starts)
        event.add("dtend", entry.starts + timedelta(days=1))
        # A day to remember does not make somebody busy.
        event.add("transp", "TRANSPARENT")
    # Whoever may look into a shared calendar sees that there is something, not what.
    event.add("class", "PRIVATE")
    if entry.remind_before is not None:
        event.add_component(_alarm(entry, entry.remind_before, in_language))
    return event


def _alarm(entry: Entry, before: timedelta, in_language: dict[str, str]) -> Alarm:
    from icalendar import Alarm  # noqa: PLC0415

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _one_line(entry.summary), parameters=in_language)
    alarm.add("trigger", -before if isinstance(entry.starts, datetime) else _MORNING - before)
    return alarm


def _one_line(text: str) -> str:
    return " ".join(plain(text).split("\n"))
