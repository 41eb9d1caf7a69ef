"""Municipalities whose connection is at fault: each waits as a whole, and is probed by one message at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Update, delete, select, update

from citizen_portal.storage.tables import intake_wait
from citizen_portal.storage.upsert import insert


@dataclass(frozen=True, slots=True)
class IntakeWait:
    """One municipality that waits. `next_at` is the next probe, or the end of the lease of the one under way."""

    municipality_code: str
    failures: int
    next_at: datetime
    probe_claim: UUID | None
    reason: str
    since: datetime


def all_waits(connection: Connection) -> list[IntakeWait]:
    """All that wait, by code; mostly none."""
    rows = connection.execute(select(intake_wait).order_by(intake_wait.c.municipality_code))
    return [IntakeWait(**row._mapping) for row in rows]


def begin(connection: Connection, code: str, *, next_at: datetime, reason: str, now: datetime) -> bool:
    """From now on `code` waits as a whole. False, and nothing changes, when it did already."""
    row = {"municipality_code": code, "failures": 1, "next_at": next_at, "reason": reason, "since": now}
    # Not the row count: psycopg does not tell it for an INSERT.
    begun = insert(connection, intake_wait).values(row).on_conflict_do_nothing()
    return connection.execute(begun.returning(intake_wait.c.municipality_code)).first() is not None


def probe(connection: Connection, code: str, claim: UUID, *, until: datetime) -> None:
    """The message claimed as `claim` is the probe; no other goes out before `until`."""
    connection.execute(_of(code).values(probe_claim=claim, next_at=until))


def prolong(connection: Connection, code: str, claim: UUID, *, failures: int, next_at: datetime, reason: str) -> bool:
    """The probe `claim` failed: the next one goes out at `next_at`. False when that is not the probe."""
    values = {"failures": failures, "next_at": next_at, "reason": reason, "probe_claim": None}
    return connection.execute(_of(code).where(intake_wait.c.probe_claim == claim).values(values)).rowcount == 1


def probe_again(connection: Connection, code: str, claim: UUID, *, now: datetime) -> None:
    """The probe `claim` never went out: another message may be the probe at once."""
    connection.execute(_of(code).where(intake_wait.c.probe_claim == claim).values(probe_claim=None, next_at=now))


def end(connection: Connection, codes: Collection[str] | None = None) -> list[str]:
    """`codes` (None: all municipalities) wait no longer; those that did."""
    ended = delete(intake_wait).returning(intake_wait.c.municipality_code)
    if codes is not None:
        ended = ended.where(intake_wait.c.municipality_code.in_(codes))
    return sorted(connection.execute(ended).scalars())


def _of(code: str) -> Update:
    return update(intake_wait).where(intake_wait.c.municipality_code == code)
