"""One HTTP GET that is over in time, whatever the other side does.

A time-out of `requests` or of a socket counts anew from each byte, and a resolver has none at all: a server that sends
one byte a second, or a broken name server, would hold a resident's page for minutes. So each call has a thread of its
own, which the caller stops waiting for. `http.client` also does by itself what is wanted of it: no redirects, no
proxies, no `.netrc`, no cookies, no decompression.
"""

from __future__ import annotations

import socket
import ssl
from concurrent.futures import Future
from contextlib import suppress
from http.client import HTTPConnection, HTTPSConnection
from threading import BoundedSemaphore, Thread
from urllib.parse import urlsplit

import certifi

# The web server has four threads (serving.py): whatever is slow out there, one of them is left for everybody else.
_MOST_CALLS_AT_ONCE = 3
# A call that is answered gives its place back a moment later.
_PLACE_SECONDS = 0.05
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "Connection": "close"}
_OK = 200


class CallError(Exception):
    """There is no usable answer. `reason` is one word for logs; `status_class` is like `5xx` when that was it."""

    def __init__(self, reason: str, status_class: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status_class = status_class


class BoundedGet:
    """GETs below one base URL, each at most `seconds` long in all and its answer at most `most_bytes` large.

    Safe to share between threads; more than 32 calls at once are refused, so that hung ones cannot pile up.
    """

    def __init__(self, base_url: str, *, seconds: float, most_bytes: int) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("a base URL has a scheme and a host")
        self._host, self._port, self._path = parts.hostname, parts.port, parts.path
        self._tls = ssl.create_default_context(cafile=certifi.where()) if parts.scheme == "https" else None
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._free = BoundedSemaphore(_MOST_CALLS_AT_ONCE)

    def get(self, query: str) -> bytes:
        """The body of the answer (200) to a GET with `query`, which is URL-encoded. Raises CallError otherwise."""
        if not self._free.acquire(timeout=_PLACE_SECONDS):
            raise CallError("busy")
        call = _Call(self._connection(), f"{self._path}?{query}", self._most_bytes)
        try:
            Thread(target=self._run, args=(call,), name="bounded-get", daemon=True).start()
        except RuntimeError:
            self._free.release()
            raise CallError("busy") from None
        try:
            status, body = call.answer.result(timeout=self._seconds)
        except TimeoutError:
            call.abandon()
            raise CallError("timeout") from None
        if status != _OK:
            raise CallError("status", f"{status // 100}xx")
        if len(body) > self._most_bytes:
            raise CallError("too_large")
        return body

    def _connection(self) -> HTTPConnection:
        if self._tls is None:
            return HTTPConnection(self._host, self._port, timeout=self._seconds)
        return HTTPSConnection(self._host, self._port, timeout=self._seconds, context=self._tls)

    def _run(self, call: _Call) -> None:
        try:
            call.run()
        finally:
            self._free.release()


class _Call:
    """What the thread does, and how the caller ends it."""

    def __init__(self, connection: HTTPConnection, target: str, most_bytes: int) -> None:
        self.answer: Future[tuple[int, bytes]] = Future()
        self._connection = connection
        self._target = target
        self._most_bytes = most_bytes
        # Kept apart: the connection forgets its socket as soon as the headers are there.
        self._socket: socket.socket | None = None
        self._abandoned = False

    def run(self) -> None:
        try:
            self.answer.set_result(self._ask())
        except Exception as error:
            # A thread has nobody to raise to, and what a hostile answer makes `http.client` raise is not documented.
            self.answer.set_exception(CallError("timeout" if isinstance(error, TimeoutError) else type(error).__name__))
        finally:
            self._connection.close()

    def abandon(self) -> None:
        """Wakes the thread out of any read, so that it ends although the server goes on sending byte by byte."""
        self._abandoned = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _ask(self) -> tuple[int, bytes]:
        self._connection.connect()
        self._socket = self._connection.sock
        if self._abandoned:
            raise TimeoutError
        self._connection.request("GET", self._target, headers=_HEADERS)
        with self._connection.getresponse() as response:
            # One byte more than allowed tells a large answer from one that just fits.
            return response.status, response.read(self._most_bytes + 1) if response.status == _OK else b""
