"""What the log says of deliveries: references, codes and statuses; never a word of a message or of an answer."""

from __future__ import annotations

import structlog

from citizen_portal.intake.answer import ConnectionFault, MessageFault, NotBegun, NotSent, Received, Result
from citizen_portal.intake.outbox import Settled, Wait
from citizen_portal.storage.outbox import NOTICE_LANES, Claimed

log = structlog.get_logger()

_URGENT_ALARM_FROM = 3
"""An urgent message that failed so often needs a person (design.md, "The outbox")."""


def report(entry: Claimed, answer: Result, settled: Settled) -> None:
    """Log what came of one try, after it was committed. Alarms are errors: somebody has to do something."""
    attempt = entry.attempts + 1
    event = log.bind(reference=entry.reference, **_receiver(entry), status=answer.status, attempt=attempt)
    if settled.lost:
        event.warning("delivery.lease_lost")
        return
    if settled.wait is Wait.MENDED:
        log.info(f"{_other_side(entry)}.mended", **_receiver(entry), status=answer.status)
    if isinstance(answer, Received):
        event.info("delivery.received")
    elif isinstance(answer, ConnectionFault):
        _connection_failed(entry, answer, settled)
    elif isinstance(answer, NotBegun):
        event.info("delivery.not_begun")
    elif isinstance(answer, MessageFault) and entry.municipality_code in NOTICE_LANES:
        # The resident's page says so; there is nothing to mend here.
        event.warning("delivery.refused", reason=answer.reason)
    elif isinstance(answer, MessageFault):
        event.error("delivery.parked", reason=answer.reason)
    else:
        next_at = settled.next_at.isoformat() if settled.next_at else None
        event.warning("delivery.postponed", reason=answer.reason, next_at=next_at)
        if isinstance(answer, NotSent) or (entry.urgent and attempt >= _URGENT_ALARM_FROM):
            event.error("delivery.alarm", reason=answer.reason, urgent=entry.urgent)


def _connection_failed(entry: Claimed, answer: ConnectionFault, settled: Settled) -> None:
    if settled.wait is Wait.UNCHANGED or settled.next_at is None:
        # Under way beside the first one that failed, which was told already.
        return
    log.error(
        f"{_other_side(entry)}.unreachable",
        **_receiver(entry),
        reference=entry.reference,
        status=answer.status,
        attempt=entry.attempts + 1,
        reason=answer.reason,
        next_probe=settled.next_at.isoformat(),
    )


def _other_side(entry: Claimed) -> str:
    return "sender" if entry.municipality_code in NOTICE_LANES else "intake"


def _receiver(entry: Claimed) -> dict[str, str]:
    """Which way it was on; of a resident never more than that."""
    name = "way" if entry.municipality_code in NOTICE_LANES else "municipality"
    return {name: entry.municipality_code}
