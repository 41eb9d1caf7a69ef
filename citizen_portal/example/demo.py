"""Everything together on one machine (`make run`): the portal, its worker and an example municipality."""

from __future__ import annotations

import base64
import ctypes
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4, uuid5

import requests

from citizen_portal import config
from citizen_portal.config.sending import MESSAGE_KINDS, WAYS

_HOST = "127.0.0.1"
_FOLDER = Path("instance")
_MUNICIPALITY = "GM0363"
_CLI = (sys.executable, "-m", "citizen_portal.cli")
_ABOUT_MESSAGES = ("PORTAL_SMTP_", "PORTAL_MAIL_", "PORTAL_NOTIFY_")
_TEMPLATES = UUID("0f6d3b5c-6e0e-4c39-9a0f-3d1c5b7a9e21")
_OTHERS = "Rotterdam cannot report back, Den Haag is not connected."
_START_SECONDS = 60.0
_STOP_SECONDS = 10.0
_LOOK_SECONDS = 0.2
_WEBHOOK_SECRET_BYTES = 32

_MUNICIPALITIES = """\
# Written anew by `citizen-portal demo` at every start: changes made here are lost.
# Examples only; they say nothing about what these municipalities really do.

[GM0363]
kennisgeving = "in-use"
phone = "14 020"
website = "https://www.amsterdam.nl/schuldhulp"

[GM0363.intake]
channel = "rest"
url = "http://127.0.0.1:{intake_port}"
token = {token}
webhook_secrets = [{webhook_secret}]

# To forward to: it gets a registration from Amsterdam, and may speak of it from then on.
[GM0344]
kennisgeving = "not-yet"
phone = "14 030"

[GM0344.intake]
channel = "rest"
url = "http://127.0.0.1:{intake_port}/utrecht"
token = {token}
webhook_secrets = [{webhook_secret}]

# Receives, but cannot report back.
[GM0599]
kennisgeving = "unknown"
phone = "14 010"
reports_back = false

[GM0599.intake]
channel = "rest"
url = "http://127.0.0.1:{intake_port}/rotterdam"
token = {token}

# Known, but not connected: the portal makes a letter to print instead.
[GM0518]
kennisgeving = "not-yet"
phone = "14 070"
"""


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """Where the demo keeps what its parts share; all of it can be read by its owner only."""

    secret_keys: Path
    intake_token: Path
    webhook_secret: Path
    municipalities: Path
    notify_key: Path
    notify_token: Path


def make_secrets(folder: Path) -> DemoFiles:
    """The files of the demo in `folder`. The secrets among them are made once and then stay as they are."""
    folder = folder.resolve()
    files = DemoFiles(
        secret_keys=folder / "secret_keys",
        intake_token=folder / "intake_token",
        webhook_secret=folder / "webhook_secret",
        municipalities=folder / "municipalities.toml",
        notify_key=folder / "notify_key",
        notify_token=folder / "notify_token",
    )
    config.create_secret(files.secret_keys)
    config.create_secret(files.intake_token)
    config.create_secret(files.notify_token)
    if not files.notify_key.exists():
        # As Notify gives them out: a name, the service and its secret.
        _write_privately(files.notify_key, f"demo-{uuid4()}-{uuid4()}\n")
    if not files.webhook_secret.exists():
        # Standard Webhooks: 24 to 64 random bytes, in base64 behind this prefix.
        secret = base64.b64encode(secrets.token_bytes(_WEBHOOK_SECRET_BYTES)).decode()
        _write_privately(files.webhook_secret, f"whsec_{secret}\n")
    return files


def write_municipalities(files: DemoFiles, intake_port: int) -> None:
    """Write the municipalities' file anew, so that it names the port that the intake has this time."""
    # A JSON string is a TOML string too, whatever is in the path.
    token, webhook_secret = (json.dumps(f"file:{path}") for path in (files.intake_token, files.webhook_secret))
    text = _MUNICIPALITIES.format(intake_port=intake_port, token=token, webhook_secret=webhook_secret)
    _write_privately(files.municipalities, text)


def example_intake(port: int, portal_url: str) -> int:
    """Serve what stands around the portal until stopped; the exit code."""
    from citizen_portal.example.together import Agreed, serve  # noqa: PLC0415 - the demo itself does not need it

    files = make_secrets(_FOLDER)
    secret = (files.intake_token, files.webhook_secret, files.notify_key, files.notify_token)
    agreed = Agreed(*(file.read_text(encoding="utf-8").strip() for file in secret))
    serve(port, _FOLDER, portal_url, agreed)
    return 0


def run(port: int, intake_port: int) -> int:
    """Start everything, say where to click, and stop everything at Ctrl-C; the exit code."""
    mistake = _unusable(port, intake_port)
    if mistake:
        print(mistake, file=sys.stderr)
        return 1
    files = make_secrets(_FOLDER)
    write_municipalities(files, intake_port)
    portal, intake = f"http://{_HOST}:{port}", f"http://{_HOST}:{intake_port}"
    environ = environment(os.environ, files, portal, intake)
    # Before the others start: two processes that migrate an empty database at once would get in each other's way.
    migrated = subprocess.run([*_CLI, "migrate"], env=environ, stdout=subprocess.DEVNULL, check=False)  # noqa: S603
    if migrated.returncode:
        return 1
    commands = {
        "the portal": [*_CLI, "serve", "--host", _HOST, "--port", str(port), "--workers", "1"],
        "the worker": [*_CLI, "work"],
        "the example municipality": [*_CLI, "example-intake", "--port", str(intake_port), "--portal", portal],
    }

    def announce() -> None:
        print(f"\n  As a resident:        {portal}/nl/?gemeente={_MUNICIPALITY}")
        print(f"  As the municipality:  {intake}/   (Utrecht, to forward to: {intake}/utrecht/)")
        if environ.get("PORTAL_NOTIFY_URL") == intake:
            print(f"  What residents get:   {intake}/berichten/")
        print(f"\n  Press the button as a resident, then report back as the municipality. {_OTHERS}")
        print("  Ctrl-C stops everything.\n", flush=True)

    return supervise(commands, environ, (f"{portal}/healthz", f"{intake}/"), announce)


def environment(environ: Mapping[str, str], files: DemoFiles, portal: str, around: str) -> dict[str, str]:
    """The environment of the parts: what the demo decides, over what was there.

    Messages go to the stand-in at `around`, unless the caller said anything about them.
    """
    ours = {"PORTAL_BASE_URL": portal, "PORTAL_MUNICIPALITIES": str(files.municipalities)}
    if not {"PORTAL_SECRET_KEYS", "PORTAL_SECRET_KEYS_FILE"} & set(environ):
        ours["PORTAL_SECRET_KEYS_FILE"] = str(files.secret_keys)
    if not any(name.startswith(_ABOUT_MESSAGES) for name in environ):
        ours["PORTAL_NOTIFY_URL"] = around
        ours["PORTAL_NOTIFY_KEY_FILE"] = str(files.notify_key)
        ours["PORTAL_NOTIFY_CALLBACK_TOKEN_FILE"] = str(files.notify_token)
        ours["PORTAL_NOTIFY_TEMPLATES"] = ",".join(
            f"{way}.{kind}={uuid5(_TEMPLATES, way + kind)}" for way in WAYS for kind in MESSAGE_KINDS
        )
    # A setting is given as NAME or as NAME_FILE, never as both.
    kept = {name: value for name, value in environ.items() if name.removesuffix("_FILE") not in ours}
    return {**kept, **ours}


def supervise(
    commands: Mapping[str, Sequence[str]],
    environ: Mapping[str, str],
    urls: Sequence[str],
    announce: Callable[[], None],
    start_seconds: float = _START_SECONDS,
) -> int:
    """Run `commands` (by name) side by side until a signal asks to stop: 0, or until one ends by itself: 1.

    `announce` is called once, when every one of `urls` answers; 1 when that takes longer than `start_seconds`.
    Nothing that was started is left behind.
    """
    waiting, deadline = list(urls), time.monotonic() + start_seconds
    with _signals() as seen, _running(commands, environ) as children:
        while not seen:
            ended = [name for name, child in children.items() if child.poll() is not None]
            if ended:
                print(f"Stopped: {', '.join(ended)} ended by itself; the reason stands above.", file=sys.stderr)
                return 1
            if waiting:
                waiting = [url for url in waiting if not _answers(url)]
                if not waiting:
                    announce()
                elif time.monotonic() > deadline:
                    print(f"Stopped: no answer from {waiting[0]} in {start_seconds:.0f} seconds.", file=sys.stderr)
                    return 1
            time.sleep(_LOOK_SECONDS)
    return 0


@contextmanager
def _signals() -> Iterator[list[int]]:
    """The signals that asked to stop, as they come. A hang-up that is ignored (`nohup`) stays ignored."""
    seen: list[int] = []
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, lambda received, _frame: seen.append(received)) for number in numbers}
    try:
        yield seen
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _running(
    commands: Mapping[str, Sequence[str]], environ: Mapping[str, str]
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """The started commands, each in a session of its own: Ctrl-C reaches us alone, and we stop them in order."""
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            children[name] = subprocess.Popen(  # noqa: S603 - our own commands
                command,
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_end_with_us(),  # noqa: PLW1509 - there are no threads here
            )
        yield children
    finally:
        _stop(list(children.values()))


def _end_with_us() -> Callable[[], object] | None:
    """What a child does before it starts, so that it ends too when this process is killed outright (Linux only)."""
    if sys.platform != "linux":
        return None
    prctl, end_with_parent = ctypes.CDLL(None).prctl, 1  # PR_SET_PDEATHSIG
    return lambda: prctl(end_with_parent, signal.SIGTERM)


def _stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + _STOP_SECONDS
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0.0, deadline - time.monotonic()))
        # What is left of its session: itself when it would not stop, or a server process that lost its parent.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _unusable(port: int, intake_port: int) -> str:
    """Why the demo cannot use these ports; empty when it can."""
    if port == intake_port:
        return f"PORT and INTAKE_PORT are both {port}; give each its own."
    for name, number in (("PORT", port), ("INTAKE_PORT", intake_port)):
        with socket.socket() as probe:
            # As the servers do: connections of a run that has just ended do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_HOST, number))
            except OSError as error:
                return f"Port {number} cannot be used ({error.strerror}). Choose another: make run {name}=..."
    return ""


def _answers(url: str) -> bool:
    with requests.Session() as http:
        http.trust_env = False  # a proxy does not reach this machine's own addresses
        try:
            return http.get(url, timeout=2).ok
        except requests.RequestException:
            return False


def _write_privately(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
