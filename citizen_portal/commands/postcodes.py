"""The postcode table comes in: as a whole, or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from citizen_portal.clock import Clock
from citizen_portal.directory.postcode_file import Area, read_areas
from citizen_portal.storage import postcodes
from citizen_portal.storage.database import Database, DatabaseAway

# A transaction of so many rows takes hundredths of a second: nobody who presses the button notices it.
_BATCH = 2000
_BAR = 30


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file held: how many rows went in, and the codes of the municipalities that have a postcode by now."""

    rows: int
    codes: frozenset[str]


def import_postcodes(
    database: Database,
    file: Path,
    codes: Mapping[str, str],
    *,
    clock: Clock,
    rest: Callable[[float], None] = time.sleep,
    bar: TextIO | None = None,
) -> Imported:
    """Read `file` (directory/postcode_file.py has the layouts) and put it in the place of the table that is there.

    `codes`: all codes that there are or were, each with the one that it is today. Rows come and go in short
    transactions, and after each `rest` gets the seconds that it took: so others can write at least half of the time.
    `bar` shows how far it is. Raises FileRefused, OSError, Superseded when another import began meanwhile, and what the
    database raises; the table that was there then stays in force.
    """
    work, finished = _Work(database, rest), False
    with file.open("rb") as stream:
        with database.writing() as connection:
            generation = postcodes.begin(connection, now=clock())
        progress = _Progress(file.stat().st_size, bar)
        try:
            work.erase_before(generation)
            imported = work.fill(generation, read_areas(stream, codes, progress.read))
            with database.writing() as connection:
                postcodes.finish(connection, generation, now=clock())
            finished = True
        finally:
            progress.end()
            if not finished:
                # What stays of it, when the database is away, goes with the next import.
                with suppress(DatabaseAway):
                    work.erase(generation)
    work.erase_before(generation)
    return imported


class _Work:
    """Short transactions, with a pause after each."""

    def __init__(self, database: Database, rest: Callable[[float], None]) -> None:
        self._database = database
        self._rest = rest

    def fill(self, generation: int, areas: Iterator[Area]) -> Imported:
        """Put all of `areas` into this generation."""
        rows, codes = 0, set[str]()
        while batch := list(islice(areas, _BATCH)):
            began = time.monotonic()
            # Nobody was told yet that anything is kept: the disk is waited for once, at the end.
            with self._database.writing(lasting=False) as connection:
                postcodes.add(connection, generation, batch)
            self._rest(time.monotonic() - began)
            rows += len(batch)
            codes.update(code for _, code in batch)
        return Imported(rows, frozenset(codes))

    def erase_before(self, generation: int) -> None:
        """Erase what no longer counts, or never did, of the generations before this one."""
        with self._database.reading() as connection:
            current = postcodes.current(connection)
            others = [older for older in postcodes.older_than(connection, generation) if older != current]
        for other in others:
            self.erase(other)

    def erase(self, generation: int) -> None:
        """Erase one generation."""
        more = True
        while more:
            began = time.monotonic()
            with self._database.writing(lasting=False) as connection:
                more = postcodes.forget_batch(connection, generation, size=_BATCH)
            self._rest(time.monotonic() - began)


class _Progress:
    """A bar on a terminal; nothing where nobody looks."""

    def __init__(self, size: int, out: TextIO | None) -> None:
        self._size = max(size, 1)
        self._out = out if out is not None and out.isatty() else None
        self._read = 0
        self._shown = -1

    def read(self, more: int) -> None:
        """So many more bytes were read."""
        if self._out is None:
            return
        self._read += more
        percent = min(100, 100 * self._read // self._size)
        if percent != self._shown:
            self._shown = percent
            done = _BAR * percent // 100
            self._out.write(f"\r[{'#' * done}{'.' * (_BAR - done)}] {percent:3d} %")
            self._out.flush()

    def end(self) -> None:
        """The line belongs to somebody else again."""
        if self._out is not None and self._shown >= 0:
            self._out.write("\n")
