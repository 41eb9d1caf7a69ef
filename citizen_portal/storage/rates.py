"""How often something happened lately: the storage that the `limits` library asks for, on our own database."""

from __future__ import annotations

from datetime import datetime, timedelta

from limits.storage import Storage
from sqlalchemy import Connection, case, delete, select
from sqlalchemy.exc import SQLAlchemyError

from citizen_portal.clock import Clock
from citizen_portal.storage.database import Database
from citizen_portal.storage.tables import rate_window
from citizen_portal.storage.upsert import insert


class RateStorage(Storage):
    """Fixed windows, shared by all processes. A window begins with its first hit; keys are at most 200 characters."""

    STORAGE_SCHEME = None

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__()
        self._database = database
        self._clock = clock

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the storage may raise."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` more in the window of `key`, or begin one of `expiry` seconds; how many there are now."""
        now = self._clock()
        over = rate_window.c.expires_at <= now
        ends = now + timedelta(seconds=expiry)
        with self._database.writing() as connection:
            statement = insert(connection, rate_window).values(key=key, hits=amount, expires_at=ends)
            hits: int = connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[rate_window.c.key],
                    set_={
                        "hits": case((over, amount), else_=rate_window.c.hits + amount),
                        "expires_at": case((over, ends), else_=rate_window.c.expires_at),
                    },
                ).returning(rate_window.c.hits)
            ).scalar_one()
        return hits

    def get(self, key: str) -> int:
        """How many hits the present window of `key` has."""
        return self._window(key)[0]

    def get_expiry(self, key: str) -> float:
        """When the present window of `key` ends, in seconds since 1970; now, when there is none."""
        return self._window(key)[1].timestamp()

    def check(self) -> bool:
        """Whether the database answers."""
        try:
            self._database.ping()
        except SQLAlchemyError:
            return False
        return True

    def reset(self) -> int:
        """Forget every window; how many there were."""
        with self._database.writing() as connection:
            return connection.execute(delete(rate_window)).rowcount

    def clear(self, key: str) -> None:
        """Forget the window of `key`."""
        with self._database.writing() as connection:
            connection.execute(delete(rate_window).where(rate_window.c.key == key))

    def _window(self, key: str) -> tuple[int, datetime]:
        now = self._clock()
        with self._database.reading() as connection:
            row = connection.execute(
                select(rate_window.c.hits, rate_window.c.expires_at).where(
                    rate_window.c.key == key, rate_window.c.expires_at > now
                )
            ).first()
        return (row.hits, row.expires_at) if row else (0, now)


def purge(connection: Connection, *, now: datetime) -> int:
    """Forget the windows that are over; how many went."""
    return connection.execute(delete(rate_window).where(rate_window.c.expires_at <= now)).rowcount
