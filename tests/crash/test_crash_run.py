"""Promise 1 under SIGKILL: who saw a status page is at the municipality, once, whatever was killed meanwhile.

A small run on each engine, and a long one (marker `long`). `CRASH_SEED` throws the same dice again, which a machine
does not answer in the same way; `CRASH_PRESSES` is the size of the long one.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.crash.ledger import assert_all_delivered
from tests.crash.moody_intake import body_of_each
from tests.crash.run import CrashRun
from tests.fakes.intake_server import IntakeServer
from tests.support.databases import ENGINES, sqlite_url
from tests.support.portal import make_directory
from tests.support.postgres import PostgresServer
from tests.support.processes import Processes

_SMALL, _LARGE = 60, int(os.environ.get("CRASH_PRESSES") or 2000)
_KILLS_OF_THE_SMALL_RUN = 8
_PRESSES_FOR_A_KILL = 20
# Not file by file, as it does for a machine that lost power.
_QUICK_RECOVERY = ("recovery_init_sync_method=syncfs",)
_SMALL_SECONDS, _LARGE_SECONDS = 150.0, 900.0


@pytest.mark.crash
@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_that_was_acknowledged_is_lost_or_doubled_when_processes_are_killed(
    engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _crash_run(engine, tmp_path, capsys, presses=_SMALL, kills=_KILLS_OF_THE_SMALL_RUN, seconds=_SMALL_SECONDS)


@pytest.mark.crash
@pytest.mark.long
@pytest.mark.parametrize("engine", ENGINES)
def test_nor_in_thousands_of_presses(engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = _crash_run(
        engine, tmp_path, capsys, presses=_LARGE, kills=_LARGE // _PRESSES_FOR_A_KILL, seconds=_LARGE_SECONDS
    )
    # Else nothing was tried here.
    assert run.residents.figures["tries cut off"] > 0
    assert set(run.killed) == set(run.kinds)


def _crash_run(
    engine: str, folder: Path, capsys: pytest.CaptureFixture[str], *, presses: int, kills: int, seconds: float
) -> CrashRun:
    """One run, its figures printed, its outcome checked. Fails when it takes longer than `seconds`."""
    seed = int(os.environ.get("CRASH_SEED") or random.randrange(1_000_000))
    _tell(capsys, f"\nCRASH_SEED={seed} {engine}")
    ends_at = time.monotonic() + seconds
    # Many: what a killed worker had claimed keeps its municipality's places until the leases end.
    codes = sorted(make_directory(folder, text="").codes)[::3]
    with (
        _engine(engine, folder) as (url, server),
        IntakeServer() as intake,
        Processes(folder, intake.url, _municipalities(codes), url) as portal,
        CrashRun(portal, intake, server, codes, seed=seed, ends_at=ends_at) as run,
    ):
        try:
            run.press_while_killing(presses, kills)
            run.deliver_the_rest()
            not_received = run.not_received()
        finally:
            _tell(capsys, run.figures())
        bodies = body_of_each(intake.requests)
        acknowledged = run.residents.acknowledged
        assert len(acknowledged) == presses
        # What was taken is what was acknowledged, each once, and each with its own resident's words in it.
        said = {reference: json.loads(body) for reference, body in bodies.items()}
        assert sorted(one["aanmeldingId"] for one in said.values()) == sorted(intake.numbers)
        assert {reference: one["inwoner"]["achternaam"] for reference, one in said.items()} == {
            one.reference: one.family_name for one in acknowledged
        }
        assert len({one.reference for one in acknowledged}) == len({one.family_name for one in acknowledged}) == presses
        assert not not_received
        assert_all_delivered(run.database, acknowledged)
        assert len(intake.requests) > presses
    return run


def _tell(capsys: pytest.CaptureFixture[str], line: str) -> None:
    """The figures and the seed are the run's result: shown also when it went well."""
    with capsys.disabled():
        print(line)


def _municipalities(codes: list[str]) -> str:
    """Each is connected, at an address of its own."""
    return "".join(
        f'[{code}.intake]\nchannel = "rest"\nurl = "{{intake}}/{code}"\ntoken = "{{token}}"\n' for code in codes
    )


@contextmanager
def _engine(name: str, folder: Path) -> Iterator[tuple[str, PostgresServer | None]]:
    """An empty database: its address, and the server that can be killed. It writes as durably as in production."""
    if name == "sqlite":
        yield sqlite_url(folder), None
        return
    with PostgresServer(_QUICK_RECOVERY) as server:
        yield server.url(server.new_database()), server
