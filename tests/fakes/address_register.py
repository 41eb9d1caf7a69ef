"""A Locatieserver on loopback: real HTTP, real filters, and every way to be wrong that the portal must survive."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Document = dict[str, Any]

# Recorded: foarsitter/locatieserver, `free.json`, without the fields that repeat others.
RECORDED: Document = {
    "bron": "BAG",
    "woonplaatscode": "3295",
    "type": "adres",
    "woonplaatsnaam": "Utrecht",
    "huis_nlt": "1",
    "gemeentecode": "0344",
    "weergavenaam": "Bolstraat 1, 3581WS Utrecht",
    "id": "adr-01e5",
    "gemeentenaam": "Utrecht",
    "identificatie": "0344010000158578-0344200000159102",
    "provinciecode": "PV26",
    "postcode": "3581WS",
    "provincienaam": "Utrecht",
    "centroide_ll": "POINT(5.13287587 52.08884161)",
    "nummeraanduiding_id": "0344200000159102",
    "adresseerbaarobject_id": "0344010000158578",
    "huisnummer": 1,
    "straatnaam": "Bolstraat",
    "score": 27.59,
}
# What v3.1 takes at /free; it refuses the rest.
_PARAMETERS = {"q", "fq", "fl", "rows", "start", "sort", "df", "bq", "wt", "lat", "lon"}
_MOST_ROWS = 100
_DRIP_SECONDS = 0.02


class Mode(StrEnum):
    """How the register behaves."""

    RIGHT = "right"
    TWO_MUNICIPALITIES = "two municipalities, whatever is asked"
    FUZZY = "look-alikes only, whatever is asked"
    SLOW = "not a byte"
    DRIPPING_HEADERS = "headers that never end"
    DRIPPING_BODY = "a body that never ends"
    ENDLESS_CHUNK_SIZE = "a chunk whose size never ends"
    HUGE = "a right answer and a megabyte of spaces"
    GARBAGE = "not JSON"
    ERROR = "status 500"
    REDIRECT = "a redirect to a right answer"
    HANG_UP = "closes without an answer"
    RAW = "the bytes in `body`"


def address(**changes: Any) -> Document:
    """The recorded address with `changes`; a field changed to None is left out."""
    return {key: value for key, value in {**RECORDED, **changes}.items() if value is not None}


class FakeAddressRegister:
    """A register that knows `documents`. Use it in a `with`; `mode` and `body` may change at any time.

    `asked` holds the query of every request, as `parse_qs` reads it. With `tls` it speaks https.
    """

    def __init__(self, documents: Iterable[Document] = (RECORDED,), tls: ssl.SSLContext | None = None) -> None:
        self.documents = list(documents)
        self.mode = Mode.RIGHT
        self.body = b""
        self.asked: list[dict[str, list[str]]] = []
        self.closing = Event()
        self._server = _Server(self)
        self._scheme = "http"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
            self._scheme = "https"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        """The base URL, without `/free`."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}/search/v3_1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def matching(self, query: dict[str, list[str]]) -> list[Document]:
        """The documents that every filter (`field:value`) of `query` lets through, with the fields it asks for."""
        filters = [filter_.partition(":") for filter_ in query.get("fq", [])]
        fields = query.get("fl", ["*"])[0].split(",")
        rows = min(int(query.get("rows", ["10"])[0]), _MOST_ROWS)
        found = [
            document
            for document in self.documents
            if all(str(document.get(field)) == value for field, _, value in filters)
        ]
        return [{key: value for key, value in document.items() if key in fields} for document in found[:rows]]


class _Server(ThreadingHTTPServer):
    # Closing waits for every answer, so that no test leaves a thread or a socket to the next.
    daemon_threads = False

    def __init__(self, fake: FakeAddressRegister) -> None:
        self.fake = fake
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hung up is what half of the modes are for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        fake = self.server.fake
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        fake.asked.append(query)
        self.close_connection = True
        if not parts.path.endswith("/free"):
            return self._answer(404, b"")
        if not _PARAMETERS.issuperset(query):
            return self._answer(400, b'{"message": "unknown parameter"}')
        if fake.mode in _MISBEHAVIOUR:
            return _MISBEHAVIOUR[fake.mode](self)
        if fake.mode is Mode.RAW:
            return self._answer(200, fake.body)
        return self._answer(200, _envelope(self._documents(fake, query)))

    def _documents(self, fake: FakeAddressRegister, query: dict[str, list[str]]) -> list[Document]:
        asked = dict(filter_.split(":", 1) for filter_ in query["fq"])
        postcode, number = asked["postcode"], int(asked["huisnummer"])
        if fake.mode is Mode.TWO_MUNICIPALITIES:
            here = address(postcode=postcode, huisnummer=number)
            return [here, {**here, "gemeentecode": "0310", "woonplaatsnaam": "De Bilt", "straatnaam": "Grensweg"}]
        if fake.mode is Mode.FUZZY:
            return [
                address(postcode="9999ZZ", huisnummer=number),
                address(postcode=postcode, huisnummer=number + 10),
                address(postcode=postcode, huisnummer=None, type="postcode"),
            ]
        return fake.matching(query)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
        """Tests read what the portal logs, not this."""

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _wait(self) -> None:
        self.server.fake.closing.wait()

    def _drip(self, beginning: bytes, drop: bytes) -> None:
        with suppress(OSError):
            self.wfile.write(beginning)
            while not self.server.fake.closing.wait(_DRIP_SECONDS):
                self.wfile.write(drop)

    def _redirect(self) -> None:
        self.server.fake.mode = Mode.RIGHT
        self._answer(302, b"", Location=self.path)


def _envelope(documents: list[Document]) -> bytes:
    response = {"numFound": len(documents), "start": 0, "maxScore": 27.59, "numFoundExact": True, "docs": documents}
    return json.dumps({"response": response}).encode()


_MISBEHAVIOUR: dict[Mode, Callable[[_Handler], None]] = {
    Mode.SLOW: _Handler._wait,
    Mode.DRIPPING_HEADERS: lambda handler: handler._drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
    Mode.DRIPPING_BODY: lambda handler: handler._drip(b"HTTP/1.1 200 OK\r\n\r\n", b" "),
    Mode.ENDLESS_CHUNK_SIZE: lambda handler: handler._drip(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0" * 50_000
    ),
    Mode.HUGE: lambda handler: handler._answer(200, _envelope([RECORDED]) + b" " * 1024 * 1024),
    Mode.GARBAGE: lambda handler: handler._answer(200, b"<html>Storing</html>"),
    Mode.ERROR: lambda handler: handler._answer(500, b""),
    Mode.REDIRECT: _Handler._redirect,
    Mode.HANG_UP: lambda handler: None,
}
