"""Events that wait: for their registration, or for their municipality to own it (contract/intake.md)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from structlog.testing import capture_logs

from citizen_portal.progress import intake_events
from citizen_portal.progress.facts import Headline
from citizen_portal.storage import events
from citizen_portal.storage.events import EventKey
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


class TestParked:
    def test_unknown_and_another_municipalitys_cannot_be_told_apart(self, portal: TestPortal) -> None:
        theirs = register(portal, UTRECHT)
        unknown, foreign = send(portal, document(subject=uuid4())), send(portal, document(subject=theirs))
        assert (unknown.status_code, unknown.data) == (202, b"")
        assert (foreign.status_code, foreign.data, foreign.headers) == (202, b"", unknown.headers)
        assert counts(portal) == (0, 2)
        assert facts_about(portal, theirs).headline is Headline.SUBMITTED

    def test_the_day_of_the_press_shows_nothing_of_anothers_registration(self, portal: TestPortal) -> None:
        long_ago = MONDAY - timedelta(days=300)
        for subject in (uuid4(), register(portal, UTRECHT)):
            assert tell(portal, subject, "contact-gelegd", at=long_ago) == 202

    def test_a_repeat_is_parked_once_and_its_first_body_counts(self, portal: TestPortal) -> None:
        subject = register(portal, UTRECHT)
        assert tell(portal, subject, "contactpoging", event_id="1") == 202
        assert tell(portal, subject, "afgesloten", event_id="1") == 202
        assert counts(portal) == (0, 1)
        pass_on(portal, subject, UTRECHT, AMSTERDAM)
        assert facts_about(portal, subject).headline is Headline.CONTACT_ATTEMPT

    def test_a_repeat_about_another_registration_is_answered_like_the_first_too(self, portal: TestPortal) -> None:
        subject = register(portal)
        assert tell(portal, uuid4(), "contact-gelegd", event_id="1") == 202
        assert tell(portal, subject, "contact-gelegd", event_id="1") == 202
        assert counts(portal) == (0, 1)

    def test_is_taken_up_when_the_registration_comes_to_that_municipality(self, portal: TestPortal) -> None:
        subject = register(portal)
        tell(portal, subject, "contact-gelegd", UTRECHT, kanaal="email")
        pass_on(portal, subject, AMSTERDAM, UTRECHT)
        assert counts(portal) == (2, 0)
        facts = facts_about(portal, subject)
        assert (facts.owner, facts.headline) == (UTRECHT, Headline.CONTACT_MADE)

    def test_a_whole_chain_is_taken_up(self, portal: TestPortal) -> None:
        subject = register(portal)
        tell(portal, subject, "toegelaten")
        there = document("doorgestuurd", subject=subject, sender=UTRECHT, gemeentecode=AMSTERDAM)
        assert send(portal, there).status_code == 202
        pass_on(portal, subject, AMSTERDAM, UTRECHT)
        facts = facts_about(portal, subject)
        assert facts.owner == AMSTERDAM
        assert [step.receiver for step in facts.forwarded] == [UTRECHT, AMSTERDAM]
        assert counts(portal) == (3, 0)

    def test_is_judged_by_the_day_of_the_press_when_taken_up(self, portal: TestPortal) -> None:
        subject = register(portal)
        tell(portal, subject, "afgesloten", UTRECHT, at=MONDAY - timedelta(days=1))
        with capture_logs() as lines:
            pass_on(portal, subject, AMSTERDAM, UTRECHT)
        assert ("event.dropped", "before the press") in [(line["event"], line.get("reason")) for line in lines]
        assert counts(portal) == (1, 0)
        assert facts_about(portal, subject).headline is Headline.FORWARDED

    def test_is_taken_up_with_the_next_event_once_the_registration_is_known(self, portal: TestPortal) -> None:
        early = document("contactpoging", event_id="early")
        assert send(portal, early).status_code == 202
        # As after a restored backup: the municipality spoke before the registration was here again.
        register(portal, registration_id=UUID(early["subject"]))
        changed = document("afgesloten", subject=early["subject"], event_id="early")
        assert send(portal, changed).status_code == 204
        assert facts_about(portal, UUID(early["subject"])).headline is Headline.CONTACT_ATTEMPT
        assert counts(portal) == (1, 0)

    def test_waits_for_twenty_four_hours(self, portal: TestPortal) -> None:
        kept_by = register(portal)
        tell(portal, kept_by, "contact-gelegd", UTRECHT)
        portal.clock.pass_by(hours=24)
        pass_on(portal, kept_by, AMSTERDAM, UTRECHT)
        assert facts_about(portal, kept_by).contact is None
        assert counts(portal) == (1, 1)
        with capture_logs() as lines:
            assert intake_events.drop_old_parked(portal.database, portal.clock()) == 1
        assert lines == [
            {
                "event": "event.dropped",
                "log_level": "warning",
                "municipality": UTRECHT,
                "reason": "waited too long",
                "count": 1,
            }
        ]
        assert counts(portal) == (1, 0)

    def test_housekeeping_leaves_what_still_may_wait(self, portal: TestPortal) -> None:
        tell(portal, uuid4(), "contact-gelegd")
        portal.clock.pass_by(hours=23, minutes=59)
        assert intake_events.drop_old_parked(portal.database, portal.clock()) == 0
        assert counts(portal) == (0, 1)

    def test_a_thousand_wait_for_each_municipality_and_the_next_is_dropped_with_a_log_line(
        self, portal: TestPortal
    ) -> None:
        with portal.database.writing() as connection:
            for number in range(999):
                key = EventKey(AMSTERDAM, "urn:nld:gemeentecode:0363:x", str(number))
                events.park(connection, uuid4(), key, "{}", now=portal.clock())
        thousandth = document()
        answers = [send(portal, thousandth) for _ in range(2)]
        with capture_logs() as lines:
            answers.append(send(portal, document()))
        assert [answer.status_code for answer in answers] == [202, 202, 202]
        assert answers[0].headers == answers[2].headers
        assert ("event.dropped", "too many wait") in [(line["event"], line.get("reason")) for line in lines]
        assert counts(portal) == (0, 1000)
        assert send(portal, document(sender=UTRECHT)).status_code == 202
        assert counts(portal) == (0, 1001)
        portal.clock.pass_by(hours=24)
        assert send(portal, document()).status_code == 202
        assert counts(portal) == (0, 2)
