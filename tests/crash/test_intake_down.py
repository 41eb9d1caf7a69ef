"""An intake that is away for a month: it is asked now and then, never given up, and the resident is told the truth."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from citizen_portal.intake.schedule import step
from citizen_portal.intake.worker import Worker
from citizen_portal.storage.tables import outbox
from tests.fakes.intake_server import Answer, IntakeServer, answer, hang_up, known_by_id, reset
from tests.support.portal import MONDAY, TestPortal, make_portal
from tests.support.walk import Walk, press_as

_AWAY = timedelta(days=30)
_LATE = {False: timedelta(hours=24), True: timedelta(hours=4)}
"""After so long a resident hears that it was not delivered, by whether it is urgent (contract/portal.md)."""

_NOTHING_PAUSED = "Er is nog niets gepauzeerd."
_NOT_DELIVERED = "Wij blijven het proberen. Wacht niet langer:"
_DELIVERED = 'Klaar<span class="hidden">: </span></span>Uw gemeente heeft uw vraag<'


@dataclass
class _Month:
    """Residents who pressed on a Monday, urgent and not, and a worker whose clock jumps from one thing to the next."""

    portal: TestPortal
    intake: IntakeServer
    residents: dict[bool, Walk]

    def __post_init__(self) -> None:
        parts = self.portal
        self.worker = Worker(parts.database, parts.keys, parts.directory, clock=parts.clock, jitter=lambda: 0.5)

    def pass_until(self, moment: datetime) -> None:
        """Do all that is due until then, at the time that it is due; look at the pages each time."""
        while (due := self._next_due()) and due <= moment:
            self.portal.clock.moment = max(due, self.portal.clock.moment)
            self.worker.run_once()
            self.look()
        self.portal.clock.moment = moment
        self.look()

    def look(self) -> None:
        """What the pages say is true at this moment, as long as the intake has nothing."""
        for urgent, walk in self.residents.items():
            walk.get(walk.path)
            assert walk.page.status_code == 200
            assert _NOTHING_PAUSED in walk.text
            assert _DELIVERED not in walk.text
            assert (_NOT_DELIVERED in walk.text) is (self.portal.clock() - MONDAY > _LATE[urgent])

    def calls(self) -> Counter[str]:
        """How many there were, by registration."""
        return Counter(json.loads(request.body)["aanmeldingId"] for request in self.intake.requests)

    def _next_due(self) -> datetime | None:
        with self.portal.database.reading() as connection:
            due: datetime | None = connection.execute(select(func.min(outbox.c.next_at))).scalar_one()
        return due


@pytest.fixture
def month(tmp_path: Path, database_url: str, intake: IntakeServer) -> Iterator[_Month]:
    portal = make_portal(tmp_path, database_url, intake=intake.url)
    urgent, not_urgent = press_as(portal), press_as(portal, {"urgent": {"urgent": ["none"]}})
    yield _Month(portal, intake, {True: urgent, False: not_urgent})
    portal.database.close()


@pytest.mark.parametrize("how", [answer(503), reset, hang_up], ids=["503", "reset", "hangs up"])
def test_after_a_month_away_everything_is_delivered_once(month: _Month, how: Answer) -> None:
    month.intake.usual = how
    for late in sorted(_LATE.values()):
        month.pass_until(MONDAY + late)
        month.pass_until(MONDAY + late + timedelta(seconds=1))
    month.pass_until(MONDAY + _AWAY)
    # Eight tries within the first day, then one a day.
    tries = _tries_within(_AWAY)
    assert tries <= 8 + _AWAY.days
    assert sorted(month.calls().values()) == [tries, tries]

    month.intake.usual = known_by_id
    month.portal.clock.pass_by(days=1)
    assert month.worker.run_once() == 2
    assert len(month.intake.numbers) == 2
    assert len({request.body for request in month.intake.requests}) == 2
    for walk in month.residents.values():
        walk.get(walk.path)
        assert _DELIVERED in walk.text
        assert _NOT_DELIVERED not in walk.text

    calls = month.calls()
    month.portal.clock.pass_by(days=30)
    assert month.worker.run_once() == 0
    assert month.calls() == calls


def test_a_retry_after_for_ever_delays_by_a_day_at_most(month: _Month) -> None:
    month.intake.usual = answer(503, Retry_After="999999999")
    month.pass_until(MONDAY + _AWAY)
    assert sorted(month.calls().values()) == [_AWAY.days + 1] * 2
    month.intake.usual = known_by_id
    month.portal.clock.pass_by(days=1)
    assert month.worker.run_once() == 2


def _tries_within(time: timedelta) -> int:
    """The first at once, and then by the schedule."""
    tries, since = 1, step(1)
    while since <= time:
        tries += 1
        since += step(tries)
    return tries
