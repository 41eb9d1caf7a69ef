"""`citizen-portal municipality`: what it prints, what it writes, and its exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from citizen_portal.cli import main
from citizen_portal.storage import postcodes
from citizen_portal.storage.database import Database
from tests.support.portal import SECRET

TOML = """# ours
[GM0363]  # the capital
kennisgeving = "unknown" # ask
phone = "14 020"
[GM0363.intake]
channel = "rest"
url = "http://127.0.0.1:9"
token = "hush-hush"
webhook_secrets = ["whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="]
"""


@pytest.fixture
def toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The operator's file, in an empty folder to run commands in."""
    file = tmp_path / "municipalities.toml"
    file.write_text(TOML)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORTAL_SECRET_KEYS", SECRET)
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{tmp_path / 'portal.db'}")
    monkeypatch.setenv("PORTAL_MUNICIPALITIES", str(file))
    return file


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_list_has_a_line_for_each_with_tabs_between(toml: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["municipality", "list"]) == 0
    lines = [line.split("\t") for line in told(capsys)]
    assert len(lines) == 342 and {len(line) for line in lines} == {5}
    assert ["GM0363", "Amsterdam", "connected", "unknown", "reports back"] in lines
    assert ["GM0014", "Groningen", "not connected", "unknown", "does not report back"] in lines


def test_whoever_stops_reading_hears_no_complaint(toml: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        command = [sys.executable, "-m", "citizen_portal.cli", "municipality", "list"]
        done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=60)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("code", ["GM0363", "363", "GM0457"])
def test_show_tells_all_but_the_secrets(toml: Path, capsys: pytest.CaptureFixture[str], code: str) -> None:
    assert main(["municipality", "show", code]) == 0
    shown = capsys.readouterr().out
    assert "municipality: GM0363 Amsterdam" in shown
    assert "part of it: GM0457 Weesp, since 2022-03-24" in shown
    assert "intake: rest http://127.0.0.1:9" in shown and "secrets for what it reports: 1" in shown
    assert "hush" not in shown and "whsec" not in shown


def test_check_is_exit_code_1_while_there_is_something_to_do(toml: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["municipality", "check", "GM0363"]) == 1
    assert [line.split(";")[0] for line in told(capsys)] == [
        "GM0363 Amsterdam: 2 to do",
        "pages say that we do not know whether the Kennisgeving is used",
        "no page can link to the municipality's own site",
    ]
    text = toml.read_text().replace('"unknown"', '"in-use"')
    toml.write_text(text.replace("phone", 'website = "https://www.amsterdam.nl"\nphone'))
    assert main(["municipality", "check", "GM0363"]) == 0
    assert told(capsys) == ["GM0363 Amsterdam: nothing to do"]


def test_check_finds_the_table_of_a_former_municipality(toml: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toml.write_text(TOML + '[GM0457]\nphone = "14 0294"\n')
    assert main(["municipality", "check", "GM0363"]) == 1
    assert any(line.startswith("[GM0457] says nothing") for line in told(capsys))


@pytest.mark.parametrize("action", ["show", "check"])
def test_a_municipality_that_is_none_is_exit_code_1(
    toml: Path, capsys: pytest.CaptureFixture[str], action: str
) -> None:
    assert main(["municipality", action, "GM9999"]) == 1
    assert capsys.readouterr().err == "There is no municipality GM9999\n"


@pytest.mark.parametrize("arguments", [[], ["show"], ["check", "Amsterdam"], ["import-postcodes"], ["nonsense"]])
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["municipality", *arguments])
    assert stopped.value.code == 2


def test_adoption_prints_the_national_picture(toml: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toml.write_text(TOML.replace('"unknown"', '"in-use"') + '[GM0014]\nkennisgeving = "not-yet"\n')
    assert main(["municipality", "adoption"]) == 0
    assert told(capsys) == ["used: 1 of 342 (0.3 %)", "not yet: 1 of 342 (0.3 %)", "unknown: 340 of 342 (99.4 %)"]


def test_adoption_is_written_into_the_file_and_nothing_else_changes(
    toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "list.csv").write_text("name;kennisgeving\nAmsterdam;in-use\nGroningen;not-yet\nUtrecht;unknown\n")
    toml.chmod(0o600)
    assert main(["municipality", "adoption", "--apply", "list.csv"]) == 0
    lines = told(capsys)
    assert lines[:2] == ["GM0363 Amsterdam: unknown -> in-use", "GM0014 Groningen: unknown -> not-yet"]
    assert "used: 1 of 342 (0.3 %)" in lines
    assert toml.read_text() == (
        TOML.replace('"unknown" # ask', '"in-use" # ask') + '\n[GM0014]  # Groningen\nkennisgeving = "not-yet"\n'
    )
    assert toml.stat().st_mode & 0o777 == 0o600
    written = toml.stat().st_mtime_ns
    assert main(["municipality", "adoption", "--apply", "list.csv"]) == 0
    assert toml.stat().st_mtime_ns == written


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        (b"name;kennisgeving\nAmsterdam;in-use\nNergens;in-use\n", "list.csv: line 3: there is no municipality"),
        (b"code;kennisgeving\nGM0363;in-use\nGM0363;not-yet\n", "list.csv: line 3: the same municipality as on line 2"),
        (b"code;kennisgeving\nGM0014;in-use\nGM0363;\xff\n", "list.csv: line 3: not UTF-8"),
        (b"code;kennisgeving\n" + b"\n" * 1024 * 1024, "list.csv: larger than 1024 KiB"),
    ],
)
def test_a_list_with_a_mistake_changes_nothing(
    toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, mistake: str
) -> None:
    (tmp_path / "list.csv").write_bytes(content)
    assert main(["municipality", "adoption", "--apply", "list.csv"]) == 1
    assert capsys.readouterr().err.startswith(mistake)
    assert toml.read_text() == TOML


def test_a_file_that_cannot_be_changed_line_by_line_is_named(
    toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toml.write_text('GM0363 = { phone = "14 020" }\n')
    (tmp_path / "list.csv").write_text("code;kennisgeving\nGM0363;in-use\n")
    assert main(["municipality", "adoption", "--apply", "list.csv"]) == 1
    assert capsys.readouterr().err.startswith("municipalities.toml: GM0363: write it as a table")


def test_without_a_file_there_is_nothing_to_write_into(
    toml: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PORTAL_MUNICIPALITIES")
    assert main(["municipality", "adoption", "--apply", "list.csv"]) == 2
    assert "PORTAL_MUNICIPALITIES names no file" in capsys.readouterr().err


def test_postcodes_are_imported_and_who_has_none_is_told(
    toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pc.csv").write_text("pc4,gm_codes\n1011,GM0363\n1382,GM0457\n9711,GM0014\n")
    assert main(["municipality", "import-postcodes", "pc.csv"]) == 0
    lines = told(capsys)
    assert lines[0] == "3 rows for 2 of 342 municipalities"
    assert len(lines) == 341 and "no postcode: GM0344 Utrecht" in lines
    database = Database(f"sqlite:///{tmp_path / 'portal.db'}")
    with database.reading() as connection:
        assert postcodes.candidates(connection, "1382AB") == ("GM0363",)
    database.close()


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        ("pc4,gm_codes\n1011,GM9999\n", "pc.csv: line 2: there is no municipality with this code"),
        ("postcode\n", "pc.csv: line 1: the columns must be"),
    ],
)
def test_a_wrong_file_of_postcodes_is_exit_code_1_with_its_lines(
    toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, mistake: str
) -> None:
    (tmp_path / "pc.csv").write_text(content)
    assert main(["municipality", "import-postcodes", "pc.csv"]) == 1
    assert capsys.readouterr().err.startswith(mistake)


@pytest.mark.parametrize("arguments", [["import-postcodes", "nowhere.csv"], ["adoption", "--apply", "nowhere.csv"]])
def test_a_file_that_is_not_there_is_exit_code_1(
    toml: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main(["municipality", *arguments]) == 1
    assert capsys.readouterr().err == "nowhere.csv: cannot be read (FileNotFoundError)\n"
