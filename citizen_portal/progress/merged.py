"""Registrations of municipalities that went on in another one: they get a new owner, and keep their dates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import structlog

from citizen_portal.clock import amsterdam_day
from citizen_portal.directory.municipality import Directory
from citizen_portal.progress.events import from_text, in_successors_name, to_text
from citizen_portal.progress.intake_events import take_up_parked
from citizen_portal.storage import events, intake_waits, outbox_entries, registrations
from citizen_portal.storage.database import Connection, Database
from citizen_portal.storage.events import EventKey

log = structlog.get_logger()


def move_merged(database: Database, directory: Directory, now: datetime) -> int:
    """Give what former municipalities have to those that they are part of at `now`; how many registrations that were.

    Moved are the registration (date of registration, term and reference stay), its messages that did not arrive, and
    what was told about it: the successor speaks on as if it had said that itself, and what it said too early is taken
    up. Each registration is a transaction of its own; to be called often, it costs two look-ups when nothing is left.
    """
    successors = directory.on(amsterdam_day(now)).successors
    moved, last = 0, None
    while successors:
        with database.reading() as connection:
            found = registrations.first_of_former(connection, successors.keys())
        if found is None:
            break
        if found == last:
            raise RuntimeError("a registration of a former municipality does not move")
        last = found
        with database.writing() as connection:
            _move(connection, found, successors, now)
        moved += 1
    if moved:
        with database.writing() as connection:
            intake_waits.end(connection, successors.keys())
        log.info("merger.moved", registrations=moved)
    return moved


def _move(connection: Connection, registration_id: UUID, successors: Mapping[str, str], now: datetime) -> None:
    events.lock_registration(connection, registration_id)
    record = registrations.get(connection, registration_id)
    if record is None:
        return
    owner = successors.get(record.municipality_code, record.municipality_code)
    first = successors.get(record.first_municipality_code, record.first_municipality_code)
    registrations.change(connection, record.id, municipality_code=owner, first_municipality_code=first)
    outbox_entries.redirect(connection, record.id, successors)
    for kept in events.of_registration(connection, record.id):
        document = json.loads(kept.body)
        renamed = in_successors_name(document, successors)
        if renamed != document:
            body = to_text(renamed)
            event = from_text(body, arrival=kept.arrival)
            key = EventKey(event.municipality_code, event.source, event.id)
            events.rename(connection, kept.arrival, key, body)
    take_up_parked(connection, replace(record, municipality_code=owner, first_municipality_code=first), now)
