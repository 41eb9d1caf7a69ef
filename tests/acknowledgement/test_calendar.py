"""The calendar file: right to the hour over both clock changes, and nothing typed can become a line of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from citizen_portal.acknowledgement.calendar import PRODUCT, Entry, to_calendar
from citizen_portal.clock import AMSTERDAM
from tests.support.proofs import OWN_WORDS

MADE_AT = datetime(2026, 3, 3, 13, 5, tzinfo=UTC)
DAY = date(2026, 3, 31)
ANY_TEXT = st.text(st.one_of(st.characters(codec="utf-8"), st.integers(0xD800, 0xDFFF).map(chr)), max_size=300)
INJECTION = "a\r\nATTACH:http://example.nl\r\nEND:VEVENT\nBEGIN:VALARM\rX-A:b\u2028c\x85d\x0be"


def written(*entries: Entry, language: str = "nl") -> bytes:
    return to_calendar(entries, made_at=MADE_AT, language=language)


def read(file: bytes) -> list[Any]:
    """The events of a file, as the library reads them."""
    return Calendar.from_ical(file).walk("VEVENT")


def lines(file: bytes) -> list[str]:
    """The lines of the file, unfolded (RFC 5545, 3.1)."""
    assert file.endswith(b"\r\n")
    return file.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def test_a_day_is_a_whole_day_that_keeps_nobody_busy() -> None:
    file = written(Entry("1@portal", "Laatste dag", DAY))
    assert "DTSTART;VALUE=DATE:20260331" in lines(file)
    assert "DTEND;VALUE=DATE:20260401" in lines(file)
    assert "TRANSP:TRANSPARENT" in lines(file)
    assert "CLASS:PRIVATE" in lines(file)


def test_the_file_says_what_it_is_and_not_what_it_is_about() -> None:
    file = written(Entry("1@portal", "Afspraak", DAY))
    head = lines(file)[: lines(file).index("BEGIN:VEVENT")]
    assert head == ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    assert not {"schuld", "pauze", "debt"} & set(PRODUCT.lower().replace("//", " ").split())
    assert "DTSTAMP:20260303T130500Z" in lines(file)


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        # The last hour of winter time and the first of summer time; the night of the other change, both times 02:30.
        (datetime(2026, 3, 29, 1, 30), "20260329T003000Z"),
        (datetime(2026, 3, 29, 3, 0), "20260329T010000Z"),
        (datetime(2026, 3, 30, 9, 0), "20260330T070000Z"),
        (datetime(2026, 10, 25, 2, 30, fold=0), "20261025T003000Z"),
        (datetime(2026, 10, 25, 2, 30, fold=1), "20261025T013000Z"),
        (datetime(2026, 10, 26, 9, 0), "20261026T080000Z"),
    ],
)
def test_a_moment_in_amsterdam_is_right_over_both_clock_changes(local: datetime, utc: str) -> None:
    file = written(Entry("1@portal", "Afspraak", local.replace(tzinfo=AMSTERDAM)))
    assert f"DTSTART:{utc}" in lines(file)


def test_an_appointment_may_run_through_the_hour_that_comes_twice() -> None:
    begins = datetime(2026, 10, 25, 2, 30, fold=0, tzinfo=AMSTERDAM)
    ends = datetime(2026, 10, 25, 2, 15, fold=1, tzinfo=AMSTERDAM)
    (event,) = read(written(Entry("1@portal", "Afspraak", begins, ends)))
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=45)


def test_a_reminder_comes_before_a_moment_and_in_the_morning_for_a_day() -> None:
    moment = datetime(2026, 3, 31, 14, 0, tzinfo=AMSTERDAM)
    file = written(
        Entry("1@portal", "Afspraak", moment, remind_before=timedelta(hours=2)),
        Entry("2@portal", "Laatste dag", DAY, remind_before=timedelta(days=28)),
        Entry("3@portal", "Laatste dag", DAY, remind_before=timedelta(0)),
    )
    alarms = [event.walk("VALARM")[0].decoded("trigger") for event in read(file)]
    assert alarms == [timedelta(hours=-2), timedelta(days=-28, hours=9), timedelta(hours=9)]


def test_no_reminder_unless_asked_for() -> None:
    assert "VALARM" not in written(Entry("1@portal", "Afspraak", DAY)).decode()


@pytest.mark.parametrize("field", ["uid", "summary", "description"])
def test_a_line_end_in_a_text_never_begins_a_line_of_the_file(field: str) -> None:
    fields = {"uid": "1@portal", "summary": "Afspraak", field: INJECTION}
    file = written(Entry(starts=DAY, remind_before=timedelta(days=1), **fields))  # type: ignore[arg-type]
    names = {line.split(":")[0].split(";")[0] for line in lines(file)}
    assert not names & {"ATTACH", "X-A"}
    assert file.count(b"\r\nBEGIN:VALARM\r\n") == 1
    (event,) = read(file)
    parts = ["a", "ATTACH:http://example.nl", "END:VEVENT", "BEGIN:VALARM", "X-A:b", "c", "d", "e"]
    assert str(event[field]) == ("\n" if field == "description" else " ").join(parts)


@pytest.mark.parametrize("language", sorted(OWN_WORDS))
def test_text_in_every_language_comes_back_as_it_was(language: str) -> None:
    words = OWN_WORDS[language] + r' ; , \n \\ " : =HYPERLINK("x")'
    (event,) = read(written(Entry("1@portal", words, DAY, description=words), language=language))
    assert (str(event["summary"]), str(event["description"])) == (words, words)
    assert event["summary"].params["LANGUAGE"] == language


def test_long_lines_are_folded_between_letters() -> None:
    text = "ትግርኛ🙂é" * 200
    file = written(Entry("1@portal", text, DAY))
    for line in file.split(b"\r\n"):
        assert len(line) <= 75
        assert line.decode() is not None
    assert str(read(file)[0]["summary"]) == text


@settings(max_examples=100)
@given(summary=ANY_TEXT, description=ANY_TEXT, uid=ANY_TEXT)
def test_any_text_makes_a_file_with_one_event(summary: str, description: str, uid: str) -> None:
    file = written(Entry(uid, summary, DAY, description=description))
    assert len(read(file)) == 1
    assert not {line.split(":")[0].split(";")[0] for line in lines(file)} - {
        *("BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "METHOD", "UID", "DTSTAMP", "SUMMARY", "DESCRIPTION"),
        *("DTSTART", "DTEND", "TRANSP", "CLASS"),
    }
    assert not set(file) & {*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F}


def test_the_same_entries_give_the_same_bytes() -> None:
    entry = Entry("1@portal", "Afspraak", DAY, remind_before=timedelta(days=1))
    assert written(entry, entry) == written(entry, entry)


def test_no_entries_make_an_empty_calendar() -> None:
    assert read(written()) == []


def test_mistakes_of_a_caller_are_refused() -> None:
    moment = datetime(2026, 3, 31, 14, 0, tzinfo=AMSTERDAM)
    with pytest.raises(ValueError, match="time zone"):
        Entry("1", "x", moment.replace(tzinfo=None))
    with pytest.raises(ValueError, match="time zone"):
        Entry("1", "x", moment, moment.replace(tzinfo=None))
    with pytest.raises(ValueError, match="an end"):
        Entry("1", "x", DAY, moment)
    with pytest.raises(ValueError, match="an end"):
        Entry("1", "x", moment, moment)
    with pytest.raises(ValueError, match="language"):
        written(language="nl\r\nX:y")
    with pytest.raises(ValueError, match="time zone"):
        to_calendar([], made_at=moment.replace(tzinfo=None), language="nl")
