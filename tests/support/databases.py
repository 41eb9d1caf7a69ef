"""A migrated, empty database for each test, on both engines: whoever asks for one runs twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from citizen_portal.storage import schema
from citizen_portal.storage.database import Database
from tests.support.postgres import NOT_DURABLE, PostgresServer

ENGINES = ("sqlite", "postgresql")


def on_engine(name: str) -> pytest.MarkDecorator:
    """For a test of what only this engine does, or tells: it runs once."""
    return pytest.mark.parametrize("database_url", [name], indirect=True)


def sqlite_url(folder: Path) -> str:
    """The database file of a portal in `folder`."""
    return f"sqlite:///{folder / 'portal.db'}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file to copy: migrating anew takes longer than most tests."""
    folder = tmp_path_factory.mktemp("template")
    _migrate(sqlite_url(folder))
    return folder / "portal.db"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server that the tests share."""
    with PostgresServer(NOT_DURABLE) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    """The name of a migrated database to copy."""
    name = postgres.new_database()
    _migrate(postgres.url(name))
    return name


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty database of the test's own."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "portal.db")
        yield sqlite_url(tmp_path)
    else:
        template = request.getfixturevalue("postgres_template")
        yield from _postgres_database(request.getfixturevalue("postgres"), template)


@pytest.fixture
def lose_database(database_url: str, request: pytest.FixtureRequest) -> Callable[[], None]:
    """From the call on, the test's database is away."""
    url = make_url(database_url)

    def lose() -> None:
        assert url.database
        if url.get_backend_name() == "sqlite":
            file = Path(url.database)
            file.unlink()
            file.mkdir()
        else:
            request.getfixturevalue("postgres").drop(url.database)

    return lose


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated, empty database."""
    yield from _opened(database_url)


@pytest.fixture(params=ENGINES)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    if request.param == "sqlite":
        yield from _opened(sqlite_url(tmp_path))
    else:
        for url in _postgres_database(request.getfixturevalue("postgres")):
            yield from _opened(url)


def _postgres_database(server: PostgresServer, template: str = "template1") -> Iterator[str]:
    name = server.new_database(template)
    yield server.url(name)
    server.drop(name)


def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


def _migrate(url: str) -> None:
    for database in _opened(url):
        schema.migrate(database)
