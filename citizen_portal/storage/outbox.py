"""The outbox: messages on their way, sealed; claimed by one worker at a time, settled once.

A lane is where a message goes: a municipality, or one of the ways to residents. Its name is in `municipality_code`.
Lanes do not wait for each other, so a mail server that is away holds up no registration.

Every function takes part in the caller's transaction. A claim is a random id on the rows that were claimed together:
whatever a worker does with a row later counts only while its claim still stands there, so one that woke up after its
lease changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, bindparam, func, insert, select, text, update

from citizen_portal.sealing import SealedBody
from citizen_portal.storage import intake_waits, upsert
from citizen_portal.storage.outbox_next import CLAIMED, DELIVERED, PARKED, QUEUED, WAITING, heads, next_messages
from citizen_portal.storage.tables import outbox, registration

REGISTRATION, SUPPLEMENT, WITHDRAWAL, NOTICE = "registration", "supplement", "withdrawal", "notice"
"""The kinds: a registration's first message, what it became later, that it is withdrawn; what goes to the resident."""

EMAIL_LANE, SMS_LANE = "E-MAIL", "SMS"
"""What stands in `municipality_code` of a message to a resident: so it waits in line with its own way only."""

NOTICE_LANES = frozenset({EMAIL_LANE, SMS_LANE})
"""The lanes that lead to residents. All others lead to the municipality of that code."""

# Any number does, as long as nobody else locks on it.
_CLAIMERS = 5081404


@dataclass(frozen=True, slots=True)
class Message:
    """A new message. Of one registration those in one lane go out by `position`, each after the one before arrived."""

    id: UUID
    registration_id: UUID
    position: int
    kind: str
    municipality_code: str
    urgent: bool
    sealed: SealedBody
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this worker may send until its lease is over, which began at `claimed_at`.

    `attempts` were made before; `probe`: it alone may go to its municipality, to find out whether the connection is
    mended. `first_municipality_code` is who was sent the registration.
    """

    id: UUID
    claim: UUID
    claimed_at: datetime
    registration_id: UUID
    reference: str
    kind: str
    municipality_code: str
    urgent: bool
    attempts: int
    sealed: SealedBody
    probe: bool
    first_municipality_code: str
    created_at: datetime


def add(connection: Connection, message: Message) -> None:
    """Keep a message; it is due at once. Raises IntegrityError when the registration has one at that `position`."""
    connection.execute(insert(outbox), columns(message))


def add_once(connection: Connection, message: Message) -> bool:
    """Keep a message, unless there is one with its id already: then False, and nothing is written.

    Raises IntegrityError when the registration has another one at that `position`.
    """
    unless_there = upsert.insert(connection, outbox).on_conflict_do_nothing(index_elements=[outbox.c.id])
    return connection.execute(unless_there.returning(outbox.c.id), columns(message)).first() is not None


def is_there(connection: Connection, entry_id: UUID) -> bool:
    """Whether a message with this id was ever kept."""
    return connection.execute(select(outbox.c.id).where(outbox.c.id == entry_id)).first() is not None


def is_under_way(connection: Connection, registration_id: UUID) -> bool:
    """Whether a municipality has yet to receive something about this registration."""
    found = select(outbox.c.id).where(
        outbox.c.registration_id == registration_id,
        outbox.c.state != DELIVERED,
        outbox.c.municipality_code.not_in(NOTICE_LANES),
    )
    return connection.execute(found.limit(1)).first() is not None


def next_position(connection: Connection, registration_id: UUID) -> int:
    """The place behind all messages of this registration, in all lanes.

    The caller holds a lock on the registration's row, so that nobody else is given the same place.
    """
    last = select(func.max(outbox.c.position)).where(outbox.c.registration_id == registration_id)
    position = connection.execute(last).scalar_one()
    return 0 if position is None else int(position) + 1


def columns(message: Message) -> dict[str, object]:
    """A new message's values, for `COLUMNS`."""
    return {
        "id": message.id,
        "registration_id": message.registration_id,
        "position": message.position,
        "kind": message.kind,
        "municipality_code": message.municipality_code,
        "urgent": message.urgent,
        "body": message.sealed.body,
        "wrapped_key": message.sealed.wrapped_key,
        "state": QUEUED,
        "attempts": 0,
        "next_at": message.created_at,
        "created_at": message.created_at,
    }


COLUMNS = (
    *("id", "registration_id", "position", "kind", "municipality_code", "urgent"),
    *("body", "wrapped_key", "state", "attempts", "next_at", "created_at"),
)
"""What is known of a message that was never tried."""


def claim(connection: Connection, *, now: datetime, lease: timedelta, limit: int, cap: int) -> list[Claimed]:
    """At most `limit` messages that are due: urgent ones first, then those that are due longest.

    When a claim takes several that are equally urgent, municipalities take turns. Of one municipality at most `cap`
    are under way, over all workers; none while its connection is at fault, except one probe when that is due. Of one
    registration and lane only the first that was not received. Needs a writing transaction.
    """
    if connection.dialect.name == "postgresql":
        # Two claims at once would each count the other's as not there, and pass the cap. SQLite has one writer anyway.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CLAIMERS})
    municipalities = _Municipalities.at_present(connection, now, cap)
    claimed: list[Claimed] = []
    by = uuid4()
    for urgent in (True, False):
        while found := next_messages(connection, now, urgent, municipalities.closed, limit - len(claimed)):
            entries = [_claimed(row, by, now, probe=row.municipality_code in municipalities.to_probe) for row in found]
            marks = {"entries": [entry.id for entry in entries], "by": by, "until": now + lease}
            connection.execute(_MARK, marks)
            for entry in entries:
                municipalities.count(entry)
                if entry.probe:
                    intake_waits.probe(connection, entry.municipality_code, entry.claim, until=now + lease)
            claimed += entries
    return claimed


def is_anything_due(connection: Connection, *, now: datetime, cap: int) -> bool:
    """Whether a claim would find something; it only reads, so a worker that waits locks nobody out."""
    closed = list(_Municipalities.at_present(connection, now, cap).closed)
    return any(heads(connection, now, urgent, closed) for urgent in (True, False))


def counts(connection: Connection) -> dict[str, int]:
    """How many messages there are in each state."""
    counted = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    return {row[0]: row[1] for row in connection.execute(counted)}


def still_claimed(connection: Connection, entries: Collection[Claimed]) -> set[UUID]:
    """The ids of those whose claim was not lost; nobody else can take these before this transaction is over."""
    kept = select(outbox.c.id, outbox.c.claim).where(outbox.c.id.in_([entry.id for entry in entries]))
    # In one order, so that two workers cannot each hold what the other waits for.
    claims = {row.id: row.claim for row in connection.execute(kept.order_by(outbox.c.id).with_for_update())}
    return {entry.id for entry in entries if claims.get(entry.id) == entry.claim}


def received(connection: Connection, receipts: Collection[tuple[Claimed, str | None]], *, now: datetime) -> None:
    """Their municipalities have them, under these numbers: their content and the keys to it are erased.

    For those that `still_claimed` named in this transaction: nobody else can have them until it is over.
    """
    if not receipts:
        return
    connection.execute(_ERASE, {"entries": [entry.id for entry, _ in receipts], "at": now})
    numbers = [
        {"entry": entry.registration_id, "at": now, "number": number}
        for entry, number in receipts
        if entry.kind == REGISTRATION
    ]
    if numbers:
        connection.execute(_RECEIPT, numbers)


def postpone(connection: Connection, entry: Claimed, *, next_at: datetime, reason: str, attempts: int) -> None:
    """To be tried again at `next_at`; nothing happens when the claim was lost."""
    _settle(connection, entry, state=WAITING, next_at=next_at, reason=reason, attempts=attempts)


def park(connection: Connection, entry: Claimed, *, reason: str) -> None:
    """Kept until a person looks at it; nothing happens when the claim was lost."""
    _settle(connection, entry, state=PARKED, next_at=None, reason=reason, attempts=entry.attempts + 1)


def put_back(connection: Connection, entry: Claimed, *, now: datetime) -> None:
    """Due again as if it was never tried; nothing happens when the claim was lost."""
    _settle(connection, entry, state=QUEUED, next_at=now)


def _settle(connection: Connection, entry: Claimed, **values: object) -> None:
    mine = (outbox.c.id == entry.id, outbox.c.claim == entry.claim)
    connection.execute(update(outbox).where(*mine).values(claim=None, **values))


@dataclass(slots=True)
class _Municipalities:
    """Which municipalities may get something: `closed` may not, `to_probe` may get one message."""

    cap: int
    under_way: Counter[str]
    to_probe: set[str]
    closed: set[str]

    @classmethod
    def at_present(cls, connection: Connection, now: datetime, cap: int) -> _Municipalities:
        waits = intake_waits.all_waits(connection)
        # Whether a lease still runs is not asked in SQL: it would lead SQLite to the index of all that is due later.
        leases = select(outbox.c.municipality_code, outbox.c.next_at).where(outbox.c.state == CLAIMED)
        under_way = Counter(code for code, until in connection.execute(leases) if until > now)
        closed = {wait.municipality_code for wait in waits if wait.next_at > now}
        closed |= {code for code, count in under_way.items() if count >= cap}
        return cls(cap, under_way, {wait.municipality_code for wait in waits}, closed)

    def count(self, entry: Claimed) -> None:
        code = entry.municipality_code
        self.under_way[code] += 1
        if entry.probe or self.under_way[code] >= self.cap:
            self.closed.add(code)


def _claimed(row: Row[*tuple[Any, ...]], by: UUID, now: datetime, *, probe: bool) -> Claimed:
    kept = {name: value for name, value in row._mapping.items() if name not in {"body", "wrapped_key"}}
    return Claimed(**kept, claim=by, claimed_at=now, sealed=SealedBody(row.body, row.wrapped_key), probe=probe)


# Made once: building a statement costs more than running it.
_MARK = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("entries", expanding=True)))
    .values(state=CLAIMED, claim=bindparam("by"), next_at=bindparam("until"))
)
_ERASE = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("entries", expanding=True)))
    .values(
        state=DELIVERED,
        body=None,
        wrapped_key=None,
        next_at=None,
        claim=None,
        reason=None,
        attempts=outbox.c.attempts + 1,
        delivered_at=bindparam("at"),
    )
)
_RECEIPT = (
    update(registration)
    .where(registration.c.id == bindparam("entry"))
    .values(received_at=bindparam("at"), intake_number=bindparam("number"))
)
