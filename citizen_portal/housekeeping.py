"""Forgetting: what is past its time is erased, by the worker every few minutes and by `citizen-portal purge`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from citizen_portal.progress.intake_events import drop_old_parked
from citizen_portal.storage import drafts, rates
from citizen_portal.storage.database import Database

log = structlog.get_logger()


def purge(database: Database, now: datetime) -> dict[str, int]:
    """Erase drafts, parked events and counters past their time; how many of each went."""
    with database.writing() as connection:
        gone = {"drafts": drafts.purge(connection, now=now), "rate windows": rates.purge(connection, now=now)}
    gone["parked events"] = drop_old_parked(database, now)
    database.forget_erased()
    return gone


def tasks(database: Database) -> list[Callable[[datetime], None]]:
    """What the worker does between deliveries."""

    def forget(now: datetime) -> None:
        gone = purge(database, now)
        if any(gone.values()):
            log.info("purge.done", **{name.replace(" ", "_"): count for name, count in gone.items()})

    return [forget]
