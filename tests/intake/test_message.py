"""The body of a registration: what a municipality reads, and that it is always what the contract allows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.intake.message import registration_body
from citizen_portal.registration.model import (
    Address,
    Contact,
    ContactWay,
    DayPart,
    Helper,
    Registration,
    RequestForHelp,
    Resident,
    UrgentKind,
)
from tests.support.contract import SCHEMA_FILE, mistakes_in
from tests.support.deliveries import EXAMPLE

CONTRACT_FILE = Path(__file__).parents[2].parent / "shared" / "contract" / "registration.schema.json"

# What the form lets through: nothing that is not printable, no longer than the contract allows.
_words = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=200)
_phones = st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True)
_emails = st.from_regex(r"[a-z0-9.]{1,30}@[a-z0-9]{1,20}\.nl", fullmatch=True)
_languages = st.sampled_from(["nl", "en", "ar", "ti", "und", "zh-Hant"])
_moments = st.datetimes(
    datetime(2026, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC) | st.just(timezone(timedelta(hours=2)))
)
_days = st.dates(date(1900, 1, 1), date(2090, 1, 1))
_addresses = st.builds(
    Address,
    postcode=st.from_regex(r"[1-9][0-9]{3}[A-Z]{2}", fullmatch=True),
    house_number=st.integers(1, 99999),
    addition=st.none() | st.text("ABC123-", min_size=1, max_size=10),
    street=st.none() | _words,
    town=st.none() | st.text(min_size=1, max_size=100),
    confirmed=st.booleans(),
)
_helpers = st.builds(
    Helper,
    name=_words,
    organisation=st.none() | _words,
    phone=st.none() | _phones,
    email=st.none() | _emails,
    may_be_contacted=st.booleans(),
    consented_at=_moments,
)


@st.composite
def _requests(draw: st.DrawFn) -> RequestForHelp:
    """Any complete request: the form asks for what a chosen way needs, and leaves what was typed and given up."""
    helper = draw(st.none() | _helpers)
    address = draw(st.none() | _addresses)
    possible = set(ContactWay)
    if helper is None:
        possible.discard(ContactWay.HELPER)
    if address is None:
        possible.discard(ContactWay.POST)
    ways = draw(st.lists(st.sampled_from(sorted(possible)), min_size=1, unique=True))
    contact = Contact(
        ways=tuple(ways),
        phone=draw(_phones if ContactWay.PHONE in ways else st.none() | _phones),
        email=draw(_emails if ContactWay.EMAIL in ways else st.none() | _emails),
        day_parts=tuple(draw(st.lists(st.sampled_from(DayPart), unique=True))),
        voicemail=draw(st.none() | st.booleans()),
        language=draw(st.none() | _languages),
        interpreter=draw(st.booleans()),
    )
    return RequestForHelp(
        municipality_code=draw(st.from_regex(r"GM[0-9]{4}", fullmatch=True)),
        municipality_name=draw(st.text(min_size=1, max_size=100)),
        language=draw(_languages),
        resident=Resident(draw(_words), draw(_words), draw(st.none() | _days), address, contact),
        urgent=tuple(draw(st.lists(st.sampled_from(UrgentKind), unique=True))),
        urgent_date=draw(st.none() | _days),
        helper=helper,
    )


def _sent(registration: Registration) -> dict[str, dict[str, object]]:
    sent: dict[str, dict[str, object]] = json.loads(registration_body(registration))
    return sent


@given(
    st.builds(
        Registration,
        id=st.uuids(),
        reference=st.from_regex(r"P-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", fullmatch=True),
        registered_at=_moments,
        conversation_due=_days,
        request=_requests(),
    )
)
def test_any_complete_request_becomes_a_message_that_the_contract_allows(registration: Registration) -> None:
    assert mistakes_in(registration_body(registration)) == []


def test_the_worked_example_is_sent_like_this_and_no_other_way() -> None:
    expected = (
        '{"schemaVersie":"1.0","aanmeldingId":"3f0c1f5e-9d0a-4c57-8f0e-6a2b7c1d9e44","kenmerk":"P-7K2M-9QX4",'
        '"ingediendOp":"2026-11-23T09:04:00Z","taal":"nl","gemeente":{"code":"GM0363","naam":"Amsterdam"},'
        '"inwoner":{"voornaam":"Zoë","achternaam":"van den Berg-Ünal","geboortedatum":"1980-05-01",'
        '"adres":{"postcode":"1012JS","huisnummer":1,"toevoeging":"A","straat":"Dam","woonplaats":"Amsterdam",'
        '"gecontroleerd":true},'
        '"contact":{"kanalen":["telefoon","email"],"telefoon":"+31612345678","email":"zoe@example.org",'
        '"bereikbaar":["ochtend"],"voicemail":false,"contacttaal":"tr","tolk":true}},'
        '"hulpvraag":{"dringend":[],"dringendDatum":null,"uiterlijkGesprekOp":"2026-12-21"},'
        '"inzender":{"rol":"inwoner","helper":null}}'
    )
    assert registration_body(EXAMPLE) == expected.encode("utf-8")


def test_every_way_day_part_and_urgent_kind_has_the_word_of_the_contract() -> None:
    contact = Contact(ways=tuple(ContactWay), phone="+31612345678", email="a@example.org", day_parts=tuple(DayPart))
    resident = replace(EXAMPLE.request.resident, contact=contact)
    request = replace(EXAMPLE.request, resident=resident, urgent=tuple(UrgentKind), urgent_date=date(2026, 12, 1))
    sent = _sent(replace(EXAMPLE, request=request))
    assert sent["inwoner"]["contact"] == {
        "kanalen": ["telefoon", "email", "post", "helper", "zelf"],
        "telefoon": "+31612345678",
        "email": "a@example.org",
        "bereikbaar": ["ochtend", "middag", "avond"],
        "voicemail": None,
        "contacttaal": None,
        "tolk": False,
    }
    assert sent["hulpvraag"]["dringend"] == [
        "ontruiming",
        "gas",
        "elektriciteit",
        "stadsverwarming",
        "water",
        "zorgverzekering",
        "anders",
    ]
    assert sent["hulpvraag"]["dringendDatum"] == "2026-12-01"


def test_a_helper_is_named_with_the_consent_in_utc() -> None:
    consented = datetime(2026, 11, 23, 10, 1, 30, tzinfo=timezone(timedelta(hours=1)))
    helper = Helper(
        "Ida", "Humanitas", "+31201234567", None, may_be_contacted=True, may_follow=True, consented_at=consented
    )
    request = replace(EXAMPLE.request, helper=helper, pressed_by_helper=True)
    assert _sent(replace(EXAMPLE, request=request))["inzender"] == {
        "rol": "helper",
        "helper": {
            "naam": "Ida",
            "organisatie": "Humanitas",
            "telefoon": "+31201234567",
            "email": None,
            "magBenaderdWorden": True,
            "magMeekijken": True,
            "toestemmingOp": "2026-11-23T09:01:30Z",
        },
    }


def test_the_resident_who_pressed_after_help_is_the_one_who_sent_it() -> None:
    consented = datetime(2026, 11, 23, 9, 1, 30, tzinfo=UTC)
    helper = Helper(
        "Ida", None, None, "ida@example.nl", may_be_contacted=False, may_follow=False, consented_at=consented
    )
    assert _sent(replace(EXAMPLE, request=replace(EXAMPLE.request, helper=helper)))["inzender"] == {
        "rol": "inwoner",
        "helper": {
            "naam": "Ida",
            "organisatie": None,
            "telefoon": None,
            "email": "ida@example.nl",
            "magBenaderdWorden": False,
            "magMeekijken": False,
            "toestemmingOp": "2026-11-23T09:01:30Z",
        },
    }


def test_a_number_and_an_address_that_were_not_chosen_stay_here() -> None:
    contact = replace(EXAMPLE.request.resident.contact, ways=(ContactWay.SELF,))
    resident = replace(EXAMPLE.request.resident, contact=contact, address=None, birth_date=None)
    sent = _sent(replace(EXAMPLE, request=replace(EXAMPLE.request, resident=resident)))["inwoner"]
    assert sent["adres"] is None
    assert sent["geboortedatum"] is None
    assert isinstance(sent["contact"], dict)
    assert sent["contact"]["telefoon"] is None
    assert sent["contact"]["email"] is None


def test_a_date_without_urgency_is_not_sent() -> None:
    request = replace(EXAMPLE.request, urgent=(), urgent_date=date(2026, 12, 1))
    assert _sent(replace(EXAMPLE, request=request))["hulpvraag"]["dringendDatum"] is None


def test_the_schema_in_the_package_is_that_of_the_contract() -> None:
    if not CONTRACT_FILE.exists():
        pytest.skip("../shared is not there, so the schema cannot be compared with the contract's")
    assert json.loads(SCHEMA_FILE.read_text()) == json.loads(CONTRACT_FILE.read_text())
