"""Messages that follow a registration: additions for its municipality, notices for the resident."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from citizen_portal.intake.outbox import supplement_message, withdrawal_message
from citizen_portal.registration.model import UrgentKind
from citizen_portal.sealing import KeyRing
from citizen_portal.sending.model import Notice
from citizen_portal.sending.queue import notice_message
from citizen_portal.storage import outbox
from citizen_portal.storage.database import Database
from tests.support.deliveries import MONDAY

NOTICE = Notice(
    way="email",
    to="zoe@example.org",
    language="nl",
    subject="Er is nieuws over uw aanvraag",
    text="Er is nieuws over uw aanvraag. U leest het hier:\n\nhttp://127.0.0.1:8000/nl/s/x\n",
    kind="news",
    link="http://127.0.0.1:8000/nl/s/x",
    stop_link="http://127.0.0.1:8000/nl/s/y/messages",
)


def supplement(
    database: Database, keys: KeyRing, registration_id: UUID, municipality: str = "GM0363", *, now: datetime = MONDAY
) -> UUID:
    """It became urgent: the message's id."""
    with database.writing() as connection:
        message = supplement_message(
            keys,
            registration_id=registration_id,
            municipality_code=municipality,
            position=outbox.next_position(connection, registration_id),
            told_at=now,
            kinds=(UrgentKind.WATER,),
            day=date(2026, 11, 27),
            due=date(2026, 11, 26),
        )
        outbox.add(connection, message)
    return message.id


def withdrawal(
    database: Database, keys: KeyRing, registration_id: UUID, municipality: str = "GM0363", *, now: datetime = MONDAY
) -> UUID:
    """Somebody asks to stop: the message's id."""
    with database.writing() as connection:
        message = withdrawal_message(
            keys,
            registration_id=registration_id,
            municipality_code=municipality,
            position=outbox.next_position(connection, registration_id),
            told_at=now,
        )
        outbox.add(connection, message)
    return message.id


def notice(
    database: Database, keys: KeyRing, registration_id: UUID, said: Notice = NOTICE, *, now: datetime = MONDAY
) -> UUID:
    """A message to the resident: its id."""
    with database.writing() as connection:
        message = notice_message(
            keys,
            entry_id=uuid4(),
            registration_id=registration_id,
            position=outbox.next_position(connection, registration_id),
            notice=said,
            now=now,
        )
        assert outbox.add_once(connection, message)
    return message.id
