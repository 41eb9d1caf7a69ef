"""What a press keeps: the draft goes; registration, first link, message and owner's copy stand in its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, Connection, Select, Table, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql

from citizen_portal.storage import drafts, links, outbox, owner_copies, registrations
from citizen_portal.storage.outbox import Message
from citizen_portal.storage.owner_copies import OwnerCopy
from citizen_portal.storage.registrations import RegistrationRecord
from citizen_portal.storage.tables import draft, link, owner_copy, registration
from citizen_portal.storage.tables import outbox as outbox_table


@dataclass(frozen=True, slots=True)
class FirstLink:
    """The link that the resident is led to."""

    token_hash: bytes
    registration_id: UUID
    scope: str
    created_at: datetime
    expires_at: datetime
    origin: str | None = None


class DraftGone(Exception):
    """There is no such draft, or not at this revision."""


class ReferenceTaken(Exception):
    """Another registration carries this reference."""


_LINK_COLUMNS = ("token_hash", "registration_id", "scope", "created_at", "expires_at", "origin")


@dataclass(frozen=True, slots=True)
class Pressed:
    """All that stands in the place of the draft `record.draft_row_id`."""

    record: RegistrationRecord
    first_link: FirstLink
    message: Message
    copy: OwnerCopy


def keep(connection: Connection, pressed: Pressed, *, revision: int) -> None:
    """Put `pressed` in the place of its draft, which must be at `revision`.

    Raises DraftGone, ReferenceTaken, or IntegrityError when the draft was pressed before; nothing may be committed
    then. On PostgreSQL it is one statement: five would be asked and waited for one by one.
    """
    if connection.dialect.name == "postgresql":
        _in_one_statement(connection, pressed, revision)
        return
    if not drafts.remove(connection, pressed.record.draft_row_id, revision=revision):
        raise DraftGone
    if not registrations.add(connection, pressed.record):
        raise ReferenceTaken
    link_row = pressed.first_link
    links.add(
        connection,
        link_row.token_hash,
        link_row.registration_id,
        link_row.scope,
        now=link_row.created_at,
        expires_at=link_row.expires_at,
        origin=link_row.origin,
    )
    outbox.add(connection, pressed.message)
    owner_copies.add(connection, pressed.copy)


def _in_one_statement(connection: Connection, pressed: Pressed, revision: int) -> None:
    values = {"pressed": pressed.record.draft_row_id, "at_revision": revision}
    for table, row in (
        (registration, registrations.columns(pressed.record)),
        (link, {name: getattr(pressed.first_link, name) for name in _LINK_COLUMNS}),
        (outbox_table, outbox.columns(pressed.message)),
        (owner_copy, owner_copies.columns(pressed.copy)),
    ):
        values |= {f"{table.name}_{name}": value for name, value in row.items()}
    gone, kept = connection.execute(_KEEP, values).one()
    if not gone:
        raise DraftGone
    if not kept:
        raise ReferenceTaken


def _keep() -> Select[Any]:
    """How many drafts went and how many registrations came: 1, 1 is a press that is kept."""
    gone = (
        delete(draft)
        .where(draft.c.row_id == bindparam("pressed"), draft.c.revision == bindparam("at_revision"))
        .returning(draft.c.row_id)
        .cte("gone")
    )
    kept = (
        _insert_if_any(registration, registrations.COLUMNS, gone)
        .on_conflict_do_nothing(index_elements=[registration.c.reference])
        .returning(registration.c.id)
        .cte("kept")
    )
    linked = _insert_if_any(link, _LINK_COLUMNS, kept).cte("linked")
    queued = _insert_if_any(outbox_table, outbox.COLUMNS, kept).cte("queued")
    copied = _insert_if_any(owner_copy, owner_copies.COLUMNS, kept).cte("copied")
    counts = (select(func.count()).select_from(part).scalar_subquery() for part in (gone, kept))
    return select(*counts).add_cte(linked, queued, copied)


def _insert_if_any(table: Table, names: tuple[str, ...], rows: CTE) -> postgresql.Insert:
    """An INSERT of one row into `table`, if there is one in `rows`; its parameters are `table_column`."""
    values = select(*(bindparam(f"{table.name}_{name}", type_=table.c[name].type) for name in names))
    return postgresql.insert(table).from_select(names, values.select_from(rows), include_defaults=False)


# Made once: building it costs more than running it.
_KEEP = _keep()
