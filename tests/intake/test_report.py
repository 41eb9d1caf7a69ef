"""What came of a try is logged as what somebody has to do about it, never with what was in the message."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from citizen_portal.intake.answer import MessageFault, Received, Temporary
from citizen_portal.intake.outbox import Settled, Wait
from citizen_portal.intake.report import report
from citizen_portal.sealing import KeyRing
from citizen_portal.storage.database import Database
from citizen_portal.storage.outbox import Claimed
from tests.support.databases import on_engine
from tests.support.deliveries import another_registration, claim, press


@pytest.fixture
def entry(database: Database, keys: KeyRing) -> Claimed:
    """A message under way."""
    press(database, keys, another_registration())
    [claimed] = claim(database)
    return claimed


@on_engine("sqlite")
@pytest.mark.parametrize(
    ("answer", "settled", "said"),
    [
        (Received(201), Settled(), [("delivery.received", "info")]),
        (Received(201), Settled(wait=Wait.MENDED), [("intake.mended", "info"), ("delivery.received", "info")]),
        (Received(201), Settled(lost=True), [("delivery.lease_lost", "warning")]),
        (MessageFault("422", 422), Settled(), [("delivery.parked", "error")]),
        (Temporary("503", 503), Settled(), [("delivery.postponed", "warning")]),
    ],
)
def test_each_outcome_is_its_own_event(
    entry: Claimed, answer: Received | MessageFault | Temporary, settled: Settled, said: list[tuple[str, str]]
) -> None:
    with capture_logs() as logged:
        report(entry, answer, settled)
    assert [(line["event"], line["log_level"]) for line in logged] == said
    assert {line["municipality"] for line in logged} == {"GM0363"}
