"""The processes that are measured: each in a session of its own, gone at the end; what they cost in CPU and memory."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import psutil

_START_SECONDS = 30.0
_STOP_SECONDS = 10.0
_LOOK_SECONDS = 0.01
_MIB = 1024 * 1024

# One worker with serving.py's own options, whichever application it serves.
_SERVE = "import sys; from citizen_portal.serving import server; server(sys.argv[1], port=int(sys.argv[2])).serve()"

MUNICIPALITIES = """
[GM0363]
kennisgeving = "in-use"
phone = "14 020"
website = "https://www.amsterdam.nl/schuldhulp"
[GM0363.intake]
channel = "rest"
url = "{intake}"
token = "token-of-the-benchmarks"
"""


@dataclass
class Process:
    """A started command with all that it starts; use as a context manager."""

    command: Sequence[str]
    environ: dict[str, str] = field(default_factory=dict)
    folder: Path | None = None

    def __enter__(self) -> Self:
        self.started_at = time.perf_counter()
        self._process = subprocess.Popen(
            self.command,
            env=_clean_environ() | self.environ,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def wait_for(self, url: str) -> float:
        """Until `url` answers: the seconds since the start. Raises RuntimeError when it does not."""
        opener = build_opener(ProxyHandler({}))
        while time.perf_counter() - self.started_at < _START_SECONDS:
            if self._process.poll() is not None:
                raise RuntimeError(f"ended at its start: {self.command[-3:]}")
            with suppress(URLError, ConnectionError), opener.open(url, timeout=2) as answer:
                if answer.status == 200:
                    return time.perf_counter() - self.started_at
            time.sleep(_LOOK_SECONDS)
        raise RuntimeError(f"no answer from {url}")

    def cpu_seconds(self) -> float:
        """The CPU time that it and its children used so far (user and system)."""
        return sum(_cpu_seconds(one) for one in self.family())

    def family(self) -> list[psutil.Process]:
        """The process and its children."""
        root = psutil.Process(self._process.pid)
        return [root, *root.children(recursive=True)]

    def memory(self) -> tuple[float, float]:
        """RSS and PSS in MiB of its largest process: the one that does the work."""
        rss, pss = max((one.memory_full_info().rss, one.memory_full_info().pss) for one in self.family())
        return rss / _MIB, pss / _MIB


def python(*arguments: str, environ: dict[str, str] | None = None, folder: Path | None = None) -> Process:
    """A Python process."""
    return Process([sys.executable, *arguments], environ or {}, folder)


def application(target: str, port: int, *, environ: dict[str, str] | None = None) -> Process:
    """`module:factory` behind the same server as the portal, one worker."""
    return python("-c", _SERVE, target, str(port), environ=environ)


@dataclass
class Portal:
    """The portal as it runs in production: behind one trusted proxy, limits on; SQLite in `folder`."""

    folder: Path
    intake_url: str = "http://127.0.0.1:9"

    def __post_init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        municipalities = self.folder / "municipalities.toml"
        municipalities.write_text(MUNICIPALITIES.format(intake=self.intake_url), encoding="utf-8")
        self.environ = {
            "PORTAL_DATABASE_URL": f"sqlite:///{self.folder / 'portal.db'}",
            "PORTAL_SECRET_KEYS": secrets.token_urlsafe(32),
            "PORTAL_BASE_URL": self.url,
            "PORTAL_MUNICIPALITIES": str(municipalities),
            "PORTAL_TRUSTED_PROXIES": "1",
        }

    def serve(self) -> Process:
        """The web process, with one worker."""
        return self._command("serve", "--port", str(self.port))

    def work(self) -> Process:
        """The delivery worker."""
        return self._command("work")

    def _command(self, *arguments: str) -> Process:
        return python("-m", "citizen_portal.cli", *arguments, environ=self.environ, folder=self.folder)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _cpu_seconds(process: psutil.Process) -> float:
    tasks = Path(f"/proc/{process.pid}/task")
    if not (tasks / str(process.pid) / "schedstat").exists():
        times = process.cpu_times()
        return float(times.user + times.system)
    # In nanoseconds, where `cpu_times` counts in ticks of 10 ms. The first number is the time on a processor.
    nanoseconds = 0
    for task in tasks.iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):
            nanoseconds += int((task / "schedstat").read_text(encoding="ascii").split()[0])
    return nanoseconds / 1e9


def _clean_environ() -> dict[str, str]:
    here = Path(__file__).parent
    path = os.pathsep.join([str(here.parent), str(here / "without")])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return kept | {"PYTHONPATH": path}
