"""The real thing, as `make run` starts it: the portal, its worker and an example municipality."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

CLI = (sys.executable, "-m", "citizen_portal.cli")
CONNECTED, NOT_CONNECTED = "GM0363", "GM0518"
_START_SECONDS = 60.0
# The demo gives its own parts ten.
_STOP_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Stack:
    """Where a running portal and its example municipality are."""

    portal: str
    intake: str


@contextmanager
def running(folder: Path) -> Iterator[Stack]:
    """Everything started in `folder`, on two free ports of this machine; all of it is stopped afterwards.

    Raises AssertionError, with what was logged, when it does not answer in time.
    """
    port, intake_port = _free_ports()
    stack = Stack(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{intake_port}")
    log_file = folder / "log"
    # Settings of whoever runs the tests are not those of the tests.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    with log_file.open("wb") as log:
        demo = subprocess.Popen(
            [*CLI, "demo", "--port", str(port), "--intake-port", str(intake_port)],
            cwd=folder,
            env=environ | {"PORTAL_LIMITS": "off"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not (_answers(f"{stack.portal}/healthz") and _answers(f"{stack.intake}/")):
            told = log_file.read_text(encoding="utf-8", errors="replace")[-2000:]
            assert demo.poll() is None, f"the demo ended by itself:\n{told}"
            assert time.monotonic() < deadline, f"the demo does not answer:\n{told}"
            time.sleep(0.1)
        yield stack
    finally:
        demo.terminate()
        with suppress(subprocess.TimeoutExpired):
            demo.wait(_STOP_SECONDS)
        if demo.poll() is None:
            demo.kill()
            demo.wait()


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with build_opener(ProxyHandler({})).open(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
