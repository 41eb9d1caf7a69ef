"""Who chose to get messages, and where they go: the address is sealed, and goes when the registration ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, select, update

from citizen_portal.sealing import SealedBody
from citizen_portal.storage.tables import message_choice, registration
from citizen_portal.storage.upsert import insert


@dataclass(frozen=True, slots=True)
class MessageChoice:
    """`way` is `email` or `sms`. `failed_at`: a message could not be delivered, and none could since."""

    registration_id: UUID
    way: str
    language: str
    sealed: SealedBody
    chosen_at: datetime
    failed_at: datetime | None = None


def choose(connection: Connection, choice: MessageChoice) -> None:
    """Keep this choice in the place of an earlier one."""
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
    """No messages any more, and no address. False: there was none."""
    statement = delete(message_choice).where(message_choice.c.registration_id == registration_id)
    return connection.execute(statement).rowcount == 1


def note_failure(connection: Connection, registration_id: UUID, *, made_at: datetime, now: datetime) -> None:
    """A message of `made_at` could not be delivered; nothing happens when another address was chosen since."""
    connection.execute(
        update(message_choice)
        .where(message_choice.c.registration_id == registration_id, message_choice.c.chosen_at <= made_at)
        .values(failed_at=now)
    )


def purge(connection: Connection, *, now: datetime) -> int:
    """Erase the addresses of registrations that have ended; how many went."""
    ended = select(registration.c.id).where(registration.c.ends_at <= now)
    return connection.execute(delete(message_choice).where(message_choice.c.registration_id.in_(ended))).rowcount
