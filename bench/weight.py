"""What every page of a journey weighs: bytes as they are sent, and the requests that a first visit to it needs."""

from __future__ import annotations

import gzip
import re
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from bench.figures import AtMost, Bars, Figure, Outcome
from bench.processes import Portal
from bench.rounds import Scale
from bench.walk import WITH_A_HELPER, Resident

TITLE = "Bytes and requests of every page"

_KB = 1024
_FIRST_PAGE = 14
_ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@dataclass(frozen=True, slots=True)
class _Page:
    """`sent`: the HTML as it goes over the line; `assets`: the files that it asks for, and their bytes as sent."""

    raw: int
    sent: int
    compressible: int
    assets: dict[str, int]

    @property
    def first_visit(self) -> int:
        """Bytes of somebody who has nothing kept."""
        return self.sent + sum(self.assets.values())


def run(scale: Scale) -> Outcome:
    """The pages of one journey. Form and status pages are sent as they are: secrets beside typed text (BREACH)."""
    del scale
    with ExitStack() as stack:
        portal = Portal(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        web = stack.enter_context(portal.serve())
        web.wait_for(f"{portal.url}/readyz")
        paths: dict[str, str] = {}
        with Resident(portal.port, seen=lambda path, _html: paths.setdefault(_kind(path), path)) as resident:
            resident.walk("/nl/?gemeente=GM0363", WITH_A_HELPER, until="check")
            draft = paths["check"].rpartition("/")[0]
            paths |= {"delete": f"{draft}/delete", "privacy": "/nl/privacy", "not found": "/nl/nothing-here"}
            pages = {kind: _weighed(portal.port, path) for kind, path in paths.items()}
            pages["status"] = _weighed(portal.port, resident.walk("/nl/?gemeente=GM0363", WITH_A_HELPER))
    figures: list[Figure] = []
    for kind, page in pages.items():
        target = AtMost(_FIRST_PAGE) if kind == "start" else None
        how = f"HTML {page.raw} bytes, sent as {page.sent}, gzip would be {page.compressible}"
        figures.append(Figure(f"{kind}: all of a first visit", page.first_visit / _KB, "KB", target, how))
        figures.append(Figure(f"{kind}: requests of a first visit", 1 + len(page.assets), ""))
    weights = {kind: page.first_visit / _KB for kind, page in pages.items()}
    return Outcome(figures, [Bars("weight", "A first visit, all that is sent", "KB", weights, _FIRST_PAGE)])


def _kind(path: str) -> str:
    plain = path.partition("?")[0]
    if "/s/" in plain:
        return "status"
    return plain.rpartition("/")[2] or "start"


def _weighed(port: int, path: str) -> _Page:
    sent, html = _fetched(port, path)
    assets = {url: _fetched(port, url)[0] for url in sorted(set(_ASSET.findall(html.decode())))}
    return _Page(len(html), sent, len(gzip.compress(html, 6)), assets)


def _fetched(port: int, path: str) -> tuple[int, bytes]:
    http = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        http.request("GET", path, headers={"Accept-Encoding": "gzip", "X-Forwarded-For": "10.0.0.1"})
        response = http.getresponse()
        body = response.read()
        return len(body), gzip.decompress(body) if response.headers["Content-Encoding"] == "gzip" else body
    finally:
        http.close()
