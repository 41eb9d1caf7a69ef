"""What is sent about a registration later: where it goes, what it says, and what is answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from citizen_portal.directory.municipality import Directory, Municipality
from citizen_portal.directory.settings import Channel, Intake, MunicipalitySettings
from citizen_portal.intake.answer import (
    Answer,
    ConnectionFault,
    MessageFault,
    Received,
    Temporary,
    classify,
    classify_addition,
)
from citizen_portal.intake.channels import Addition, Dispatch
from citizen_portal.intake.channels.rest import RestChannel
from citizen_portal.intake.message import registration_body, supplement_body, withdrawal_body
from citizen_portal.intake.outbox import first_message, seal_context
from citizen_portal.intake.worker import Worker
from citizen_portal.registration.model import EarlierRegistration, UrgentKind
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import intake_waits, outbox, outbox_entries, registrations
from citizen_portal.storage.database import Database
from tests.fakes.intake_server import Answer as Reply
from tests.fakes.intake_server import Conversation, IntakeServer, Request, answer, known_by_id
from tests.support.contract import mistakes_in
from tests.support.deliveries import EXAMPLE, MONDAY, another_registration, press
from tests.support.lanes import supplement, withdrawal

ID = UUID("0b3d6a52-5c0e-4a7e-9c55-0d1f2e3a4b5c")
TOLD_AT = datetime(2026, 11, 25, 14, 30, 5, tzinfo=UTC)


class TestBodies:
    def test_a_supplement_says_what_became_urgent_and_by_when(self) -> None:
        kinds = (UrgentKind.WATER, UrgentKind.EVICTION)
        body = supplement_body(ID, TOLD_AT, kinds, date(2026, 12, 1), date(2026, 11, 30))
        assert json.loads(body) == {
            "aanvullingId": str(ID),
            "ingediendOp": "2026-11-25T14:30:05Z",
            "dringend": ["ontruiming", "water"],
            "dringendDatum": "2026-12-01",
            "uiterlijkGesprekOp": "2026-11-30",
        }

    def test_a_day_that_is_not_known_is_null(self) -> None:
        body = supplement_body(ID, TOLD_AT, (UrgentKind.OTHER,), None, date(2026, 11, 30))
        assert json.loads(body)["dringendDatum"] is None

    def test_a_withdrawal_says_when_somebody_asked_and_no_more(self) -> None:
        assert json.loads(withdrawal_body(ID, TOLD_AT)) == {
            "intrekkingId": str(ID),
            "ingediendOp": "2026-11-25T14:30:05Z",
        }

    def test_an_earlier_registration_comes_along(self, keys: KeyRing) -> None:
        earlier = EarlierRegistration(ID, TOLD_AT)
        message = first_message(keys, EXAMPLE, now=MONDAY, earlier=earlier)
        body = keys.open_body(message.sealed, seal_context(message.id, message.kind))
        assert body == registration_body(EXAMPLE, earlier)
        said = json.loads(body)
        assert said["eerdereAanmelding"] == {"aanmeldingId": str(ID), "ingediendOp": "2026-11-25T14:30:05Z"}
        assert mistakes_in(body) == []
        assert "eerdereAanmelding" not in json.loads(registration_body(EXAMPLE))


@pytest.mark.parametrize("passed_on", [False, True])
@pytest.mark.parametrize("status", range(100, 1000))
def test_an_answer_has_the_class_it_has_for_a_registration_but_for_these(status: int, passed_on: bool) -> None:
    found = classify_addition(status, None, passed_on=passed_on, now=MONDAY)
    if status in {200, 201, 204}:
        assert found == Received(status)
    elif status == 404 and passed_on:
        assert found == MessageFault("404 not known to the new municipality", 404)
    else:
        assert found == classify(status, None, b"", registration_id=ID, now=MONDAY)


class TestChannel:
    @pytest.fixture
    def channel(self) -> Iterator[RestChannel]:
        made = RestChannel(call_seconds=10)
        yield made
        made.close()

    @pytest.mark.parametrize("addition", Addition)
    def test_it_goes_to_its_own_place_with_its_own_key(
        self, channel: RestChannel, intake: IntakeServer, addition: Addition
    ) -> None:
        at = Intake(Channel.REST, f"{intake.url}/schuldhulp", "geheim-token")
        # A registration before and after it: what is prepared once for an intake stays as it is.
        registration = Dispatch(ID, EXAMPLE.id, registration_body(EXAMPLE))
        channel.deliver(at, registration)
        intake.will_answer(answer(204))
        assert channel.deliver(at, Dispatch(ID, EXAMPLE.id, b'{"x": 1}', addition)) == Received(204)
        channel.deliver(at, registration)
        before, request, after = intake.requests
        assert request.line == f"POST /schuldhulp/v1/aanmeldingen/{EXAMPLE.id}/{addition} HTTP/1.1"
        assert request.body == b'{"x": 1}'
        assert request.headers["idempotency-key"] == f'"{ID}"'
        for name in ("authorization", "content-type", "user-agent", "accept"):
            assert request.headers[name] == before.headers[name]
        assert request.headers["traceparent"].split("-")[1] == ID.hex
        assert after.line == before.line
        assert after.headers["idempotency-key"] == f'"{EXAMPLE.id}"'

    @pytest.mark.parametrize(
        ("said", "found"),
        [
            (answer(200, b"<html>"), Received(200)),
            (answer(201), Received(201)),
            (answer(202), Temporary("202", 202)),
            (answer(404), ConnectionFault("404", 404)),
            (answer(422), MessageFault("422", 422)),
        ],
    )
    def test_its_body_says_nothing(
        self, channel: RestChannel, intake: IntakeServer, said: Reply, found: Answer
    ) -> None:
        intake.will_answer(said)
        at = Intake(Channel.REST, intake.url, "geheim-token")
        assert channel.deliver(at, Dispatch(ID, EXAMPLE.id, b"{}", Addition.SUPPLEMENT)) == found


def _knows_no_supplement(conversation: Conversation, request: Request) -> None:
    """Whichever of two messages comes first."""
    answer(404 if "/aanvullingen " in request.line else 204)(conversation, request)


class TestWorker:
    @pytest.fixture
    def worker(self, database: Database, keys: KeyRing, intake: IntakeServer) -> Worker:
        connected = MunicipalitySettings(intake=Intake(Channel.REST, intake.url, "geheim-token"))
        directory = Directory(Municipality(code, code, "Utrecht", (), connected) for code in ("GM0363", "GM0344"))
        return Worker(database, keys, directory, clock=lambda: MONDAY, jitter=lambda: 0.5)

    def test_all_three_go_out_in_order_and_their_content_is_erased(
        self, database: Database, keys: KeyRing, worker: Worker, intake: IntakeServer
    ) -> None:
        registration = another_registration()
        press(database, keys, registration)
        supplement_id = supplement(database, keys, registration.id)
        withdrawal_id = withdrawal(database, keys, registration.id)
        intake.will_answer(known_by_id, answer(204), answer(200))
        assert worker.run_once() == 3
        paths = [request.line.split(" ")[1] for request in intake.requests]
        base = "/v1/aanmeldingen"
        assert paths == [base, f"{base}/{registration.id}/aanvullingen", f"{base}/{registration.id}/intrekking"]
        ids = [json.loads(request.body) for request in intake.requests[1:]]
        assert (ids[0]["aanvullingId"], ids[1]["intrekkingId"]) == (str(supplement_id), str(withdrawal_id))
        with database.reading() as connection:
            assert outbox.counts(connection) == {"delivered": 3}
            assert outbox_entries.sealed_keys(connection, after=None, limit=10) == []

    def test_an_addition_keeps_the_number_that_the_registration_got(
        self, database: Database, keys: KeyRing, worker: Worker, intake: IntakeServer
    ) -> None:
        registration = another_registration()
        press(database, keys, registration)
        supplement(database, keys, registration.id)
        intake.will_answer(known_by_id, answer(204))
        worker.run_once()
        with database.reading() as connection:
            record = registrations.get(connection, registration.id)
        assert record
        assert record.intake_number == "Z-2026-00001"

    def test_a_new_municipality_that_does_not_know_it_parks_it_and_goes_on_with_others(
        self, database: Database, keys: KeyRing, worker: Worker, intake: IntakeServer
    ) -> None:
        registration, other = another_registration(), another_registration(municipality="GM0344")
        press(database, keys, registration)
        press(database, keys, other)
        intake.will_answer(known_by_id, known_by_id)
        worker.run_once()
        supplement(database, keys, registration.id, "GM0344")
        withdrawal(database, keys, other.id, "GM0344")
        intake.usual = _knows_no_supplement
        worker.run_once()
        with database.reading() as connection:
            assert intake_waits.all_waits(connection) == []
            assert [(one.state, one.reason) for one in outbox_entries.undelivered(connection)] == [
                ("parked", "404 not known to the new municipality")
            ]

    def test_the_municipality_that_knows_it_waits_as_a_whole_when_its_address_is_gone(
        self, database: Database, keys: KeyRing, worker: Worker, intake: IntakeServer
    ) -> None:
        registration = another_registration()
        press(database, keys, registration)
        intake.will_answer(known_by_id)
        worker.run_once()
        supplement(database, keys, registration.id)
        intake.will_answer(answer(404))
        worker.run_once()
        with database.reading() as connection:
            assert [wait.reason for wait in intake_waits.all_waits(connection)] == ["404"]
            assert outbox.counts(connection) == {"delivered": 1, "queued": 1}
