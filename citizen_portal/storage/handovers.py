"""Tickets for drafts: a second way to a draft, until somebody goes on with it on another device."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from citizen_portal.storage.tables import handover

_NO_CODE = {"code_locator": None, "code_sealed": None, "code_expires_at": None}


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A row as it is kept. `sealed` opens with the ticket, `code_sealed` with the code that `code_locator` finds."""

    ticket_row_id: bytes
    draft_row_id: bytes
    number: int
    sealed: bytes
    expires_at: datetime
    code_locator: bytes | None = None
    code_sealed: bytes | None = None
    code_expires_at: datetime | None = None
    code_tries: int = 0


_COLUMNS = [handover.c[name] for name in TicketRow.__dataclass_fields__]


def put(connection: Connection, row: TicketRow) -> None:
    """Keep this ticket in the place of the draft's earlier one. The caller holds a lock on the draft's row."""
    remove_of(connection, row.draft_row_id)
    connection.execute(insert(handover), asdict(row))


def of_draft(connection: Connection, draft_row_id: bytes) -> TicketRow | None:
    """The last ticket that was made for this draft, whatever became of it."""
    return _one(connection, handover.c.draft_row_id == draft_row_id)


def load(connection: Connection, ticket_row_id: bytes, *, now: datetime) -> TicketRow | None:
    """The ticket, or None when it is unknown, used or past its time."""
    return _one(connection, handover.c.ticket_row_id == ticket_row_id, handover.c.expires_at > now)


def with_locator(connection: Connection, locator: bytes, *, now: datetime, most_tries: int) -> list[TicketRow]:
    """The tickets that a code with this locator may be of: its time is not over, nor were too many wrong ones tried."""
    wanted = (
        handover.c.code_locator == locator,
        handover.c.code_expires_at > now,
        handover.c.code_tries < most_tries,
    )
    return [TicketRow(*row) for row in connection.execute(select(*_COLUMNS).where(*wanted))]


def count_try(connection: Connection, locator: bytes) -> None:
    """A wrong code was tried with this locator."""
    connection.execute(
        update(handover).where(handover.c.code_locator == locator).values(code_tries=handover.c.code_tries + 1)
    )


def use_code(connection: Connection, ticket_row_id: bytes) -> bool:
    """The code opens nothing any more; the ticket does. False: somebody else was first."""
    mine = (handover.c.ticket_row_id == ticket_row_id, handover.c.code_sealed.is_not(None))
    return connection.execute(update(handover).where(*mine).values(_NO_CODE)).rowcount == 1


def remove(connection: Connection, ticket_row_id: bytes) -> bool:
    """Erase the ticket. False: there was none (any more)."""
    return connection.execute(delete(handover).where(handover.c.ticket_row_id == ticket_row_id)).rowcount == 1


def remove_of(connection: Connection, draft_row_id: bytes) -> None:
    """Erase the ticket of this draft, if it has one."""
    connection.execute(delete(handover).where(handover.c.draft_row_id == draft_row_id))


def purge(connection: Connection, *, now: datetime) -> int:
    """Erase the codes and tickets that are past their time; how many tickets went."""
    connection.execute(update(handover).where(handover.c.code_expires_at <= now).values(_NO_CODE))
    return connection.execute(delete(handover).where(handover.c.expires_at <= now)).rowcount


def _one(connection: Connection, *conditions: ColumnElement[bool]) -> TicketRow | None:
    found = connection.execute(select(*_COLUMNS).where(*conditions)).first()
    return TicketRow(*found) if found else None
