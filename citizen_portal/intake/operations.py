"""What an operator does with the outbox (`citizen-portal outbox ...`, `keys rotate`); no line shows content."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from citizen_portal.clock import utc_text
from citizen_portal.intake.outbox import choice_context, seal_context
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import intake_waits, message_choices, outbox_entries
from citizen_portal.storage.database import Connection, Database
from citizen_portal.storage.message_choices import SealedAddressKey
from citizen_portal.storage.outbox_entries import SealedKey

_AT_ONCE = 500
_Key = TypeVar("_Key", SealedKey, SealedAddressKey)


def list_lines(database: Database) -> list[str]:
    """A line for each municipality that waits as a whole, then one for each message that has not arrived.

    Fields are separated by tabs, so that other programs can read them; the first line names those of messages.
    """
    with database.reading() as connection:
        waits = intake_waits.all_waits(connection)
        entries = outbox_entries.undelivered(connection)
    lines = [
        f"# {wait.municipality_code} waits as a whole since {utc_text(wait.since)}: {wait.reason}, "
        f"failures {wait.failures}, next probe {utc_text(wait.next_at)}"
        for wait in waits
    ]
    lines.append("id\tkind\tmunicipality\tstate\tattempts\tnext_at\treason")
    for entry in entries:
        fields = (
            str(entry.id),
            entry.kind,
            entry.municipality_code,
            entry.state,
            str(entry.attempts),
            _moment(entry.next_at),
            entry.reason or "-",
        )
        lines.append("\t".join(fields))
    return lines


def show_lines(database: Database, entry_id: UUID) -> list[str]:
    """Everything about one message but its content, a line for each field; empty when there is no such message."""
    with database.reading() as connection:
        entry = outbox_entries.entry(connection, entry_id)
        waits = {wait.municipality_code: wait for wait in intake_waits.all_waits(connection)}
    if entry is None:
        return []
    fields = {
        "id": str(entry.id),
        "kind": entry.kind,
        "registration": str(entry.registration_id),
        "reference": entry.reference,
        "municipality": entry.municipality_code,
        "urgent": "yes" if entry.urgent else "no",
        "state": entry.state,
        "attempts": str(entry.attempts),
        "next_at": _moment(entry.next_at),
        "reason": entry.reason or "-",
        "created_at": _moment(entry.created_at),
        "delivered_at": _moment(entry.delivered_at),
    }
    wait = waits.get(entry.municipality_code)
    if wait and entry.delivered_at is None:
        fields["municipality_waits"] = f"{wait.reason}, next probe {utc_text(wait.next_at)}"
    return [f"{name}: {value}" for name, value in fields.items()]


def retry(database: Database, ids: Collection[UUID] | None, now: datetime) -> int:
    """Parked and waiting messages are due now (None: all), their municipalities no longer wait; how many are due."""
    with database.writing() as connection:
        return outbox_entries.retry(connection, ids, now=now)


def rotate_keys(database: Database, keys: KeyRing) -> int:
    """Wrap all row keys by the newest secret: of messages that are not delivered, and of addresses for messages.

    How many were wrapped anew. Raises SealBroken when a key needs a secret that is no longer there; what was done
    before that stays done.
    """
    messages = _wrap_anew(
        database,
        keys,
        outbox_entries.sealed_keys,
        outbox_entries.replace_key,
        lambda message: seal_context(message.id, message.kind),
    )
    addresses = _wrap_anew(
        database,
        keys,
        message_choices.sealed_keys,
        message_choices.replace_key,
        lambda address: choice_context(address.id),
    )
    return messages + addresses


def _wrap_anew(
    database: Database,
    keys: KeyRing,
    sealed_keys: Callable[..., Sequence[_Key]],
    replace_key: Callable[[Connection, _Key, bytes], bool],
    context: Callable[[_Key], bytes],
) -> int:
    count, after = 0, None
    while True:
        with database.writing() as connection:
            batch = sealed_keys(connection, after=after, limit=_AT_ONCE)
            for sealed in batch:
                if not keys.wrapped_by_newest(sealed.wrapped_key):
                    count += replace_key(connection, sealed, keys.rewrap(sealed.wrapped_key, context(sealed)))
        if not batch:
            return count
        after = batch[-1].id


def _moment(moment: datetime | None) -> str:
    return "-" if moment is None else utc_text(moment)
