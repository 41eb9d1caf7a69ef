"""An import of postcodes is there as a whole or not at all, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select

from citizen_portal.commands import postcodes as command
from citizen_portal.commands.postcodes import Imported, import_postcodes
from citizen_portal.directory.refusal import FileRefused
from citizen_portal.storage import postcodes, tables
from citizen_portal.storage.database import Database
from citizen_portal.storage.postcodes import Superseded
from tests.support.portal import MONDAY

CODES = {"GM0363": "GM0363", "GM0014": "GM0014", "GM0457": "GM0363"}
CBS = "PC6;Huisnummer;Buurt;Wijk;Gemeente\n"


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def bring(database: Database, tmp_path: Path) -> Callable[..., Imported]:
    """Imports this content, with pauses that `rest` hears of."""

    def bring(
        content: str, rest: Callable[[float], None] = lambda _seconds: None, bar: StringIO | None = None
    ) -> Imported:
        file = tmp_path / "postcodes.csv"
        file.write_text(content, encoding="utf-8")
        return import_postcodes(database, file, CODES, clock=lambda: MONDAY, rest=rest, bar=bar)

    return bring


def candidates(database: Database, postcode: str) -> tuple[str, ...]:
    with database.reading() as connection:
        return postcodes.candidates(connection, postcode)


def rows(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(tables.postcode_area)).scalar_one()


def generations(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(tables.postcode_import)).scalar_one()


def many(code: int, number: int = 5000) -> str:
    return CBS + "".join(f"{1000 + n // 20}A{chr(65 + n % 20)};1;;;{code}\n" for n in range(number))


def test_a_file_takes_the_place_of_the_one_before(database: Database, bring: Callable[..., Imported]) -> None:
    first = bring("pc4,gm_codes\n1011,GM0363 GM0014\n1382,GM0457\n")
    assert first == Imported(3, frozenset({"GM0363", "GM0014"}))
    assert candidates(database, "1011AB") == ("GM0014", "GM0363")
    assert candidates(database, "1382AB") == ("GM0363",)
    bring(CBS + "1011AB;1;;;14\n")
    assert candidates(database, "1011AB") == ("GM0014",)
    assert candidates(database, "1382AB") == ()
    assert (rows(database), generations(database)) == (1, 1)


@pytest.mark.parametrize("content", ["", "pc4,gm_codes\n", many(14) + "x;1;;;14\n", many(14) + "1011ZZ;1;;;9999\n"])
def test_a_wrong_file_leaves_the_table_as_it_was(
    database: Database, bring: Callable[..., Imported], content: str
) -> None:
    bring(CBS + "1011AB;1;;;363\n")
    with pytest.raises(FileRefused):
        bring(content)
    assert candidates(database, "1011AB") == ("GM0363",)
    assert (rows(database), generations(database)) == (1, 1)


def test_a_file_that_is_not_there_begins_nothing(database: Database, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        import_postcodes(database, tmp_path / "nowhere.csv", CODES, clock=lambda: MONDAY)
    assert generations(database) == 0


def test_what_a_killed_import_left_goes_with_the_next(
    database: Database, bring: Callable[..., Imported], monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(CBS + "1011AB;1;;;363\n")

    def die(_seconds: float) -> None:
        raise Killed

    # A killed process tidies up nothing.
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(command._Work, "erase", lambda _self, _generation: None)
        bring(many(14), rest=die)
    assert rows(database) > 1 and generations(database) == 2
    assert candidates(database, "1011AB") == ("GM0363",)
    bring(CBS + "1012AB;1;;;14\n")
    assert (rows(database), generations(database)) == (1, 1)
    assert candidates(database, "1012AB") == ("GM0014",)


def test_an_interrupted_import_leaves_nothing(database: Database, bring: Callable[..., Imported]) -> None:
    pauses: list[float] = []

    def interrupt(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(many(14), rest=interrupt)
    assert (rows(database), generations(database)) == (0, 0)


def test_of_two_at_once_the_one_that_began_last_counts(
    database: Database, bring: Callable[..., Imported], tmp_path: Path
) -> None:
    other = tmp_path / "other.csv"
    other.write_text(CBS + "1011AB;1;;;363\n")
    begun: list[bool] = []

    def begin_another(_seconds: float) -> None:
        if not begun:
            begun.append(True)
            import_postcodes(database, other, CODES, clock=lambda: MONDAY, rest=lambda _seconds: None)

    with pytest.raises(Superseded):
        bring(many(14), rest=begin_another)
    assert candidates(database, "1011AB") == ("GM0363",)
    assert (rows(database), generations(database)) == (1, 1)


def test_between_batches_others_can_write(database: Database, bring: Callable[..., Imported]) -> None:
    written: list[int] = []

    def write(_seconds: float) -> None:
        # Would wait for the lock, and fail, if the import kept a transaction open.
        with database.writing() as connection:
            connection.execute(tables.rate_window.insert().values(key=str(len(written)), hits=1, expires_at=MONDAY))
        written.append(rows(database))

    bring(many(14), rest=write)
    assert written[0] == command._BATCH
    assert max(later - before for before, later in pairwise(written)) <= command._BATCH


class Terminal(StringIO):
    """A terminal that remembers."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_how_far_it_is_and_a_file_nothing(bring: Callable[..., Imported]) -> None:
    terminal, file = Terminal(), StringIO()
    bring(many(14, 500), bar=terminal)
    bring(many(14, 500), bar=file)
    shown = terminal.getvalue()
    assert shown.startswith("\r[") and shown.endswith(f"\r[{'#' * 30}] 100 %\n")
    assert shown.count("\r") <= 101
    assert file.getvalue() == ""
