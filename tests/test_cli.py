"""The commands do what the contract says, and their exit codes too."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from citizen_portal.cli import main
from tests.support.portal import SECRET, make_portal
from tests.support.walk import press_as


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run commands in, with the settings of the tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORTAL_SECRET_KEYS", SECRET)
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{tmp_path / 'portal.db'}")
    return tmp_path


def test_check_tells_what_is_set(at_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    told = capsys.readouterr().out
    assert "municipalities: 342, connected: 0" in told and "address register: off" in told
    assert SECRET not in told


def test_wrong_settings_are_exit_code_2_with_a_line_each(
    at_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORTAL_TRUSTED_PROXIES", "x")
    monkeypatch.setenv("PORTAL_LIMITS", "maybe")
    assert main(["check"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_a_wrong_municipalities_file_is_exit_code_2(
    at_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (at_home / "m.toml").write_text("[GM9999]\n")
    monkeypatch.setenv("PORTAL_MUNICIPALITIES", str(at_home / "m.toml"))
    assert main(["check"]) == 2
    assert "GM9999" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["serve", "--port", "0"], ["outbox"], ["outbox", "show", "x"]])
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2


@pytest.mark.parametrize("arguments", [["serve"], ["migrate"], ["status"], ["outbox", "list"]])
def test_a_database_that_is_away_is_exit_code_1_with_a_line(
    arguments: list[str], at_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"postgresql+psycopg://portal:hush@/portal?host={at_home}")
    assert main(arguments) == 1
    told = capsys.readouterr().err
    assert "The database does not answer" in told and "hush" not in told
    assert len(told.splitlines()) == 1


def test_migrate_can_be_said_twice(at_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    assert main(["migrate"]) == 0
    assert capsys.readouterr().out.split() == ["migrated", "up", "to", "date"]
    assert (at_home / "portal.db").stat().st_mode & 0o077 == 0


def test_the_outbox_is_listed_without_content_and_rearmed(at_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    portal = make_portal(at_home)
    press_as(portal)
    portal.database.close()
    capsys.readouterr()
    assert main(["outbox", "list"]) == 0
    listed = capsys.readouterr().out
    assert "GM0363" in listed and "Jansen" not in listed
    entry = next(word for word in listed.split() if word.count("-") == 4)
    assert main(["outbox", "show", entry]) == 0
    assert "Jansen" not in capsys.readouterr().out
    assert main(["outbox", "show", str(uuid4())]) == 1
    assert main(["outbox", "retry"]) == 2
    assert main(["outbox", "retry", "--all"]) == 0
    assert main(["outbox", "retry", str(uuid4())]) == 1
    assert main(["status"]) == 0
    assert "registrations: 1" in capsys.readouterr().out


def test_a_new_secret_takes_over_what_is_on_its_way(
    at_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    portal = make_portal(at_home)
    press_as(portal)
    portal.database.close()
    capsys.readouterr()
    monkeypatch.setenv("PORTAL_SECRET_KEYS", f"another secret that is long enough to count,{SECRET}")
    assert main(["keys", "rotate"]) == 0
    assert main(["keys", "rotate"]) == 0
    assert capsys.readouterr().out.splitlines() == ["1 sealed anew", "0 sealed anew"]


def test_purge_erases_drafts_past_their_time(at_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    portal = make_portal(at_home)
    portal.clock.pass_by(days=-3650)
    portal.client().post("/nl/start")
    portal.database.close()
    capsys.readouterr()
    assert main(["purge"]) == 0
    assert "drafts: 1" in capsys.readouterr().out
