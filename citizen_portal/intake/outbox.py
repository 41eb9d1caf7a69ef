"""The rules of the outbox: what a press puts in, and what an answer does to the message and to its municipality."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from citizen_portal.intake.answer import ConnectionFault, MessageFault, NotBegun, NotSent, Received, Result, Temporary
from citizen_portal.intake.message import registration_body, supplement_body, withdrawal_body
from citizen_portal.intake.schedule import next_try
from citizen_portal.registration.model import EarlierRegistration, Registration, UrgentKind
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import intake_waits, message_choices, outbox
from citizen_portal.storage.database import Connection
from citizen_portal.storage.outbox import NOTICE, REGISTRATION, SUPPLEMENT, WITHDRAWAL, Claimed, Message

LEASE = timedelta(seconds=60)
"""For so long a message is one worker's; a call takes 10 s at most, so what is older was left behind by a crash."""

BEGUN_WITHIN = timedelta(seconds=40)
"""A message that was claimed longer ago is not sent any more: its lease has to outlast the call."""

MUNICIPALITY_CAP = 4
"""Messages under way to one municipality at once, over all workers."""


Tried = tuple[Claimed, Result]
"""A message and what came of one try."""


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


def first_message(
    keys: KeyRing, registration: Registration, *, now: datetime, earlier: EarlierRegistration | None = None
) -> Message:
    """The message about `registration`, sealed, due at once: what the press keeps in its own transaction."""
    request = registration.request
    return sealed_message(
        keys,
        registration_body(registration, earlier),
        entry_id=uuid4(),
        registration_id=registration.id,
        position=0,
        kind=REGISTRATION,
        lane=request.municipality_code,
        urgent=bool(request.urgent),
        now=now,
    )


def supplement_message(
    keys: KeyRing,
    *,
    registration_id: UUID,
    municipality_code: str,
    position: int,
    told_at: datetime,
    kinds: tuple[UrgentKind, ...],
    day: date | None,
    due: date,
) -> Message:
    """The message that it became urgent: sealed, due at once, before those that are not urgent."""
    entry_id = uuid4()
    return sealed_message(
        keys,
        supplement_body(entry_id, told_at, kinds, day, due),
        entry_id=entry_id,
        registration_id=registration_id,
        position=position,
        kind=SUPPLEMENT,
        lane=municipality_code,
        urgent=True,
        now=told_at,
    )


def withdrawal_message(
    keys: KeyRing, *, registration_id: UUID, municipality_code: str, position: int, told_at: datetime
) -> Message:
    """The message that somebody with the resident's link asks to stop: sealed, due at once."""
    entry_id = uuid4()
    return sealed_message(
        keys,
        withdrawal_body(entry_id, told_at),
        entry_id=entry_id,
        registration_id=registration_id,
        position=position,
        kind=WITHDRAWAL,
        lane=municipality_code,
        urgent=False,
        now=told_at,
    )


def sealed_message(
    keys: KeyRing,
    body: bytes,
    *,
    entry_id: UUID,
    registration_id: UUID,
    position: int,
    kind: str,
    lane: str,
    urgent: bool,
    now: datetime,
) -> Message:
    """A message of any kind whose `body` nobody can read without the server's secrets; due at once."""
    return Message(
        id=entry_id,
        registration_id=registration_id,
        position=position,
        kind=kind,
        municipality_code=lane,
        urgent=urgent,
        sealed=keys.seal_body(body, seal_context(entry_id, kind)),
        created_at=now,
    )


def seal_context(entry_id: UUID, kind: str) -> bytes:
    """What the seal of a message is bound to, so that no body opens in another's place."""
    return entry_id.bytes + kind.encode()


def choice_context(registration_id: UUID) -> bytes:
    """What the seal of an address for messages is bound to."""
    return b"message choice:" + registration_id.bytes


def settle(
    connection: Connection, tried: Sequence[Tried], *, now: datetime, jitter: Callable[[], float]
) -> list[Settled]:
    """Keep what came of these tries, by the classes of contract/intake.md; what it did, in the same order.

    `jitter` gives a random number from 0 to 1.
    """
    mine = outbox.still_claimed(connection, [entry for entry, _ in tried])
    failures = {wait.municipality_code: wait.failures for wait in intake_waits.all_waits(connection)}
    receipts = [
        (entry, answer.intake_number) for entry, answer in tried if entry.id in mine and isinstance(answer, Received)
    ]
    outbox.received(connection, receipts, now=now)
    settlement = _Settlement(connection, now, jitter, failures)
    return [settlement.of(entry, answer) if entry.id in mine else Settled(lost=True) for entry, answer in tried]


@dataclass(frozen=True, slots=True)
class _Settlement:
    """One transaction's settlements. `failures` of each municipality that waits as a whole, kept up to date."""

    connection: Connection
    now: datetime
    jitter: Callable[[], float]
    failures: dict[str, int]

    def of(self, entry: Claimed, answer: Result) -> Settled:
        match answer:
            case ConnectionFault():
                return self._connection_failed(entry, answer)
            case NotSent():
                return self._not_sent(entry, answer)
            case NotBegun():
                outbox.put_back(self.connection, entry, now=self.now)
                intake_waits.probe_again(self.connection, entry.municipality_code, entry.claim, now=self.now)
                return Settled()
            case Received():
                return Settled(wait=self._mended(entry))
            case MessageFault():
                outbox.park(self.connection, entry, reason=answer.reason)
                if entry.kind == NOTICE:
                    message_choices.note_failure(
                        self.connection, entry.registration_id, made_at=entry.created_at, now=self.now
                    )
                return Settled(wait=self._mended(entry))
            case Temporary():
                next_at = self._by_schedule(entry.attempts + 1, answer.retry_after)
                self._postpone(entry, answer.reason, next_at, entry.attempts + 1)
                return Settled(next_at=next_at, wait=self._mended(entry))

    def _mended(self, entry: Claimed) -> Wait:
        """Whatever else was answered, the connection's fault it is not, or no longer."""
        if self.failures.pop(entry.municipality_code, None) is None:
            return Wait.UNCHANGED
        intake_waits.end(self.connection, [entry.municipality_code])
        return Wait.MENDED

    def _connection_failed(self, entry: Claimed, answer: ConnectionFault) -> Settled:
        """The message goes back as it was; its municipality waits. What was under way beside the probe counts not."""
        outbox.put_back(self.connection, entry, now=self.now)
        code = entry.municipality_code
        failures = self.failures.get(code, 0) + 1
        next_at = self._by_schedule(failures)
        if failures == 1:
            wait = Wait.BEGAN
            changed = intake_waits.begin(self.connection, code, next_at=next_at, reason=answer.reason, now=self.now)
        else:
            wait = Wait.GOES_ON
            changed = intake_waits.prolong(
                self.connection, code, entry.claim, failures=failures, next_at=next_at, reason=answer.reason
            )
        if not changed:
            return Settled()
        self.failures[code] = failures
        return Settled(next_at=next_at, wait=wait)

    def _not_sent(self, entry: Claimed, answer: NotSent) -> Settled:
        """It waits; of the intake it says nothing, so another message takes its place as the probe."""
        counted = answer.recheck is None
        attempts = entry.attempts + 1 if counted else entry.attempts
        next_at = self._by_schedule(attempts) if answer.recheck is None else self.now + answer.recheck
        self._postpone(entry, answer.reason, next_at, attempts)
        intake_waits.probe_again(self.connection, entry.municipality_code, entry.claim, now=self.now)
        return Settled(next_at=next_at)

    def _postpone(self, entry: Claimed, reason: str, next_at: datetime, attempts: int) -> None:
        outbox.postpone(self.connection, entry, next_at=next_at, reason=reason, attempts=attempts)

    def _by_schedule(self, failures: int, wanted: timedelta | None = None) -> datetime:
        return next_try(failures, self.now, jitter=self.jitter(), wanted=wanted)
