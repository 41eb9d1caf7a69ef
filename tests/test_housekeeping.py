"""Forgetting: what is past its time goes, with all that hangs on it; what has not arrived stays, and is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from citizen_portal import cli
from citizen_portal.housekeeping import purge, tasks
from citizen_portal.registration.links import OWNER, VIEW
from citizen_portal.storage.tables import draft, metadata, outbox, rate_window, registration
from tests.progress.sending import document, send
from tests.support.databases import on_engine
from tests.support.portal import MONDAY, SECRET, TestPortal
from tests.support.residents import NO_MESSAGES, Resident, bounce, deliver
from tests.support.walk import begin

NOTHING = {
    "drafts": 0,
    "hand-overs": 0,
    "owner's copies": 0,
    "addresses for messages": 0,
    "rate windows": 0,
    "messages not sent": 0,
    "registrations": 0,
    "parked events": 0,
}
LATEST = datetime(2028, 2, 23, 9, 4, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def resident(sending_portal: TestPortal) -> Resident:
    """Somebody who chose messages; everything has arrived."""
    made = Resident(sending_portal)
    deliver(sending_portal)
    return made


def gone_at(portal: TestPortal, moment: datetime) -> dict[str, int]:
    """What a purge at that moment says that went, without what is nothing."""
    portal.clock.moment = moment
    return {name: count for name, count in purge(portal.database, moment).items() if count}


def rows(portal: TestPortal) -> dict[str, int]:
    """How many rows there are in each table that has any."""
    with portal.database.reading() as connection:
        counted = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }
    return {name: count for name, count in counted.items() if count}


def test_when_nothing_is_past_its_time_nothing_goes(resident: Resident) -> None:
    before = rows(resident.portal)
    assert purge(resident.portal.database, MONDAY + SECOND) == NOTHING
    assert rows(resident.portal) == before


def test_a_draft_goes_a_day_after_it_was_saved(portal: TestPortal) -> None:
    begin(portal).to_step("address")
    assert gone_at(portal, MONDAY + timedelta(hours=24) - SECOND) == {}
    assert gone_at(portal, MONDAY + timedelta(hours=24)) == {"drafts": 1}
    assert draft.name not in rows(portal)


def test_the_owners_copy_goes_after_seventy_two_hours(resident: Resident) -> None:
    assert gone_at(resident.portal, MONDAY + timedelta(hours=72) - SECOND) == {}
    assert gone_at(resident.portal, MONDAY + timedelta(hours=72)) == {"owner's copies": 1}
    assert "owner_copy" not in rows(resident.portal)
    assert 'data-status="ontvangen"' in resident.sees()


@pytest.mark.parametrize(
    ("status", "data", "lives"),
    [
        ("afgesloten", {}, timedelta(weeks=4)),
        ("verhuisd", {}, timedelta(weeks=4)),
        ("geen-contact", {}, timedelta(weeks=4)),
        ("ingetrokken", {}, timedelta(weeks=4)),
        ("niet-toegelaten", {}, timedelta(weeks=8)),
        # The pause runs until the end of 1 December in Amsterdam: 23:00 in UTC.
        ("kennisgeving-verstuurd", {"pauzeTot": "2026-12-01"}, timedelta(weeks=4, days=8, hours=13, minutes=56)),
        # Without a last day eight months count: until the end of 23 July 2027, which is 22:00 in UTC.
        ("kennisgeving-verstuurd", {}, datetime(2027, 8, 20, 22, tzinfo=UTC) - MONDAY),
    ],
)
def test_the_status_goes_so_long_after_the_end(
    resident: Resident, status: str, data: dict[str, Any], lives: timedelta
) -> None:
    resident.told(status, **data)
    assert "registrations" not in gone_at(resident.portal, MONDAY + lives - SECOND)
    resident.sees()
    assert gone_at(resident.portal, MONDAY + lives)["registrations"] == 1
    assert rows(resident.portal) == {}


def test_whatever_happened_it_goes_fifteen_months_after_the_press(resident: Resident) -> None:
    resident.told("contact-gelegd")
    gone_at(resident.portal, LATEST - SECOND)
    resident.sees()
    assert gone_at(resident.portal, LATEST)["registrations"] == 1
    assert rows(resident.portal) == {}


def test_an_ending_that_was_revoked_makes_it_open_again(resident: Resident) -> None:
    mistake = resident.told("afgesloten")
    ended = resident.record
    resident.told("herroepen", herroept=mistake)
    again = resident.record
    assert (ended.ends_at, again.ends_at, again.forget_at) == (MONDAY, None, LATEST)
    gone_at(resident.portal, MONDAY + timedelta(weeks=5))
    resident.sees()


@on_engine("sqlite")
def test_what_is_only_asked_for_ends_nothing(resident: Resident) -> None:
    resident.opens("withdraw")
    assert (resident.record.ends_at, resident.record.forget_at) == (None, LATEST)


@on_engine("sqlite")
def test_what_came_too_early_counts_for_the_end_as_well(resident: Resident) -> None:
    """An ending of the next municipality, which waited until that one had the registration."""
    early = document("afgesloten", subject=resident.id, sender="GM0344", at=MONDAY)
    assert send(resident.portal, early).status_code == 202
    resident.told("doorgestuurd", gemeentecode="GM0344")
    assert (resident.record.ends_at, resident.record.forget_at) == (MONDAY, MONDAY + timedelta(weeks=4))


class TestTheAddressForMessages:
    def test_it_goes_at_the_end_and_the_message_that_tells_of_it_still_goes_out(self, resident: Resident) -> None:
        resident.told("afgesloten")
        assert gone_at(resident.portal, MONDAY + SECOND) == {"addresses for messages": 1}
        assert resident.choice is None and len(resident.notices()) == 1
        assert "U krijgt nu geen berichten" in resident.sees("messages")

    @pytest.mark.parametrize("settle", [bounce, None])
    def test_nor_does_it_stay_in_a_message_that_never_arrived(
        self, resident: Resident, settle: Callable[[TestPortal], object] | None
    ) -> None:
        resident.told("afgesloten")
        if settle:
            settle(resident.portal)
        gone_at(resident.portal, MONDAY + timedelta(days=3) - SECOND)
        assert len(resident.notices()) == 1
        assert gone_at(resident.portal, MONDAY + timedelta(days=3))["messages not sent"] == 1
        assert resident.notices() == []

    def test_a_message_that_was_given_up_shows_on_the_page(self, resident: Resident) -> None:
        resident.told("contact-gelegd")
        gone_at(resident.portal, MONDAY + timedelta(days=3))
        assert "Een bericht kwam niet aan" in resident.sees()

    def test_it_stays_as_long_as_the_pause_runs(self, resident: Resident) -> None:
        resident.told("kennisgeving-verstuurd", pauzeTot="2026-12-01")
        gone_at(resident.portal, datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC))
        assert resident.choice is not None
        gone_at(resident.portal, datetime(2026, 12, 1, 23, 0, tzinfo=UTC))
        assert resident.choice is None

    def test_others_keep_theirs(self, resident: Resident) -> None:
        other = Resident(resident.portal)
        resident.told("afgesloten")
        gone_at(resident.portal, MONDAY + timedelta(hours=2))
        assert resident.choice is None and other.choice is not None and len(other.notices()) == 1


class TestWhatHasNotArrived:
    def test_it_is_kept_however_old_it_is_and_told(self, portal: TestPortal) -> None:
        resident = Resident(portal, answers=NO_MESSAGES)
        portal.clock.moment = LATEST + timedelta(days=100)
        with capture_logs() as logs:
            for task in tasks(portal.database, portal.directory):
                task(portal.clock())
        assert {"event": "purge.kept_undelivered", "count": 1, "log_level": "error"} in logs
        assert resident.record.reference
        deliver(portal)
        with capture_logs() as logs:
            for task in tasks(portal.database, portal.directory):
                task(portal.clock())
        assert not any(line["event"] == "purge.kept_undelivered" for line in logs)
        assert [line for line in logs if line["event"] == "purge.done" and line["registrations"] == 1]
        assert rows(portal) == {}

    @pytest.mark.parametrize("act", ["urgent", "withdraw"])
    @on_engine("sqlite")
    def test_so_is_one_of_which_a_supplement_or_a_withdrawal_is_parked(self, portal: TestPortal, act: str) -> None:
        resident = Resident(portal, answers=NO_MESSAGES)
        deliver(portal)
        resident.opens(act, {"urgent": ["gas"]})
        bounce(portal)
        assert "registrations" not in gone_at(portal, LATEST)
        assert resident.record.reference

    @on_engine("sqlite")
    def test_a_message_to_the_resident_holds_nothing_up(self, resident: Resident) -> None:
        resident.told("contact-gelegd")
        assert len(resident.notices()) == 1
        assert gone_at(resident.portal, LATEST)["registrations"] == 1
        assert rows(resident.portal) == {}


def test_nothing_of_what_was_forgotten_is_left_in_any_table(resident: Resident) -> None:
    portal = resident.portal
    for scope in (OWNER, VIEW):
        resident.link(scope)
    resident.told("contact-gelegd")
    resident.told("kennisgeving-verstuurd")
    deliver(portal)
    code = resident.code
    assert set(rows(portal)) == {"registration", "owner_copy", "message_choice", "link", "outbox", "event"}
    gone_at(portal, LATEST)
    assert rows(portal) == {}
    for path in (resident.path, f"/nl/proof/{code}"):
        assert portal.client().get(path).status_code == 404


@on_engine("sqlite")
def test_many_go_in_small_transactions(portal: TestPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("citizen_portal.housekeeping._AT_ONCE", 2)
    for _ in range(5):
        Resident(portal, answers=NO_MESSAGES)
    deliver(portal)
    assert gone_at(portal, LATEST)["registrations"] == 5
    assert registration.name not in rows(portal)
    assert outbox.name not in rows(portal)


@on_engine("sqlite")
def test_the_command_prints_what_went(
    resident: Resident, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("citizen_portal.clock.now", lambda: MONDAY + timedelta(hours=72))
    for name, value in {"PORTAL_DATABASE_URL": database_url, "PORTAL_SECRET_KEYS": SECRET}.items():
        monkeypatch.setenv(name, value)
    assert cli.main(["purge"]) == 0
    printed = capsys.readouterr().out
    assert {"owner's copies: 1", "registrations: 0", "kept, not delivered: 0"} <= set(printed.splitlines())
    assert "owner_copy" not in rows(resident.portal)
    assert rate_window.name not in rows(resident.portal)
