"""Forgetting: what is past its time is erased, by the worker every few minutes and by `citizen-portal purge`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from citizen_portal.directory.municipality import Directory
from citizen_portal.progress.intake_events import drop_old_parked
from citizen_portal.progress.merged import move_merged
from citizen_portal.registration.retention import NOTICE_LIFE
from citizen_portal.storage import (
    drafts,
    handovers,
    message_choices,
    outbox_entries,
    owner_copies,
    rates,
    registrations,
)
from citizen_portal.storage.database import Connection, Database

_AT_ONCE = 500

log = structlog.get_logger()


def purge(database: Database, now: datetime) -> dict[str, int]:
    """Erase all that is past its time (registration/retention.py); how many of each went.

    The content of messages goes when it is received. A registration that its municipality has not received stays,
    however old it is: somebody has to look at it (`kept, not delivered`).
    """
    with database.writing() as connection:
        gone = {
            "drafts": drafts.purge(connection, now=now),
            "hand-overs": handovers.purge(connection, now=now),
            "owner's copies": owner_copies.purge(connection, now=now),
            "addresses for messages": message_choices.purge(connection, now=now),
            "rate windows": rates.purge(connection, now=now),
        }
        gone["messages not sent"] = _drop_old_notices(connection, now)
    gone["registrations"] = _purge_registrations(database, now)
    gone["parked events"] = drop_old_parked(database, now)
    database.forget_erased()
    return gone


def tasks(database: Database, directory: Directory) -> list[Callable[[datetime], None]]:
    """What the worker does between deliveries: forget, tell of what could not be forgotten, follow mergers."""

    def forget(now: datetime) -> None:
        gone = purge(database, now)
        if any(gone.values()):
            log.info("purge.done", **{_field(name): count for name, count in gone.items()})

    def tell_of_kept(now: datetime) -> None:
        with database.reading() as connection:
            kept = registrations.count_undelivered(connection, now=now)
        if kept:
            log.error("purge.kept_undelivered", count=kept)

    def follow_mergers(now: datetime) -> None:
        move_merged(database, directory, now)

    return [forget, tell_of_kept, follow_mergers]


def _drop_old_notices(connection: Connection, now: datetime) -> int:
    """News of last week is none; the status page says that a message did not arrive."""
    old = outbox_entries.drop_old_notices(connection, made_before=now - NOTICE_LIFE)
    for registration_id, made_at in old:
        message_choices.note_failure(connection, registration_id, made_at=made_at, now=now)
    return len(old)


def _purge_registrations(database: Database, now: datetime) -> int:
    """In small transactions, so that nobody waits long for the one that writes."""
    count = 0
    while True:
        with database.writing() as connection:
            gone = registrations.purge(connection, now=now, limit=_AT_ONCE)
        count += gone
        if gone < _AT_ONCE:
            return count


def _field(name: str) -> str:
    return name.replace(" ", "_").replace("-", "_").replace("'", "")
