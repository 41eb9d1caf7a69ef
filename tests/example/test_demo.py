"""The demo's parts: its files, its environment, and that it leaves nothing running."""

from __future__ import annotations

import base64
import os
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from citizen_portal import config
from citizen_portal.directory.municipality import load_directory
from citizen_portal.example import demo
from citizen_portal.example.together import PLACES

# Says that it is ready by making the file that it is given, and then stays.
STAYS = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"
WAITED_SECONDS = 20


def test_the_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    files = demo.make_secrets(tmp_path / "instance")
    demo.write_municipalities(files, 8001)

    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "instance").iterdir()}
    secrets = {"secret_keys", "intake_token", "webhook_secret", "notify_key", "notify_token"}
    assert modes == dict.fromkeys(secrets | {"municipalities.toml"}, 0o600)
    assert (tmp_path / "instance").stat().st_mode & 0o777 == 0o700


def test_the_secrets_are_long_and_different_and_stay(tmp_path: Path) -> None:
    files = demo.make_secrets(tmp_path)
    paths = (files.secret_keys, files.intake_token, files.webhook_secret, files.notify_key, files.notify_token)
    first = [path.read_text() for path in paths]
    demo.make_secrets(tmp_path)

    assert [path.read_text() for path in paths] == first
    assert len(set(first)) == 5
    assert min(len(text.strip()) for text in first) >= 40
    secret = first[2].strip()
    assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32
    Webhook(secret)


def test_the_municipalities_file_names_the_intake_that_runs_this_time(tmp_path: Path) -> None:
    folder = tmp_path / 'a "strange" folder'
    files = demo.make_secrets(folder)
    demo.write_municipalities(files, 8001)
    demo.write_municipalities(files, 9001)
    text = files.municipalities.read_text()
    found = tomllib.loads(text)

    assert "lost" in text.splitlines()[0]
    assert found["GM0363"]["kennisgeving"] == "in-use"
    assert found["GM0363"]["phone"] == "14 020"
    assert found["GM0363"]["intake"] == {
        "channel": "rest",
        "url": "http://127.0.0.1:9001",
        "token": f"file:{folder / 'intake_token'}",
        "webhook_secrets": [f"file:{folder / 'webhook_secret'}"],
    }
    assert found["GM0344"]["intake"] == {**found["GM0363"]["intake"], "url": "http://127.0.0.1:9001/utrecht"}
    assert found["GM0599"]["reports_back"] is False
    assert "webhook_secrets" not in found["GM0599"]["intake"]
    assert found["GM0518"] == {"kennisgeving": "not-yet", "phone": "14 070"}
    places = {
        code: one["intake"]["url"].removeprefix("http://127.0.0.1:9001")
        for code, one in found.items()
        if "intake" in one
    }
    assert places == PLACES


def test_the_portal_can_start_with_what_the_demo_writes(tmp_path: Path) -> None:
    files = demo.make_secrets(tmp_path)
    demo.write_municipalities(files, 8001)
    environ = demo.environment({}, files, "http://127.0.0.1:8000", "http://127.0.0.1:8001")
    settings = config.load(environ)
    directory = load_directory(settings.municipalities_file, production=False, environ=environ)

    assert settings.ways_of_sending == ("email", "sms")
    assert settings.sending.callback_token == files.notify_token.read_text().strip()
    assert {municipality.code for municipality in directory.connected()} == set(PLACES)


def test_settings_of_the_caller_reach_the_parts(tmp_path: Path) -> None:
    files = demo.make_secrets(tmp_path)
    given = {
        "PATH": "/bin",
        "PORTAL_LANGUAGES": "nl",
        "PORTAL_BASE_URL": "http://127.0.0.1:1",
        "PORTAL_MUNICIPALITIES_FILE": "x",
    }

    environ = demo.environment(given, files, "http://127.0.0.1:8000", "http://127.0.0.1:8001")
    assert {name: value for name, value in environ.items() if "NOTIFY" not in name} == {
        "PATH": "/bin",
        "PORTAL_LANGUAGES": "nl",
        "PORTAL_BASE_URL": "http://127.0.0.1:8000",
        "PORTAL_MUNICIPALITIES": str(files.municipalities),
        "PORTAL_SECRET_KEYS_FILE": str(files.secret_keys),
    }


@pytest.mark.parametrize("name", ["PORTAL_SMTP_URL", "PORTAL_SMTP_URL_FILE", "PORTAL_NOTIFY_KEY", "PORTAL_MAIL_FROM"])
def test_whoever_says_anything_about_messages_says_it_all(tmp_path: Path, name: str) -> None:
    files = demo.make_secrets(tmp_path)
    environ = demo.environment({name: "given"}, files, "http://127.0.0.1:8000", "http://127.0.0.1:8001")

    about_messages = ("PORTAL_SMTP", "PORTAL_MAIL", "PORTAL_NOTIFY")
    assert [one for one in environ if one.startswith(about_messages)] == [name]


@pytest.mark.parametrize("name", ["PORTAL_SECRET_KEYS", "PORTAL_SECRET_KEYS_FILE"])
def test_secrets_of_the_caller_win(tmp_path: Path, name: str) -> None:
    environ = demo.environment(
        {name: "given"}, demo.make_secrets(tmp_path), "http://127.0.0.1:8000", "http://127.0.0.1:8001"
    )

    assert {key: value for key, value in environ.items() if "SECRET" in key} == {name: "given"}


def test_a_port_in_use_is_told_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as free:
        port, other = taken.getsockname()[1], free.getsockname()[1]
        free.close()
        codes = [demo.run(port, other), demo.run(other, port), demo.run(other, other)]

    lines = capfd.readouterr().err.splitlines()
    assert codes == [1, 1, 1]
    assert len(lines) == 3
    assert f"Port {port}" in lines[0]
    assert "PORT=" in lines[0]
    assert "INTAKE_PORT=" in lines[1]
    assert "both" in lines[2]
    assert not list(tmp_path.iterdir())


@pytest.mark.crash
def test_when_one_part_ends_all_others_are_stopped_and_it_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    ready = tmp_path / "ready"
    waits = f"import os, sys, time\nwhile not os.path.exists({str(ready)!r}): time.sleep(0.01)\nsys.exit(3)"
    commands = {
        "the one that stays": [sys.executable, "-c", _noting_its_id(tmp_path), str(ready)],
        "the one that ends": [sys.executable, "-c", waits],
    }

    assert demo.supervise(commands, os.environ, [], _not_called) == 1
    assert "the one that ends ended by itself" in capfd.readouterr().err
    assert not _is_running(int((tmp_path / "id").read_text()))


@pytest.mark.crash
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_and_is_a_success(
    tmp_path: Path, number: signal.Signals, request: pytest.FixtureRequest
) -> None:
    # Whoever runs the tests may have it ignored, as `nohup` does.
    request.addfinalizer(partial(signal.signal, number, signal.getsignal(number)))
    signal.signal(number, signal.default_int_handler)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "--directory", str(tmp_path), str(port)]
    stays = [sys.executable, "-c", _noting_its_id(tmp_path), str(tmp_path / "ready")]
    urls = [f"http://127.0.0.1:{port}/ready", f"http://127.0.0.1:{port}/id"]
    announced: list[int] = []

    def announce() -> None:
        announced.append(int((tmp_path / "id").read_text()))
        os.kill(os.getpid(), number)

    assert demo.supervise({"server": server, "stays": stays}, os.environ, urls, announce) == 0
    assert len(announced) == 1
    assert not _is_running(announced[0])
    assert signal.getsignal(number) is signal.default_int_handler


@pytest.mark.crash
def test_a_part_that_never_answers_is_not_waited_for_without_end(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stays = [sys.executable, "-c", STAYS, str(tmp_path / "ready")]
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"

    assert demo.supervise({"stays": stays}, os.environ, [url], _not_called, start_seconds=0) == 1
    assert f"no answer from {url}" in capfd.readouterr().err


@pytest.mark.crash
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_a_demo_that_is_killed_outright_leaves_no_part_behind(tmp_path: Path) -> None:
    parent = (
        "import os, sys\nfrom citizen_portal.example import demo\n"
        "demo.supervise({'part': [sys.executable, '-c', sys.argv[1], sys.argv[2]]}, os.environ, [], lambda: None)"
    )
    killed = subprocess.Popen([sys.executable, "-c", parent, _noting_its_id(tmp_path), str(tmp_path / "ready")])
    try:
        _wait_until((tmp_path / "ready").exists)
    finally:
        killed.kill()
        killed.wait()

    child = int((tmp_path / "id").read_text())
    _wait_until(lambda: not _is_running(child))


def _noting_its_id(folder: Path) -> str:
    return f"import os, pathlib; pathlib.Path({str(folder / 'id')!r}).write_text(str(os.getpid())); {STAYS}"


def _not_called() -> None:
    raise AssertionError("it was never ready")


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
        # An orphan that ended stays listed as a zombie where no init process collects it.
        stat = Path(f"/proc/{process}/stat")
        return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False


def _wait_until(condition: Callable[[], bool]) -> None:
    import time

    deadline = time.monotonic() + WAITED_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)
