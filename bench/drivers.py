"""A press with the driver alone: the same rows, as large, in one durable transaction; finished beforehand."""

from __future__ import annotations

import sqlite3
import threading
from datetime import datetime
from os import urandom
from typing import Any
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import make_url

from citizen_portal.clock import now
from citizen_portal.intake.message import registration_body
from citizen_portal.intake.outbox import seal_context
from citizen_portal.registration.links import OWNER_LIFE
from citizen_portal.registration.press import PressedDraft
from citizen_portal.registration.reference import new_reference
from citizen_portal.registration.retention import COPY_LIFE, forget_at
from citizen_portal.sealing import KeyRing
from tests.support.deliveries import EXAMPLE, SECRET

Parameters = tuple[Any, ...]

_STATEMENTS = (
    "DELETE FROM draft WHERE row_id = ? AND revision = ?",
    "INSERT INTO registration (id, reference, draft_row_id, municipality_code, first_municipality_code, registered_at,"
    " conversation_due, urgent, address_hash, birth_hash, person_hash, proof_hash, forget_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "INSERT INTO link (token_hash, registration_id, scope, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
    "INSERT INTO outbox (id, registration_id, position, kind, municipality_code, urgent, body, wrapped_key, state,"
    " attempts, next_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "INSERT INTO owner_copy (registration_id, sealed, expires_at) VALUES (?, ?, ?)",
)
_FOR_PSYCOPG = tuple(statement.replace("?", "%s") for statement in _STATEMENTS)
_SEALED = KeyRing([SECRET]).seal_body(registration_body(EXAMPLE), seal_context(EXAMPLE.id, "registration"))

_of_thread = threading.local()


def finished(drafts: list[PressedDraft], *, on_sqlite: bool) -> list[list[Parameters]]:
    """For each draft the parameters of the five statements, as the driver takes them."""

    def identity(value: UUID) -> Any:
        return value.hex if on_sqlite else value

    def moment(value: datetime) -> Any:
        return value.replace(tzinfo=None).isoformat(" ") if on_sqlite else value

    code, at = EXAMPLE.request.municipality_code, now()
    due: Any = EXAMPLE.conversation_due.isoformat() if on_sqlite else EXAMPLE.conversation_due
    made = []
    for draft in drafts:
        registration, entry, written = identity(uuid4()), identity(uuid4()), moment(at)
        body = (_SEALED.body, _SEALED.wrapped_key)
        hashes, forgotten = [urandom(32) for _ in range(4)], moment(forget_at(at))
        made.append(
            [
                (draft.row_id, draft.revision),
                (registration, new_reference(), draft.row_id, code, code, written, due, False, *hashes, forgotten),
                (urandom(32), registration, "owner", written, moment(at + OWNER_LIFE)),
                (entry, registration, 0, "registration", code, False, *body, "queued", 0, written, written),
                (registration, _SEALED.body, moment(at + COPY_LIFE)),
            ]
        )
    return made


def press(url: str, presses: list[list[Parameters]]) -> None:
    """Write them, a transaction each, over this thread's connection."""
    if make_url(url).get_backend_name() == "sqlite":
        _sqlite(url, presses)
    else:
        _postgresql(url, presses)


def _postgresql(url: str, presses: list[list[Parameters]]) -> None:
    connection = getattr(_of_thread, "connection", None)
    if connection is None:
        parts = make_url(url)
        connection = _of_thread.connection = psycopg.connect(
            host=str(parts.query["host"]), user=parts.username, dbname=parts.database
        )
    for parameters in presses:
        for statement, values in zip(_FOR_PSYCOPG, parameters, strict=True):
            connection.execute(statement, values, prepare=True)
        connection.commit()


def _sqlite(url: str, presses: list[list[Parameters]]) -> None:
    connection = getattr(_of_thread, "connection", None)
    if connection is None:
        name = make_url(url).database
        assert name
        connection = _of_thread.connection = sqlite3.connect(name, timeout=15, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")
    for parameters in presses:
        connection.execute("BEGIN IMMEDIATE")
        for statement, values in zip(_STATEMENTS, parameters, strict=True):
            connection.execute(statement, values)
        connection.execute("COMMIT")
