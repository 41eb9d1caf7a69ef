"""Who chose to get messages, and where they go: the address is sealed, and goes when the registration ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, delete, select, update

from citizen_portal.sealing import SealedBody
from citizen_portal.storage import outbox_entries
from citizen_portal.storage.tables import message_choice, registration
from citizen_portal.storage.upsert import insert

# Eight weeks after a decision not to help, four after any other end (registration/retention.py).
_FORGOTTEN_WITHIN = timedelta(weeks=8)


@dataclass(frozen=True, slots=True)
class MessageChoice:
    """`way` is `email` or `sms`. `failed_at`: a message could not be delivered, and none could since."""

    registration_id: UUID
    way: str
    language: str
    sealed: SealedBody
    chosen_at: datetime
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SealedAddressKey:
    """The wrapped key of one address; `id` is its registration's."""

    id: UUID
    wrapped_key: bytes


def choose(connection: Connection, choice: MessageChoice) -> None:
    """Keep this choice in the place of an earlier one; what was to go to that one's address goes nowhere."""
    outbox_entries.drop_notices(connection, choice.registration_id)
    values = {
        "way": choice.way,
        "language": choice.language,
        "sealed": choice.sealed.body,
        "wrapped_key": choice.sealed.wrapped_key,
        "chosen_at": choice.chosen_at,
        "failed_at": choice.failed_at,
    }
    statement = insert(connection, message_choice).values(registration_id=choice.registration_id, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=[message_choice.c.registration_id], set_=values))


def get(connection: Connection, registration_id: UUID) -> MessageChoice | None:
    """The choice, None when messages were not chosen or were stopped."""
    found = select(message_choice).where(message_choice.c.registration_id == registration_id)
    row = connection.execute(found).first()
    if row is None:
        return None
    sealed = SealedBody(row.sealed, row.wrapped_key)
    return MessageChoice(row.registration_id, row.way, row.language, sealed, row.chosen_at, row.failed_at)


def remove(connection: Connection, registration_id: UUID) -> bool:
    """No messages any more, no address, and none in a message that did not arrive. False: there was no choice."""
    outbox_entries.drop_notices(connection, registration_id)
    statement = delete(message_choice).where(message_choice.c.registration_id == registration_id)
    return connection.execute(statement).rowcount == 1


def note_failure(connection: Connection, registration_id: UUID, *, made_at: datetime, now: datetime) -> None:
    """A message of `made_at` could not be delivered; nothing happens when another address was chosen since."""
    connection.execute(
        update(message_choice)
        .where(message_choice.c.registration_id == registration_id, message_choice.c.chosen_at <= made_at)
        .values(failed_at=now)
    )


def note_arrival(connection: Connection, registration_id: UUID, *, made_at: datetime, now: datetime) -> None:
    """A message of `made_at` arrived by `now`; an older failure is mended by that, a later one stands."""
    connection.execute(
        update(message_choice)
        .where(
            message_choice.c.registration_id == registration_id,
            message_choice.c.chosen_at <= made_at,
            message_choice.c.failed_at <= made_at,
        )
        .values(failed_at=None)
    )


def purge(connection: Connection, *, now: datetime) -> int:
    """Erase the addresses of registrations that have ended; how many went."""
    # Whatever has ended is forgotten soon: that finds it by an index, and leaves out what goes on.
    ended = select(registration.c.id).where(
        registration.c.forget_at <= now + _FORGOTTEN_WITHIN, registration.c.ends_at <= now
    )
    return connection.execute(delete(message_choice).where(message_choice.c.registration_id.in_(ended))).rowcount


def sealed_keys(connection: Connection, *, after: UUID | None, limit: int) -> list[SealedAddressKey]:
    """The wrapped keys of all addresses, by registration, those with an id above `after`."""
    found = select(message_choice.c.registration_id, message_choice.c.wrapped_key)
    if after is not None:
        found = found.where(message_choice.c.registration_id > after)
    rows = connection.execute(found.order_by(message_choice.c.registration_id).limit(limit))
    return [SealedAddressKey(row.registration_id, row.wrapped_key) for row in rows]


def replace_key(connection: Connection, old: SealedAddressKey, wrapped_key: bytes) -> bool:
    """Keep another wrapping of the same key. False: the choice was changed meanwhile."""
    unchanged = (
        message_choice.c.registration_id == old.id,
        message_choice.c.wrapped_key == old.wrapped_key,
    )
    return connection.execute(update(message_choice).where(*unchanged).values(wrapped_key=wrapped_key)).rowcount == 1
