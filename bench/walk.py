"""One resident walking through the whole journey over HTTP: every page opened, every form sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPResponse
from typing import Self
from urllib.parse import urlencode

from tests.support.walk import ZOE, Form

SELF: Mapping[str, Form] = {**ZOE, "check": {"press": "yes"}}
"""A journey for oneself, by step."""

WITH_A_HELPER: Mapping[str, Form] = {**SELF, "for-whom": {"for_whom": "other"}}
"""The same with a helper: the longest way."""

_AT_ONCE = 8

_TOKEN = re.compile(r'name="(form_token|csrf_token)"[^>]* value="([^"]+)"')
_REDIRECTS = {302, 303}


def walk_together(port: int, numbers: Iterable[int], begin: Callable[[int], str], answers: Mapping[str, Form]) -> None:
    """One journey for each of `numbers`, eight at a time, so that the server has no time to fall asleep in between.

    `begin`: the start page of a number. Raises what went wrong in any of them.
    """

    def walk(number: int) -> None:
        with Resident(port, number) as resident:
            resident.walk(begin(number), answers)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(walk, numbers))


@dataclass
class Resident:
    """A browser, behind a proxy, at an address of its own; use as a context manager.

    `seen`: called with each page (path, HTML). `cookie`: kept for those who need one.
    """

    port: int
    number: int = 0
    seen: Callable[[str, str], object] = lambda _path, _html: None
    cookie: str = ""
    requests: int = 0
    _html: str = field(default="", repr=False)

    def __enter__(self) -> Self:
        self._http = HTTPConnection("127.0.0.1", self.port, timeout=10)
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def walk(self, begin: str, answers: Mapping[str, Form], *, until: str = "") -> str:
        """From the start page to the status page, or to the step `until`; the path of the page that is shown then."""
        path = self._open(begin)
        path = self._send(begin.partition("?")[0] + "start", {"gemeente": "GM0363"})
        for _ in range(len(answers) + 1):
            step = path.rpartition("/")[2]
            if step == until or step not in answers:
                return path
            path = self._send(path, answers[step])
        raise RuntimeError(f"the journey does not end: {path}")

    def _open(self, path: str) -> str:
        response = self._ask("GET", path)
        if response.status != 200:
            raise RuntimeError(f"GET {path}: {response.status}")
        self.seen(path, self._html)
        return path

    def _send(self, path: str, form: Form) -> str:
        token = _TOKEN.search(self._html)
        filled = {**({token[1]: unescape(token[2])} if token else {}), **form}
        response = self._ask("POST", path, urlencode(filled, doseq=True))
        if response.status not in _REDIRECTS:
            raise RuntimeError(f"POST {path}: {response.status}")
        return self._open(response.headers["Location"])

    def _ask(self, method: str, path: str, body: str | None = None) -> HTTPResponse:
        headers = {"X-Forwarded-For": f"10.{self.number >> 16 & 255}.{self.number >> 8 & 255}.{self.number & 255}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self.cookie:
            headers["Cookie"] = self.cookie
        self._http.request(method, path, body, headers)
        response = self._http.getresponse()
        self._html = response.read().decode()
        self.requests += 1
        self.cookie = (response.headers["Set-Cookie"] or self.cookie).partition(";")[0]
        return response
