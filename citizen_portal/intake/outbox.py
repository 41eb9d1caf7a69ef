"""The rules of the outbox: what a press puts in, and what an answer does to the message and to its municipality."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from citizen_portal.intake.answer import Answer, ConnectionFault, MessageFault, NotSent, Received, Temporary
from citizen_portal.intake.message import registration_body
from citizen_portal.intake.schedule import next_try
from citizen_portal.registration.model import Registration
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import intake_waits, outbox
from citizen_portal.storage.database import Connection
from citizen_portal.storage.outbox import REGISTRATION, Claimed

LEASE = timedelta(seconds=60)
"""For so long a message is one worker's; a call takes 10 s at most, so what is older was left behind by a crash."""

MUNICIPALITY_CAP = 4
"""Messages under way to one municipality at once, over all workers."""


class Wait(StrEnum):
    """What a settlement did to the waiting of a municipality as a whole."""

    UNCHANGED = "unchanged"
    BEGAN = "began"
    GOES_ON = "goes on"
    MENDED = "mended"


@dataclass(frozen=True, slots=True)
class Settled:
    """What a settlement did. `lost`: another worker had the message by then, and nothing was changed."""

    lost: bool = False
    next_at: datetime | None = None
    wait: Wait = Wait.UNCHANGED


def enqueue(connection: Connection, keys: KeyRing, *, registration: Registration, now: datetime) -> UUID:
    """Keep the message about `registration`, sealed, due at once: part of the press's own transaction. Its id."""
    entry_id = uuid4()
    request = registration.request
    outbox.add(
        connection,
        entry_id=entry_id,
        registration_id=registration.id,
        position=0,
        kind=REGISTRATION,
        municipality_code=request.municipality_code,
        urgent=bool(request.urgent),
        sealed=keys.seal_body(registration_body(registration), seal_context(entry_id, REGISTRATION)),
        now=now,
    )
    return entry_id


def seal_context(entry_id: UUID, kind: str) -> bytes:
    """What the seal of a message is bound to, so that no body opens in another's place."""
    return entry_id.bytes + kind.encode()


def settle(
    connection: Connection, entry: Claimed, answer: Answer | NotSent, *, now: datetime, jitter: float
) -> Settled:
    """Keep what came of one try, by the classes of contract/intake.md. `jitter` is a random number from 0 to 1."""
    if isinstance(answer, ConnectionFault):
        return _connection_failed(connection, entry, answer, now, jitter)
    if isinstance(answer, NotSent):
        return _not_sent(connection, entry, answer, now, jitter)
    next_at = None
    if isinstance(answer, Received):
        kept = outbox.received(connection, entry, now=now, intake_number=answer.intake_number)
    elif isinstance(answer, MessageFault):
        kept = outbox.park(connection, entry, reason=answer.reason)
    else:
        next_at = _next_try(entry, now, jitter, answer)
        kept = outbox.postpone(connection, entry, next_at=next_at, reason=answer.reason, attempts=entry.attempts + 1)
    if not kept:
        return Settled(lost=True)
    # Whatever this answer is, the connection's fault it is not, or no longer.
    mended = intake_waits.end(connection, [entry.municipality_code])
    return Settled(next_at=next_at, wait=Wait.MENDED if mended else Wait.UNCHANGED)


def _connection_failed(
    connection: Connection, entry: Claimed, answer: ConnectionFault, now: datetime, jitter: float
) -> Settled:
    """The message goes back as it was; its municipality waits. What was under way beside the probe does not count."""
    if not outbox.put_back(connection, entry, now=now):
        return Settled(lost=True)
    code = entry.municipality_code
    failures = next((wait.failures for wait in intake_waits.all_waits(connection) if wait.municipality_code == code), 0)
    next_at = next_try(failures + 1, now, jitter=jitter)
    if intake_waits.begin(connection, code, next_at=next_at, reason=answer.reason, now=now):
        return Settled(next_at=next_at, wait=Wait.BEGAN)
    failed = intake_waits.prolong(
        connection, code, entry.claim, failures=failures + 1, next_at=next_at, reason=answer.reason
    )
    return Settled(next_at=next_at, wait=Wait.GOES_ON) if failed else Settled()


def _not_sent(connection: Connection, entry: Claimed, answer: NotSent, now: datetime, jitter: float) -> Settled:
    """It waits; what it says of the intake is nothing, so another message takes its place as the probe."""
    if answer.recheck is None:
        next_at, attempts = _next_try(entry, now, jitter), entry.attempts + 1
    else:
        next_at, attempts = now + answer.recheck, entry.attempts
    if not outbox.postpone(connection, entry, next_at=next_at, reason=answer.reason, attempts=attempts):
        return Settled(lost=True)
    intake_waits.probe_again(connection, entry.municipality_code, entry.claim, now=now)
    return Settled(next_at=next_at)


def _next_try(entry: Claimed, now: datetime, jitter: float, answer: Temporary | None = None) -> datetime:
    wanted = answer.retry_after if answer else None
    return next_try(entry.attempts + 1, now, jitter=jitter, wanted=wanted)
