"""The postcode table: candidates of the newest finished generation, and none of any other."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from sqlalchemy import Table, func, select

from citizen_portal.storage import postcodes, tables
from citizen_portal.storage.database import Database
from citizen_portal.storage.postcodes import Superseded
from tests.support.plans import noted, scans

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

Rows = list[tuple[str, str]]


def begin(database: Database, rows: Rows) -> int:
    with database.writing() as connection:
        generation = postcodes.begin(connection, now=NOW)
        postcodes.add(connection, generation, rows)
    return generation


def finish(database: Database, generation: int) -> None:
    with database.writing() as connection:
        postcodes.finish(connection, generation, now=NOW)


def candidates(database: Database, postcode: str) -> tuple[str, ...]:
    with database.reading() as connection:
        return postcodes.candidates(connection, postcode)


def count(database: Database, table: Table) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_without_a_table_nothing_is_known(database: Database) -> None:
    assert candidates(database, "1011AB") == ()


def test_the_postcode_itself_goes_before_its_four_digits(database: Database) -> None:
    rows = [("1011", "GM0001"), ("1011AB", "GM0437"), ("1011AB", "GM0363"), ("1011AC", "GM0014"), ("1012ZZ", "GM0344")]
    finish(database, begin(database, rows))
    assert candidates(database, "1011AB") == ("GM0363", "GM0437")
    assert candidates(database, "1011XX") == ("GM0001",)
    assert candidates(database, "1013AA") == ()


def test_without_four_digits_all_that_begin_so_are_candidates(database: Database) -> None:
    finish(database, begin(database, [("1011AA", "GM0363"), ("1011ZZ", "GM0437"), ("1012AA", "GM0014")]))
    assert candidates(database, "1011BB") == ("GM0363", "GM0437")


def test_the_same_row_twice_is_one(database: Database) -> None:
    generation = begin(database, [("1011AB", "GM0363"), ("1011AB", "GM0363")])
    with database.writing() as connection:
        postcodes.add(connection, generation, [("1011AB", "GM0363")])
    assert count(database, tables.postcode_area) == 1


def test_until_it_is_finished_the_table_before_it_counts(database: Database) -> None:
    finish(database, begin(database, [("1011AB", "GM0363")]))
    second = begin(database, [("1011AB", "GM0014")])
    assert candidates(database, "1011AB") == ("GM0363",)
    finish(database, second)
    assert candidates(database, "1011AB") == ("GM0014",)


def test_an_import_that_began_later_ends_the_one_before(database: Database) -> None:
    first = begin(database, [("1011AB", "GM0363")])
    second = begin(database, [("1011AB", "GM0014")])
    with pytest.raises(Superseded), database.writing() as connection:
        postcodes.add(connection, first, [("1012AB", "GM0363")])
    with pytest.raises(Superseded), database.writing() as connection:
        postcodes.finish(connection, first, now=NOW)
    finish(database, second)
    assert candidates(database, "1011AB") == ("GM0014",)


def test_a_generation_is_erased_in_batches_and_no_other_with_it(database: Database) -> None:
    old = begin(database, [(f"10{n:02d}AB", "GM0363") for n in range(25)])
    new = begin(database, [("1011AB", "GM0014")])
    finish(database, new)
    erased = [count(database, tables.postcode_area)]
    more = True
    while more:
        with database.writing() as connection:
            more = postcodes.forget_batch(connection, old, size=10)
        erased.append(count(database, tables.postcode_area))
    assert erased[0] == 26 and erased[-1] == 1
    assert all(before - after <= 11 for before, after in pairwise(erased))
    with database.reading() as connection:
        assert postcodes.older_than(connection, new) == []
        assert postcodes.current(connection) == new


def test_a_generation_without_rows_is_erased_too(database: Database) -> None:
    old = begin(database, [])
    with database.writing() as connection:
        assert not postcodes.forget_batch(connection, old, size=10)
    assert count(database, tables.postcode_import) == 0


def test_candidates_are_found_by_an_index(database: Database) -> None:
    rows = [(f"{1000 + n // 26}A{chr(65 + n % 26)}", "GM0363") for n in range(20_000)]
    finish(database, begin(database, rows))
    with noted(database) as statements:
        candidates(database, "1500AB")
        candidates(database, "9999AB")
    assert len(statements) == 3
    assert not [step for each in statements for step in scans(database, each, ["postcode_area"])]
