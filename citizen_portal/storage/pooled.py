"""Connections that were kept open: whether one still leads anywhere is looked at before it is used again."""

from __future__ import annotations

import select
from time import monotonic
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

QUIET_SECONDS = 5.0
"""A connection that was not used for so long is asked whether it still leads to the server."""


def look_before_use(engine: Engine) -> None:
    """A server that was restarted, or a firewall that forgot a quiet connection, costs nobody a page.

    To ask each time (`pool_pre_ping`) costs as much as a statement. So a connection is asked when it was quiet, and
    when something came in that nobody asked for: a server that goes says goodbye, or at least closes.
    """

    @event.listens_for(engine, "checkin")
    def note(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["used_at"] = monotonic()

    @event.listens_for(engine, "checkout")
    def look(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        used_at = record.info.get("used_at")
        if used_at is None or (monotonic() - used_at < QUIET_SECONDS and not _something_came_in(connection)):
            return
        assert engine.dialect.dbapi is not None  # noqa: S101 - there is a connection of it
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.dbapi.Error as error:
            # The pool lets go of it, and makes another.
            raise DisconnectionError from error


def _something_came_in(connection: Any) -> bool:
    if connection.closed:
        return True
    look = select.poll()
    look.register(connection.fileno(), select.POLLIN)
    return bool(look.poll(0))
