"""What is taken along: the proof as a PDF, and the days that count as a calendar file. Both read by other libraries."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from tests.support.databases import on_engine
from tests.support.portal import MONDAY, TestPortal
from tests.support.proofs import text_of
from tests.support.residents import Resident
from tests.support.walk import Form

pytestmark = on_engine("sqlite")

MEETING = {"begint": "2026-11-25T09:00:00Z", "vorm": "kantoor", "locatie": "Stadhuis, kamer 3"}
DUE, APPOINTMENT, LAST, SOON = (
    "Laatste dag voor het gesprek",
    "Afspraak",
    "Laatste dag",
    "Nog vier weken: bel over wat daarna komt",
)


def calendar(resident: Resident) -> dict[str, Any]:
    """Start of each entry, by title."""
    answer = resident.portal.client().get(f"{resident.path}/calendar.ics")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="agenda.ics"'
    read = Calendar.from_ical(answer.get_data())
    return {str(entry["SUMMARY"]): entry.decoded("DTSTART") for entry in read.walk("VEVENT")}


def proof(resident: Resident, path: str | None = None) -> str:
    """The words of the PDF, on one line."""
    answer = resident.portal.client().get(f"{path or resident.path}/proof.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bewijs.pdf"'
    return re.sub(r"\s+", " ", text_of(answer.get_data()))


class TestCalendar:
    def test_it_holds_the_days_that_are_still_to_come(self, resident: Resident) -> None:
        assert calendar(resident) == {DUE: date(2026, 11, 26)}
        resident.told("gesprek-gepland", afspraak=MEETING)
        entries = calendar(resident)
        assert entries.keys() == {DUE, APPOINTMENT}
        begins: datetime = entries[APPOINTMENT]
        assert begins == datetime.fromisoformat("2026-11-25T09:00:00+00:00")
        resident.portal.clock.pass_by(hours=1)
        resident.told("kennisgeving-verstuurd", pauzeTot="2027-07-20")
        entries = calendar(resident)
        assert DUE not in entries
        assert (entries[LAST], entries[SOON]) == (date(2027, 7, 20), date(2027, 6, 22))

    def test_when_it_became_urgent_the_day_moves_along(self, portal: TestPortal) -> None:
        resident = Resident(portal, urgent=False)
        assert calendar(resident) == {DUE: date(2026, 12, 21)}
        resident.opens("urgent", {"urgent": ["gas"]})
        assert calendar(resident) == {DUE: date(2026, 11, 26)}

    def test_after_the_end_it_is_empty(self, resident: Resident) -> None:
        resident.told("gesprek-gepland", afspraak=MEETING)
        resident.portal.clock.pass_by(hours=1)
        resident.told("afgesloten")
        assert calendar(resident) == {}

    def test_who_looks_along_reads_neither_debts_nor_a_municipality(self, resident: Resident) -> None:
        resident.told("gesprek-gepland", afspraak={**MEETING, "locatie": "Schuldhulp Amsterdam"})
        text = resident.portal.client().get(f"{resident.path}/calendar.ics").get_data(as_text=True).casefold()
        for word in ("schuld", "pauze", "gemeente", "amsterdam", "kennisgeving", str(resident.id)):
            assert word not in text


class TestProof:
    def test_it_says_when_where_what_and_what_next(self, resident: Resident) -> None:
        text = proof(resident)
        record = resident.record
        for told in ("maandag 23 november 2026", "10:04", record.reference, "Amsterdam", "Zoë Jansen", "1012 AB"):
            assert told in text
        assert "donderdag 26 november 2026" in text and resident.code in text.replace(" ", "")
        assert "/s/" not in text

    def test_the_answers_are_on_it_for_seventy_two_hours_and_for_the_first_link(self, resident: Resident) -> None:
        assert "Jansen" not in proof(resident, resident.link("owner"))
        resident.portal.clock.moment = MONDAY + timedelta(hours=72)
        text = proof(resident)
        assert "Jansen" not in text and "1012" not in text and resident.record.reference in text

    @pytest.mark.parametrize(
        "name",
        [
            {"given_name": "زوي 佐江 Ζωή", "family_name": "ዞኢ"},
            {"given_name": '"; #panic()', "family_name": "\\u{0} $x$ *b* _i_ @ref <l> // /*"},
            {"given_name": "=HYPERLINK(1)", "family_name": "Ö" * 200},
            {"given_name": "a\u0301" * 90, "family_name": "ñ👩‍👧"},
        ],
        ids=["scripts", "markup", "formula, long", "combining, emoji"],
    )
    def test_any_name_fits(self, portal: TestPortal, name: Form) -> None:
        resident = Resident(portal, answers={"name": name})
        assert resident.record.reference in proof(resident)
