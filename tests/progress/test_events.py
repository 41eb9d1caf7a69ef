"""What an event says, and what is stored of it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from citizen_portal.progress.events import (
    Appointment,
    AppointmentForm,
    ContactChannel,
    Status,
    claimed_municipality,
    from_text,
    longest_pause_from,
    parse,
    to_text,
)
from tests.progress.sending import document


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 11, 23), date(2027, 7, 23)),
        (date(2026, 4, 30), date(2026, 12, 30)),
        (date(2026, 6, 30), date(2027, 2, 28)),
        (date(2027, 6, 30), date(2028, 2, 29)),
        (date(2026, 5, 31), date(2027, 1, 31)),
        (date(2026, 3, 31), date(2026, 11, 30)),
        (date(2026, 12, 31), date(2027, 8, 31)),
    ],
)
def test_eight_months_end_on_the_same_day_number_or_else_on_the_last_of_the_month(day: date, last: date) -> None:
    assert longest_pause_from(day) == last


def test_the_municipality_is_the_one_in_the_source() -> None:
    event = parse(document(sender="GM0344"))
    assert event.municipality_code == claimed_municipality(document(sender="GM0344")) == "GM0344"


@pytest.mark.parametrize(
    "source", ["", "urn:nld:oin:0363", "urn:nld:gemeentecode:03634:x", "urn:nld:gemeentecode:036x:y", 363, None]
)
def test_what_names_no_municipality_claims_none(source: object) -> None:
    assert claimed_municipality({"source": source}) is None


def test_a_moment_keeps_its_day_in_amsterdam() -> None:
    event = parse(document(at="2026-11-23T23:30:00Z"))
    assert event.occurred_at == datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert event.day == date(2026, 11, 24)


def test_fields_of_another_status_are_ignored() -> None:
    all_fields: dict[str, object] = {
        "kanaal": "post",
        "afspraak": {"begint": "2026-12-01T10:00:00+01:00", "vorm": "kantoor", "locatie": "Balie 3"},
        "pauzeTot": "2027-01-01",
        "aantalSchuldeisers": 3,
        "gemeentecode": "GM0344",
        "herroept": "1",
    }
    values = {
        "channel": ContactChannel.POST,
        "appointment": Appointment(datetime(2026, 12, 1, 9, tzinfo=UTC), AppointmentForm.OFFICE, "Balie 3"),
        "pause_until": date(2027, 1, 1),
        "creditors": 3,
        "forwarded_to": "GM0344",
        "revokes": "1",
    }
    own = {
        Status.CONTACT_ATTEMPT: {"channel"},
        Status.CONTACT_MADE: {"channel"},
        Status.APPOINTMENT: {"appointment"},
        Status.KENNISGEVING_SENT: {"pause_until", "creditors"},
        Status.FORWARDED: {"forwarded_to"},
        Status.REVOKES: {"revokes"},
    }
    for status in Status:
        event = parse(document(status.value, **all_fields))  # type: ignore[arg-type]
        for name, value in values.items():
            assert getattr(event, name) == (value if name in own.get(status, set()) else None), (status, name)


def test_what_is_stored_gives_the_same_event() -> None:
    sent = document("kennisgeving-verstuurd", sequence="9" * 5000, pauzeTot="2027-01-01", ontvangstnummer="Zß\u0000💶")
    text = to_text({**sent, "extra": "planted"})
    assert text.isascii()
    assert "planted" not in text
    assert from_text(text, arrival=7) == parse(sent, arrival=7)
    assert set(json.loads(text)) == {"source", "id", "subject", "sequence", "data"}


def test_a_sequence_of_any_length_is_a_number() -> None:
    assert parse(document(sequence="9" * 5000)).sequence == Decimal("9" * 5000)
    assert parse(document(sequence="007")).sequence == 7
    assert parse(document()).sequence is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Z-1", "Z-1"),
        ("  Z\n\t1  ", "Z 1"),
        ("a\u0000b\u202ec\u2066d", "abcd"),
        ("\u200b", None),
        ("", None),
        (None, None),
        ("Žižkov 12 €", "Žižkov 12 €"),
    ],
)
def test_a_municipalitys_own_text_is_one_line_that_cannot_turn_the_page_around(text: str, shown: str | None) -> None:
    assert parse(document(ontvangstnummer=text)).intake_number == shown
    place = {"begint": "2026-12-01T10:00:00Z", "vorm": "kantoor", "locatie": text}
    appointment = parse(document("gesprek-gepland", afspraak=place)).appointment
    assert appointment is not None
    assert appointment.location == shown
