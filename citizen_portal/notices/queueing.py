"""Messages into the outbox, in the transaction of what they tell: one for each status, never before a commit."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from citizen_portal.intake.outbox import choice_context
from citizen_portal.notices.texts import Kind, write
from citizen_portal.registration.links import BRIEF_LIFE, ENVELOPE, OWNER_LIFE, STOP, VIEW
from citizen_portal.registration.model import MessageAddress
from citizen_portal.registration.new_link import make_link
from citizen_portal.sealing import SealBroken
from citizen_portal.sending.model import Way
from citizen_portal.sending.queue import notice_message
from citizen_portal.storage import message_choices, outbox
from citizen_portal.storage.database import Connection
from citizen_portal.storage.message_choices import MessageChoice
from citizen_portal.web.context import Portal


class Notices:
    """Writes and queues the messages of one portal. The caller holds a lock on the registration's row."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    def choose(
        self, connection: Connection, registration_id: UUID, address: MessageAddress, *, language: str, now: datetime
    ) -> None:
        """Keep where messages go from now on, and send the first one there: so it shows at once whether it arrives."""
        sealed = self._portal.keys.seal_body(address.to.encode(), choice_context(registration_id))
        choice = MessageChoice(registration_id, address.way, language, sealed, now)
        message_choices.choose(connection, choice)
        self._send(connection, choice, Kind.NEWS, entry_id=uuid4(), now=now)

    def announce(self, connection: Connection, registration_id: UUID, status: str, *, now: datetime) -> None:
        """Tell that there is news, if messages were chosen and none was sent about this status before."""
        choice = message_choices.get(connection, registration_id)
        entry_id = uuid5(registration_id, status)
        if choice is not None and not outbox.is_there(connection, entry_id):
            self._send(connection, choice, Kind.NEWS, entry_id=entry_id, now=now)

    def send_link(self, connection: Connection, registration_id: UUID, *, now: datetime) -> bool:
        """Send an owner's link, in an envelope, to the address that was chosen. False: none was."""
        choice = message_choices.get(connection, registration_id)
        if choice is not None:
            self._send(connection, choice, Kind.LINK, entry_id=uuid4(), now=now)
        return choice is not None

    def _send(
        self, connection: Connection, choice: MessageChoice, kind: Kind, *, entry_id: UUID, now: datetime
    ) -> None:
        parts = self._portal
        to = address_of(parts, choice)
        if to is None or choice.way not in parts.settings.ways_of_sending:
            return
        way: Way = "email" if choice.way == "email" else "sms"
        if kind is Kind.LINK:
            link, stop = self._link(connection, choice, ENVELOPE, "", lives=BRIEF_LIFE, now=now), None
        else:
            link = self._link(connection, choice, VIEW, "", lives=OWNER_LIFE, now=now)
            stop = self._link(connection, choice, STOP, "/messages", lives=OWNER_LIFE, now=now)
        notice = write(way, to, choice.language, kind, link=link, stop_link=stop)
        position = outbox.next_position(connection, choice.registration_id)
        message = notice_message(
            parts.keys,
            entry_id=entry_id,
            registration_id=choice.registration_id,
            position=position,
            notice=notice,
            now=now,
        )
        outbox.add_once(connection, message)

    def _link(
        self, connection: Connection, choice: MessageChoice, scope: str, act: str, *, lives: timedelta, now: datetime
    ) -> str:
        parts = self._portal
        bits = make_link(connection, choice.registration_id, scope, lives=lives, now=now)
        return f"{parts.settings.base_url}/{choice.language}/s/{parts.links.write(bits, scope)}{act}"


def address_of(parts: Portal, choice: MessageChoice) -> str | None:
    """Where messages go; None when the secret that sealed it is gone."""
    try:
        return parts.keys.open_body(choice.sealed, choice_context(choice.registration_id)).decode()
    except SealBroken:
        return None
