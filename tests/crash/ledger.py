"""What the database says at the end of a run, on either engine."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select, text

from citizen_portal.storage.database import Database
from citizen_portal.storage.tables import draft, outbox, registration
from tests.crash.residents import Acknowledged


def assert_all_delivered(database: Database, acknowledged: Collection[Acknowledged]) -> None:
    """Registrations are those that were acknowledged; each has one message, delivered, its content and key erased, and
    no draft of one is left."""
    with database.reading() as connection:
        received = select(registration.c.reference).where(registration.c.received_at.is_not(None))
        assert sorted(connection.execute(received).scalars()) == sorted(one.reference for one in acknowledged)
        assert connection.execute(select(func.count()).select_from(registration)).scalar_one() == len(acknowledged)
        messages = select(outbox.c.state, outbox.c.body, outbox.c.wrapped_key, func.count()).group_by(
            *outbox.c["state", "body", "wrapped_key"]
        )
        assert [tuple(row) for row in connection.execute(messages)] == [("delivered", None, None, len(acknowledged))]
        assert connection.execute(select(func.count(outbox.c.registration_id.distinct()))).scalar_one() == len(
            acknowledged
        )
        pressed = {one.draft_row_id for one in acknowledged}
        assert not pressed & set(connection.execute(select(draft.c.row_id)).scalars())
        if database.is_sqlite:
            assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
