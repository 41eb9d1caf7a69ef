"""What the events API keeps, repeats and parks, and who may tell what (contract/intake.md)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from citizen_portal.progress.facts import Headline
from citizen_portal.storage import events, registrations
from tests.progress.sending import (
    AMSTERDAM,
    UTRECHT,
    counts,
    document,
    facts_about,
    pass_on,
    register,
    send,
    tell,
)
from tests.support.portal import MONDAY, TestPortal


class TestKept:
    def test_an_event_becomes_a_fact(self, portal: TestPortal) -> None:
        subject = register(portal)
        assert facts_about(portal, subject).headline is Headline.SUBMITTED
        response = send(portal, document("contact-gelegd", subject=subject, kanaal="telefoon"))
        assert (response.status_code, response.data) == (204, b"")
        facts = facts_about(portal, subject)
        assert facts.headline is Headline.CONTACT_MADE
        assert facts.contact is not None
        assert facts.contact.first.at == MONDAY

    def test_a_repeat_is_answered_alike_and_changes_nothing_even_with_another_body(self, portal: TestPortal) -> None:
        subject = register(portal)
        first = send(portal, document("contactpoging", subject=subject, event_id="1"))
        before = facts_about(portal, subject)
        for repeat in (
            document("contactpoging", subject=subject, event_id="1"),
            document("afgesloten", subject=subject, event_id="1"),
            document("afgesloten", subject=uuid4(), event_id="1"),
        ):
            response = send(portal, repeat)
            assert (response.status_code, response.headers) == (first.status_code, first.headers)
        assert facts_about(portal, subject) == before
        assert counts(portal) == (1, 0)

    def test_the_same_id_of_another_source_is_another_event(self, portal: TestPortal) -> None:
        subject = register(portal)
        tell(portal, subject, "contactpoging", event_id="1", system="systeem:a")
        tell(portal, subject, "contact-gelegd", event_id="1", system="systeem:b")
        assert counts(portal) == (2, 0)

    def test_a_repeat_is_answered_like_the_first_after_the_registration_was_passed_on(self, portal: TestPortal) -> None:
        subject = register(portal)
        message = document("contact-gelegd", subject=subject)
        assert send(portal, message).status_code == 204
        pass_on(portal, subject, AMSTERDAM, UTRECHT)
        assert send(portal, message).status_code == 204
        assert counts(portal) == (2, 0)

    def test_two_at_the_same_moment_are_kept_once_and_answered_alike(self, portal: TestPortal) -> None:
        message = document("contact-gelegd", subject=register(portal))
        together = Barrier(4)

        def once(_number: int) -> int:
            together.wait(timeout=10)
            return send(portal, message).status_code

        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(once, range(4))) == [204] * 4
        assert counts(portal) == (1, 0)

    def test_an_event_leaves_the_receipt_to_the_outbox(self, portal: TestPortal) -> None:
        subject = register(portal)
        tell(portal, subject, "ontvangen")
        with portal.database.reading() as connection:
            record = registrations.get(connection, subject)
        assert record is not None
        assert record.received_at is None

    def test_nothing_that_a_municipality_wrote_is_logged(self, portal: TestPortal) -> None:
        subject = register(portal)
        with capture_logs() as lines:
            place = {"begint": "2026-12-01T10:00:00Z", "vorm": "bezoek", "locatie": "planted"}
            tell(portal, subject, "gesprek-gepland", event_id="planted", ontvangstnummer="planted", afspraak=place)
            tell(portal, uuid4(), "contactpoging", event_id="planted2", ontvangstnummer="planted")
        assert [line["event"] for line in lines if line["event"].startswith("event.")] == [
            "event.kept",
            "event.parked",
        ]
        assert "planted" not in repr(lines)

    def test_only_what_means_something_for_its_status_is_stored(self, portal: TestPortal) -> None:
        subject = register(portal)
        message = document("contact-gelegd", subject=subject, kanaal="post", herroept="planted")
        send(portal, {**message, "extension": "planted"})
        with portal.database.reading() as connection:
            (kept,) = events.of_registration(connection, subject)
        assert "planted" not in kept.body
        assert '"kanaal":"post"' in kept.body


class TestOwnership:
    def test_after_passing_on_only_the_new_municipality_may_speak(self, portal: TestPortal) -> None:
        subject = register(portal)
        pass_on(portal, subject, AMSTERDAM, UTRECHT)
        assert tell(portal, subject, "afgesloten", AMSTERDAM) == 202
        assert tell(portal, subject, "toegelaten", UTRECHT) == 204
        assert facts_about(portal, subject).headline is Headline.ADMITTED

    def test_the_first_date_stays(self, portal: TestPortal) -> None:
        subject = register(portal)
        with portal.database.reading() as connection:
            before = registrations.get(connection, subject)
        pass_on(portal, subject, AMSTERDAM, UTRECHT)
        with portal.database.reading() as connection:
            after = registrations.get(connection, subject)
        assert before is not None
        assert after is not None
        assert after.municipality_code == UTRECHT
        assert (after.registered_at, after.conversation_due, after.first_municipality_code) == (
            before.registered_at,
            before.conversation_due,
            AMSTERDAM,
        )

    def test_passing_on_may_be_taken_back_until_the_new_one_has_spoken(self, portal: TestPortal) -> None:
        subject = register(portal)
        pass_on(portal, subject, AMSTERDAM, UTRECHT, "away")
        assert tell(portal, subject, "herroepen", herroept="away") == 204
        assert facts_about(portal, subject).owner == AMSTERDAM
        assert tell(portal, subject, "contact-gelegd", UTRECHT) == 202
        assert tell(portal, subject, "contact-gelegd", AMSTERDAM) == 204

    def test_and_not_after_that(self, portal: TestPortal) -> None:
        subject = register(portal)
        pass_on(portal, subject, AMSTERDAM, UTRECHT, "away")
        assert tell(portal, subject, "contactpoging", UTRECHT) == 204
        assert tell(portal, subject, "herroepen", herroept="away") == 202
        assert facts_about(portal, subject).owner == UTRECHT

    def test_what_the_new_one_said_when_it_had_it_before_does_not_count(self, portal: TestPortal) -> None:
        subject = register(portal)
        pass_on(portal, subject, AMSTERDAM, UTRECHT)
        tell(portal, subject, "contact-gelegd", UTRECHT)
        pass_on(portal, subject, UTRECHT, AMSTERDAM)
        pass_on(portal, subject, AMSTERDAM, UTRECHT, "again")
        assert tell(portal, subject, "herroepen", herroept="again") == 204
        assert facts_about(portal, subject).owner == AMSTERDAM

    def test_only_that_may_be_taken_back(self, portal: TestPortal) -> None:
        subject = register(portal)
        tell(portal, subject, "contact-gelegd", event_id="contact")
        pass_on(portal, subject, AMSTERDAM, UTRECHT, "away")
        assert tell(portal, subject, "herroepen", herroept="contact") == 202
        assert tell(portal, subject, "herroepen", herroept="away", system="systeem:other") == 202
        assert tell(portal, subject, "contactpoging") == 202
        facts = facts_about(portal, subject)
        assert facts.owner == UTRECHT
        assert facts.contact is not None

    def test_a_revocation_that_comes_before_the_passing_on_keeps_it_here(self, portal: TestPortal) -> None:
        subject = register(portal)
        assert tell(portal, subject, "herroepen", herroept="away") == 204
        pass_on(portal, subject, AMSTERDAM, UTRECHT, "away")
        assert facts_about(portal, subject).owner == AMSTERDAM

    def test_taking_back_the_taking_back_passes_it_on_again(self, portal: TestPortal) -> None:
        subject = register(portal)
        pass_on(portal, subject, AMSTERDAM, UTRECHT, "away")
        tell(portal, subject, "herroepen", event_id="back", herroept="away")
        assert tell(portal, subject, "toegelaten", UTRECHT) == 202
        tell(portal, subject, "herroepen", herroept="back")
        facts = facts_about(portal, subject)
        assert (facts.owner, facts.headline) == (UTRECHT, Headline.ADMITTED)


def _wild_documents() -> st.SearchStrategy[dict[str, object]]:
    scalars: st.SearchStrategy[object] = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
    moments = st.sampled_from(["0001-01-01T00:00:00Z", "2026-11-23t09:04:00z", "9999-12-31T23:59:59-12:00", "gisteren"])
    data = st.fixed_dictionaries(
        {},
        optional={
            "status": st.sampled_from(["ontvangen", "kennisgeving-verstuurd", "doorgestuurd", "herroepen", "x"]),
            "ingegaanOp": moments | st.datetimes().map(lambda moment: f"{moment.isoformat()}Z") | scalars,
            "pauzeTot": st.dates().map(str) | scalars,
            "aantalSchuldeisers": scalars | st.floats(allow_nan=False, allow_infinity=False),
            "gemeentecode": st.sampled_from(["GM0344", "GM0363", "GM9999"]) | scalars,
            "herroept": scalars,
            "ontvangstnummer": scalars,
            "afspraak": st.fixed_dictionaries({"begint": moments, "vorm": st.just("video")}) | scalars,
        },
    )
    changes = st.fixed_dictionaries(
        {},
        optional={"data": data | scalars, "subject": scalars, "sequence": scalars, "time": scalars, "extra": scalars},
    )
    return changes.map(lambda change: {**document(), **change})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_wild_documents())
def test_whatever_is_signed_gets_one_of_the_contracts_answers(portal: TestPortal, message: dict[str, object]) -> None:
    message["subject"] = message["subject"] if message.get("extra") else str(register(portal))
    assert send(portal, message).status_code in {204, 202, 400}


def test_events_of_one_registration_say_nothing_of_another(portal: TestPortal) -> None:
    one, other = register(portal), register(portal)
    steps: list[Callable[[], int]] = [
        lambda: tell(portal, one, "contact-gelegd", event_id="contact"),
        lambda: tell(portal, other, "herroepen", herroept="contact"),
    ]
    assert [step() for step in steps] == [204, 204]
    assert facts_about(portal, one).contact is not None
    assert facts_about(portal, other).headline is Headline.SUBMITTED
