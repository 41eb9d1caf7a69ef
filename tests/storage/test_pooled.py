"""A connection that was kept open is looked at before it is used again."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from citizen_portal.storage import pooled
from citizen_portal.storage.database import Database
from tests.support.databases import on_engine


@pytest.fixture
def asked(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The connections that were asked whether they still lead anywhere."""
    asked: list[object] = []
    ask = database.engine.dialect.do_ping

    def note(connection: object) -> bool:
        asked.append(connection)
        return ask(connection)  # type: ignore[arg-type]

    monkeypatch.setattr(database.engine.dialect, "do_ping", note)
    return asked


def _process(database: Database) -> int:
    """The server's process at the other end."""
    with database.reading() as connection:
        return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


@on_engine("postgresql")
def test_one_that_was_just_used_is_not_asked(database: Database, asked: list[object]) -> None:
    assert _process(database) == _process(database)
    assert asked == []


@on_engine("postgresql")
def test_one_that_was_quiet_is_asked(database: Database, asked: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pooled, "QUIET_SECONDS", 0.0)
    assert _process(database) == _process(database)
    assert len(asked) == 1


@on_engine("postgresql")
def test_one_that_the_server_ended_is_replaced_before_anybody_notices(database: Database) -> None:
    gone = _process(database)
    other = Database(database.url.render_as_string(hide_password=False))
    with other.reading() as connection:
        ended = "SELECT pg_terminate_backend(:process, 10000)"
        assert connection.execute(text(ended), {"process": gone}).scalar_one()
    other.close()
    assert _process(database) != gone


@on_engine("postgresql")
def test_one_that_was_closed_is_replaced_before_anybody_notices(database: Database) -> None:
    gone = _process(database)
    with database.reading() as connection:
        kept = connection.connection.driver_connection
    assert kept is not None
    kept.close()
    assert _process(database) != gone
