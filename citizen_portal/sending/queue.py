"""A message to a resident as an entry of the outbox."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from citizen_portal.intake.outbox import sealed_message
from citizen_portal.sealing import KeyRing
from citizen_portal.sending.model import Notice, Way
from citizen_portal.storage.outbox import EMAIL_LANE, NOTICE, SMS_LANE, Message

LANES: dict[Way, str] = {"email": EMAIL_LANE, "sms": SMS_LANE}
"""The outbox's lane of each way."""


def notice_message(
    keys: KeyRing, *, entry_id: UUID, registration_id: UUID, position: int, notice: Notice, now: datetime
) -> Message:
    """The entry that sends `notice`, sealed, due at once. The caller chooses its id, so that it is kept only once."""
    return sealed_message(
        keys,
        notice.to_bytes(),
        entry_id=entry_id,
        registration_id=registration_id,
        position=position,
        kind=NOTICE,
        lane=LANES[notice.way],
        urgent=False,
        now=now,
    )
