"""No statement of the portal goes through a table that grows: what is asked of many rows is found by an index."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from citizen_portal.storage.database import Database
from tests.support.growing import GROWING, LongUsed
from tests.support.plans import noted, scans

_ENOUGH = 20_000
"""With fewer rows PostgreSQL is right to read them all."""


@pytest.fixture
def used(database: Database) -> Iterator[LongUsed]:
    long_used = LongUsed(database, _ENOUGH)
    long_used.fill()
    yield long_used


def test_every_statement_finds_its_rows_by_an_index(used: LongUsed) -> None:
    with noted(used.database) as statements:
        for name, prepare in used.operations().items():
            do = prepare()
            statements.clear()
            do()
            asked = list(statements)
            assert asked, name
            found = {one[0]: scans(used.database, one, GROWING) for one in asked}
            assert not any(found.values()), (name, {one: steps for one, steps in found.items() if steps})


def test_a_scan_would_be_noticed(used: LongUsed) -> None:
    for table in GROWING:
        assert scans(used.database, (f"SELECT * FROM {table}", {} if not used.database.is_sqlite else ()), GROWING)
