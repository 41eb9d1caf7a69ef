"""Secrets in the operator's file: where they may come from, their forms, and that no message repeats one."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from citizen_portal.directory.settings import Channel, Intake
from tests.directory.operator_file import OLD_WEBHOOK, SECRET, WEBHOOK, intake, mistake, read, settings


def test_secrets_come_from_the_environment_and_from_files(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-a-file\n", encoding="utf-8")
    found = settings(intake('webhook_secrets = ["env:WEBHOOK", "env:OLD"]', token=f"file:{tmp_path}/token")).intake
    assert found == Intake(Channel.REST, "https://intake.example.nl", "from-a-file", (WEBHOOK, OLD_WEBHOOK))


def test_a_literal_secret_is_for_this_machine_outside_production_only() -> None:
    here = intake(f'webhook_secrets = ["{WEBHOOK}"]', url="http://127.0.0.1:8001", token=SECRET)
    found = settings(here, production=False).intake
    assert found == Intake(Channel.REST, "http://127.0.0.1:8001", SECRET, (WEBHOOK,))
    elsewhere = here.replace("http://127.0.0.1:8001", "https://intake.example.nl")
    for toml, production in [(here, True), (elsewhere, False), (elsewhere, True)]:
        _, mistakes = read(toml, production=production)
        assert [line.split(":")[0] for line in mistakes] == ["GM0363.intake.token", "GM0363.intake.webhook_secrets"]
        assert not any(SECRET in line or WEBHOOK in line for line in mistakes)


def test_a_bad_url_does_not_also_blame_the_literal_beside_it() -> None:
    assert mistake(intake(url="htp://127.0.0.1", token=SECRET), production=False).startswith("GM0363.intake.url")


@pytest.mark.parametrize("token", ["env:NOT_THERE", "env:EMPTY", "env:", "env:SPACED", "file:", "file:relative"])
def test_a_secret_that_cannot_be_had_is_told_by_its_key_alone(token: str) -> None:
    told = mistake(intake(token=token))
    assert told.startswith("GM0363.intake.token: ")
    assert token.partition(":")[2] == "" or token.partition(":")[2] not in told


@pytest.mark.parametrize("content", [b"", b" \n", b"x" * 5000, b"\xff\xfe", b"two words", b"two\nlines"])
def test_a_secret_file_with_something_else_in_it_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret").write_bytes(content)
    assert mistake(intake(token=f"file:{tmp_path}/secret")).startswith("GM0363.intake.token: ")


def test_a_secret_file_is_named_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text(SECRET, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert "its whole path" in mistake(intake(token="file:token"))


def test_a_secret_is_never_read_from_what_is_not_a_plain_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, "/dev/zero", f"{tmp_path}/a\\u0000b"):
        assert "names a file that is not there" in mistake(intake(token=f"file:{path}"))


@pytest.mark.parametrize(
    "secrets",
    [
        '["env:WEBHOOK", "env:OLD", "env:TOKEN"]',
        '["env:TOKEN"]',
        '["env:SHORT"]',
        '["env:NOT_BASE64"]',
        '["env:WEBHOOK", "env:NOT_THERE"]',
        '"env:WEBHOOK"',
        "[1]",
        '[""]',
        "[[]]",
    ],
)
def test_webhook_secrets_are_at_most_two_of_the_standard_form(secrets: str) -> None:
    told = mistake(intake(f"webhook_secrets = {secrets}"))
    assert told.startswith("GM0363.intake.webhook_secrets: ")
    assert SECRET not in told


@pytest.mark.parametrize(("size", "fits"), [(23, False), (24, True), (64, True), (65, False)])
def test_a_webhook_secret_has_24_to_64_bytes(size: int, fits: bool) -> None:
    environ = {"TOKEN": SECRET, "KEY": "whsec_" + base64.b64encode(b"k" * size).decode()}
    _, mistakes = read(intake('webhook_secrets = ["env:KEY"]'), environ=environ)
    assert (mistakes == []) is fits
