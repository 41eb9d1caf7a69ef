"""What a commit waits for: the disk, unless nobody was told that it is kept."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text

from citizen_portal.storage.database import Database
from tests.support.portal import TestPortal
from tests.support.walk import begin

FULL, NORMAL = 2, 1


def synchronous(connection: Connection) -> int:
    return int(connection.execute(text("PRAGMA synchronous")).scalar_one())


def test_a_commit_waits_for_the_disk_also_after_one_that_did_not(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'portal.db'}")
    with database.writing() as connection:
        assert synchronous(connection) == FULL
    with database.writing(lasting=False) as connection:
        assert synchronous(connection) == NORMAL
    with database.writing() as connection:
        assert synchronous(connection) == FULL
    database.close()


def test_a_draft_does_not_wait_and_the_press_does(portal: TestPortal) -> None:
    waited: list[bool] = []
    writing = portal.database.writing

    def noted(*, lasting: bool = True) -> object:
        waited.append(lasting)
        return writing(lasting=lasting)

    portal.database.writing = noted  # type: ignore[method-assign,assignment]
    check = begin(portal).to_check()
    assert waited
    assert not any(waited)
    check.press()
    assert waited[-1]
