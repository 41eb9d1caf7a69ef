"""The outbox: messages on their way to a municipality, sealed; claimed by one worker at a time, settled once.

Every function takes part in the caller's transaction. A claim is a random id on the row: whatever a worker does with
a row later counts only while its claim still stands there, so one that woke up after its lease changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    Select,
    bindparam,
    exists,
    false,
    func,
    insert,
    select,
    text,
    true,
    update,
)

from citizen_portal.sealing import SealedBody
from citizen_portal.storage import intake_waits
from citizen_portal.storage.tables import outbox, registration

QUEUED, CLAIMED, DELIVERED, WAITING, PARKED = "queued", "claimed", "delivered", "waiting", "parked"

REGISTRATION = "registration"
"""The kind of a registration's first message."""

# Any number does, as long as nobody else locks on it.
_CLAIMERS = 5081404


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this worker may send until its lease is over. `attempts` were made before; `probe`: it alone may
    go to its municipality, to find out whether the connection is mended."""

    id: UUID
    claim: UUID
    registration_id: UUID
    reference: str
    kind: str
    municipality_code: str
    urgent: bool
    attempts: int
    sealed: SealedBody
    probe: bool


def add(
    connection: Connection,
    *,
    entry_id: UUID,
    registration_id: UUID,
    position: int,
    kind: str,
    municipality_code: str,
    urgent: bool,
    sealed: SealedBody,
    now: datetime,
) -> None:
    """Keep a message; it is due at once. Raises IntegrityError when the registration has one at that `position`."""
    connection.execute(
        insert(outbox).values(
            id=entry_id,
            registration_id=registration_id,
            position=position,
            kind=kind,
            municipality_code=municipality_code,
            urgent=urgent,
            body=sealed.body,
            wrapped_key=sealed.wrapped_key,
            state=QUEUED,
            attempts=0,
            next_at=now,
            created_at=now,
        )
    )


def anything_to_claim(connection: Connection, *, now: datetime, cap: int) -> bool:
    """Whether a claim would find something: cheap enough for every second, and it keeps no writer waiting."""
    return bool(_heads(connection, now, _Municipalities.at_present(connection, now, cap).closed))


def claim(connection: Connection, *, now: datetime, lease: timedelta, limit: int, cap: int) -> list[Claimed]:
    """At most `limit` messages that are due, urgent ones first, then those that are due longest.

    Of one municipality at most `cap` are under way, over all workers; none while its connection is at fault, except
    one probe when that is due. Of one registration only the first that was not received. Needs a writing transaction.
    """
    if connection.dialect.name == "postgresql":
        # Two claims at once would each count the other's as not there, and pass the cap. SQLite has one writer anyway.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CLAIMERS})
    municipalities = _Municipalities.at_present(connection, now, cap)
    claimed: list[Claimed] = []
    while len(claimed) < limit:
        heads = _heads(connection, now, municipalities.closed)
        row = connection.execute(_MOST_PRESSING, {"now": now, "heads": heads}).first() if heads else None
        if row is None:
            break
        entry = _claimed(row, probe=row.municipality_code in municipalities.to_probe)
        mark = update(outbox).where(outbox.c.id == entry.id)
        connection.execute(mark.values(state=CLAIMED, claim=entry.claim, next_at=now + lease))
        if entry.probe:
            intake_waits.probe(connection, entry.municipality_code, entry.claim, until=now + lease)
        municipalities.count(entry)
        claimed.append(entry)
    return claimed


def counts(connection: Connection) -> dict[str, int]:
    """How many messages there are in each state."""
    counted = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    return {row[0]: row[1] for row in connection.execute(counted)}


def received(connection: Connection, entry: Claimed, *, now: datetime, intake_number: str | None) -> bool:
    """The municipality has it: its content and the key to it are erased. False: the claim was lost."""
    kept = _settle(
        connection,
        entry,
        state=DELIVERED,
        body=None,
        wrapped_key=None,
        next_at=None,
        delivered_at=now,
        attempts=entry.attempts + 1,
        reason=None,
    )
    if kept and entry.kind == REGISTRATION:
        found = update(registration).where(registration.c.id == entry.registration_id)
        connection.execute(found.values(received_at=now, intake_number=intake_number))
    return kept


def postpone(connection: Connection, entry: Claimed, *, next_at: datetime, reason: str, attempts: int) -> bool:
    """To be tried again at `next_at`. False: the claim was lost."""
    return _settle(connection, entry, state=WAITING, next_at=next_at, reason=reason, attempts=attempts)


def park(connection: Connection, entry: Claimed, *, reason: str) -> bool:
    """Kept until a person looks at it. False: the claim was lost."""
    return _settle(connection, entry, state=PARKED, next_at=None, reason=reason, attempts=entry.attempts + 1)


def put_back(connection: Connection, entry: Claimed, *, now: datetime) -> bool:
    """Due again as if it was never tried. False: the claim was lost."""
    return _settle(connection, entry, state=QUEUED, next_at=now)


def _settle(connection: Connection, entry: Claimed, **values: object) -> bool:
    still_mine = (outbox.c.id == entry.id, outbox.c.claim == entry.claim)
    return connection.execute(update(outbox).where(*still_mine).values(claim=None, **values)).rowcount == 1


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


def _heads(connection: Connection, now: datetime, closed: Collection[str]) -> list[UUID]:
    """For each municipality that is not closed and has something due, the message that goes next."""
    heads = connection.execute(_HEADS, {"now": now, "closed": list(closed)}).scalars()
    return [head for head in heads if head is not None]


def _claimed(row: Row[*tuple[Any, ...]], *, probe: bool) -> Claimed:
    kept = {name: value for name, value in row._mapping.items() if name not in {"body", "wrapped_key"}}
    return Claimed(**kept, claim=uuid4(), sealed=SealedBody(row.body, row.wrapped_key), probe=probe)


def _head_of_each() -> Select[UUID]:
    """For each municipality that is not closed the id of the message that goes next, or None.

    The municipalities are found by jumping from one to the next in the index, and each one's message by one or two
    looks into it: a backlog of any length, of this municipality or of another, costs nothing.
    """
    open_row, later_row = outbox.alias(), outbox.alias()
    first = select(func.min(open_row.c.municipality_code).label("code")).where(open_row.c.next_at.is_not(None))
    known = first.cte("known", recursive=True)
    following = select(func.min(later_row.c.municipality_code)).where(
        later_row.c.next_at.is_not(None), later_row.c.municipality_code > known.c.code
    )
    known = known.union_all(select(following.scalar_subquery()).where(known.c.code.is_not(None)))
    head = func.coalesce(_first_due(known.c.code, urgent=True), _first_due(known.c.code, urgent=False))
    return select(head).where(known.c.code.not_in(bindparam("closed", expanding=True)))


def _first_due(code: ColumnElement[str], *, urgent: bool) -> ScalarSelect[UUID]:
    """The id of the message of municipality `code` that is due longest, and that no earlier one holds back."""
    row, earlier = outbox.alias(), outbox.alias()
    held_back = exists().where(
        earlier.c.registration_id == row.c.registration_id,
        earlier.c.position < row.c.position,
        earlier.c.state != DELIVERED,
    )
    return (
        select(row.c.id)
        .where(
            row.c.municipality_code == code,
            row.c.urgent == (true() if urgent else false()),
            row.c.next_at <= bindparam("now"),
            ~held_back,
        )
        .order_by(row.c.next_at)
        .limit(1)
        .scalar_subquery()
    )


def _the_most_pressing() -> Select[*tuple[Any, ...]]:
    return (
        select(
            outbox.c.id,
            outbox.c.registration_id,
            registration.c.reference,
            outbox.c.kind,
            outbox.c.municipality_code,
            outbox.c.urgent,
            outbox.c.attempts,
            outbox.c.body,
            outbox.c.wrapped_key,
        )
        .join(registration, registration.c.id == outbox.c.registration_id)
        # On PostgreSQL another worker may have settled or claimed it since it was found.
        .where(outbox.c.id.in_(bindparam("heads", expanding=True)), outbox.c.next_at <= bindparam("now"))
        .order_by(outbox.c.urgent.desc(), outbox.c.next_at)
        .limit(1)
        .with_for_update(skip_locked=True, of=outbox)
    )


_HEADS = _head_of_each()
_MOST_PRESSING = _the_most_pressing()
