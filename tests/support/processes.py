"""A portal of real processes (`serve`, `work`) on this machine, and somebody who walks through it over HTTP."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from http import HTTPStatus
from pathlib import Path
from typing import Self

import requests
from urllib3.exceptions import NewConnectionError

from citizen_portal.directory.municipality import Directory
from tests.support.databases import sqlite_url
from tests.support.portal import MUNICIPALITIES, SECRET, make_directory
from tests.support.walk import ZOE, Form

START_SECONDS = 30.0
_STOP_SECONDS = 15.0
_COMMAND_SECONDS = 60.0
_LOOK_SECONDS = 0.05
_WEB = "web"


def wait_until(true: Callable[[], object], what: str, seconds: float = START_SECONDS) -> None:
    """Wait until `true()`; fails with `what` when that takes longer than `seconds`."""
    ends_at = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends_at, f"not within {seconds:.0f} s: {what}"
        time.sleep(_LOOK_SECONDS)


@dataclass
class Processes:
    """One portal in `folder`; use as a context manager. What was started is gone afterwards, and nothing else is.

    Its database is the file `database`, unless `database_url` names another. Everything that a process writes, to
    either stream, is kept in `folder`/logs, a file for each start.
    """

    folder: Path
    intake_url: str
    municipalities: str = MUNICIPALITIES
    database_url: str = ""
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _ports: dict[str, int] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.url = self.url_of(_WEB)
        self.database = self.folder / "portal.db"
        self.database_url = self.database_url or sqlite_url(self.folder)
        self.directory: Directory = make_directory(self.folder, self.intake_url, self.municipalities)
        self._logs = self.folder / "logs"
        self._logs.mkdir()
        self._environ = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")} | {
            "PORTAL_DATABASE_URL": self.database_url,
            "PORTAL_SECRET_KEYS": SECRET,
            "PORTAL_BASE_URL": self.url,
            "PORTAL_MUNICIPALITIES": str(self.folder / "municipalities.toml"),
            "PORTAL_LIMITS": "off",
            # As in the tests themselves: a warning is an error.
            "PYTHONWARNINGS": "error",
        }
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self._running):
            self.kill(name)

    def url_of(self, web: str) -> str:
        """Where the web server of this name listens, also while it is away."""
        port = self._ports.get(web) or self._ports.setdefault(web, _free_port())
        return f"http://127.0.0.1:{port}"

    def serve(self, name: str = _WEB, *, workers: int = 1) -> None:
        """Start a web server with so many processes."""
        port = self.url_of(name).rpartition(":")[2]
        self._start(name, "serve", "--port", port, "--workers", str(workers))

    def work(self, name: str = "worker") -> None:
        """Start a worker."""
        self._start(name, "work")

    def kill(self, name: str) -> None:
        """SIGKILL for what was started under this name and all that it started: its session is its own."""
        process = self._running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(_STOP_SECONDS)

    def ended(self, name: str) -> bool:
        """Whether what was started under this name ended by itself; then it may be started again."""
        if name not in self._running or self._running[name].poll() is None:
            return False
        self.kill(name)
        return True

    def kill_child(self, name: str, chance: random.Random) -> None:
        """SIGKILL for one of the processes that a web server started to answer; it starts another by itself."""
        parent = self._running[name].pid
        # There may be none: the server may be on its way up, or have ended.
        with suppress(OSError, IndexError):
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
            os.kill(int(chance.choice(children)), signal.SIGKILL)

    def wait_for_web(self, name: str = _WEB) -> None:
        """Until this web server answers that it is ready."""
        with Visitor(self.url_of(name)) as visitor:
            assert visitor.patiently("GET", "/readyz").status_code == 200

    def run(self, *arguments: str) -> str:
        """Run one command to its end; its standard output. Kept with the logs. Fails when the command does."""
        with self._log("command").open("w+b") as log:
            done = subprocess.run(
                [sys.executable, "-m", "citizen_portal.cli", *arguments],
                cwd=self.folder,
                env=self._environ,
                stdout=subprocess.PIPE,
                stderr=log,
                timeout=_COMMAND_SECONDS,
                check=False,
            )
            log.write(done.stdout)
            log.flush()
            assert done.returncode == 0, f"{arguments}: {done.returncode}"
        return done.stdout.decode()

    def log_files(self) -> list[Path]:
        """What was written by everything that was started, oldest first."""
        return sorted(self._logs.iterdir())

    def log_text(self) -> str:
        """All of it as one text."""
        return "".join(path.read_text(encoding="utf-8") for path in self.log_files())

    def _start(self, name: str, *arguments: str) -> None:
        assert name not in self._running, name
        with self._log(name).open("wb") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", "citizen_portal.cli", *arguments],
                cwd=self.folder,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _log(self, name: str) -> Path:
        return self._logs / f"{len(list(self._logs.iterdir())):03d}-{name}.log"


@dataclass
class Visitor:
    """A resident's browser without cookies; use as a context manager. Follows no redirect by itself.

    `others` are more servers of the same portal.
    """

    url: str
    patience: float = START_SECONDS
    others: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._http = requests.Session()
        self._http.trust_env = False
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def go_elsewhere(self) -> None:
        """From now on another server of the portal is asked, if there is one."""
        self.url, *self.others = *self.others, self.url

    def ask(self, method: str, path: str, form: Form | None = None, **more: str) -> requests.Response:
        """One request, tried once; `more` are headers, with underscores for hyphens. Raises what `requests` raises."""
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        return self._http.request(
            method, self.url + path, data=form, headers=headers, timeout=(2, 20), allow_redirects=False
        )

    def send(self, path: str, body: bytes, headers: dict[str, str]) -> requests.Response:
        """POST these bytes, once."""
        return self._http.post(self.url + path, data=body, headers=headers, timeout=(2, 20), allow_redirects=False)

    def patiently(self, method: str, path: str, form: Form | None = None) -> requests.Response:
        """The same request again and again until there is an answer, and not "later" (503); fails when the patience
        is over."""
        ends_at = time.monotonic() + self.patience
        while True:
            with suppress(requests.RequestException):
                answer = self.ask(method, path, form)
                if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                    return answer
            assert time.monotonic() < ends_at, f"{method}: no answer in {self.patience:.0f} s"
            self.go_elsewhere()
            time.sleep(_LOOK_SECONDS)

    def start(self, municipality: str = "GM0363") -> str:
        """Press the button of the start page; the path of the new draft, without a step."""
        answer = self.patiently("POST", "/nl/start", {"gemeente": municipality})
        assert answer.status_code == 303, answer.status_code
        return answer.headers["Location"].rpartition("/")[0]

    def to_check(self, draft: str, answers: dict[str, Form]) -> Form:
        """Answer every question that is asked; the form of the check page, ready to be pressed.

        A question whose answer was cut off is asked again by the portal, or it is not: then it was kept.
        """
        given = {**ZOE, **answers}
        for _ in range(4 * len(ZOE)):
            page = self.patiently("GET", f"{draft}/check")
            if page.status_code == 200:
                return {"form_token": form_token(page), "press": "yes"}
            assert page.status_code == 303, page.status_code
            path = page.headers["Location"]
            question = self.patiently("GET", path)
            assert question.status_code == 200, question.status_code
            with suppress(requests.RequestException):
                form = {"form_token": form_token(question), **given[path.rpartition("/")[2]]}
                saved = self.ask("POST", path, form)
                assert saved.status_code in {303, 503}, f"{path.rpartition('/')[2]}: {saved.status_code}"
        raise AssertionError("the journey does not end")


def refused(error: requests.RequestException) -> bool:
    """Whether nothing listened: the request cannot have reached anybody."""
    return isinstance(getattr(error.args[0] if error.args else None, "reason", None), NewConnectionError)


def form_token(page: requests.Response) -> str:
    """The token of the page's form."""
    found = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert found, f"no form on this page ({page.status_code})"
    return unescape(found[1])


def reference_on(page: requests.Response) -> str:
    """The reference that a status page shows."""
    found = re.search(r'class="reference"[^>]*>(P-[0-9A-Z]{4}-[0-9A-Z]{4})<', page.text)
    assert found, f"no reference on this page ({page.status_code})"
    return found[1]


def is_received(page: requests.Response) -> bool:
    """Whether a status page says that the municipality has it."""
    return 'Klaar<span class="hidden">: </span></span>Uw gemeente heeft uw vraag<' in page.text


def _free_port() -> int:
    """A port that nothing listens on, below those that the system gives to outgoing connections: while the web process
    is away, nobody else can get it by chance."""
    for port in random.sample(range(20000, 32000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no free port")
