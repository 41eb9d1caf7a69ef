"""A municipality's intake on this machine: real HTTP, answers by a script, every request kept byte for byte."""

from __future__ import annotations

import json
import socket
import ssl
import struct
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Condition, Event, Lock, Thread
from typing import Any, Self

_WAIT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came: `head` up to and with the empty line, `body` as long as Content-Length says."""

    head: bytes
    body: bytes

    @property
    def line(self) -> str:
        """`POST /v1/aanmeldingen HTTP/1.1`"""
        return self.head.decode("latin-1").split("\r\n", 1)[0]

    @property
    def headers(self) -> dict[str, str]:
        """By lower-case name."""
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}

    @property
    def whole(self) -> bool:
        """Whether all of it came: who sends may be killed between the head and the body, and no server takes that."""
        return len(self.body) == int(self.headers.get("content-length", "0"))


Answer = Callable[["Conversation", Request], None]


@dataclass(slots=True)
class Conversation:
    """One connection with a client, which an answer writes to; `closing` is set when the fake shuts down."""

    server: IntakeServer
    connection: socket.socket
    closing: Event
    keep_open: bool = True

    def send(self, data: bytes) -> None:
        with suppress(OSError):
            self.connection.sendall(data)


def answer(status: int, body: bytes = b"", **headers: str) -> Answer:
    """A whole answer; header names with underscores for hyphens."""

    def write(conversation: Conversation, request: Request) -> None:
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase if status in set(HTTPStatus) else 'Odd'}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if status >= HTTPStatus.OK and status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
            lines.append(f"Content-Length: {len(body)}")
        conversation.send("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        conversation.keep_open = status >= HTTPStatus.OK

    return write


def receipt(number: object = None, status: int = HTTPStatus.CREATED, **changed: object) -> Answer:
    """A receipt for the registration that was sent, with other fields where `changed` says so."""

    def write(conversation: Conversation, request: Request) -> None:
        said = {"aanmeldingId": json.loads(request.body)["aanmeldingId"], "ontvangstnummer": number, **changed}
        answer(status, json.dumps(said).encode(), Content_Type="application/json")(conversation, request)

    return write


def known_by_id(conversation: Conversation, request: Request) -> None:
    """What a good intake does: a number of its own for each registration, the same one again for a repeat."""
    number, repeated = conversation.server.take(request)
    receipt(number, HTTPStatus.OK if repeated else HTTPStatus.CREATED)(conversation, request)


def taken_but(then: Answer) -> Answer:
    """The registration is taken, and the sender hears `then`."""

    def write(conversation: Conversation, request: Request) -> None:
        conversation.server.take(request)
        then(conversation, request)

    return write


def late(seconds: float, then: Answer) -> Answer:
    """`then`, after so many seconds; the sender may be gone by that time."""

    def write(conversation: Conversation, request: Request) -> None:
        conversation.closing.wait(seconds)
        then(conversation, request)

    return write


def raw(data: bytes) -> Answer:
    """Just these bytes, then the end."""

    def write(conversation: Conversation, request: Request) -> None:
        conversation.send(data)
        conversation.keep_open = False

    return write


def drip(beginning: bytes, drop: bytes, seconds: float = 0.05) -> Answer:
    """`beginning`, then `drop` again and again until the client goes away."""

    def write(conversation: Conversation, request: Request) -> None:
        conversation.keep_open = False
        with suppress(OSError):
            conversation.connection.sendall(beginning)
            while not conversation.closing.wait(seconds):
                conversation.connection.sendall(drop)

    return write


def silence(conversation: Conversation, request: Request) -> None:
    """No answer, with the connection open."""
    conversation.closing.wait()


def hang_up(conversation: Conversation, request: Request) -> None:
    """The end of the connection instead of an answer."""
    conversation.keep_open = False


def reset(conversation: Conversation, request: Request) -> None:
    """A TCP reset instead of an answer."""
    conversation.keep_open = False
    conversation.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@dataclass
class IntakeServer:
    """Use as a context manager. `script` is used up first, an answer a request; then `usual` answers."""

    usual: Answer = known_by_id
    tls: ssl.SSLContext | None = None
    script: deque[Answer] = field(default_factory=deque)
    requests: list[Request] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    most_at_once: int = 0

    def __enter__(self) -> Self:
        self.lock = Lock()
        self._came = Condition()
        self._under_way = 0
        self._server = _Server(self)
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Without a slash at its end."""
        scheme = "https" if self.tls else "http"
        return f"{scheme}://localhost:{self._server.server_address[1]}"

    def will_answer(self, *answers: Answer) -> None:
        """Answer the next requests so, one each."""
        with self.lock:
            self.script.extend(answers)

    def wait_for(self, count: int) -> list[Request]:
        """The requests, as soon as there are `count`; fails when they do not come."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.requests) >= count, _WAIT_SECONDS), len(self.requests)
            return list(self.requests)

    def take(self, request: Request) -> tuple[str, bool]:
        """The intake has this registration from now on: its number, and whether it had it before."""
        registration_id = json.loads(request.body)["aanmeldingId"]
        with self.lock:
            repeated = registration_id in self.numbers
            return self.numbers.setdefault(registration_id, f"Z-2026-{len(self.numbers) + 1:05d}"), repeated

    def respond(self, conversation: Conversation, request: Request) -> None:
        """Keep `request` and answer it."""
        with self._came:
            self.requests.append(request)
            self._under_way += 1
            self.most_at_once = max(self.most_at_once, self._under_way)
            self._came.notify_all()
        with self.lock:
            chosen = self.script.popleft() if self.script else self.usual
        try:
            chosen(conversation, request)
        finally:
            with self._came:
                self._under_way -= 1


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    # Closing waits for every conversation, so that no test leaves a thread or a socket to the next.
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, fake: IntakeServer) -> None:
        self.fake = fake
        self.closing = Event()
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def server_close(self) -> None:
        self.closing.set()
        for connection in list(self.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that break off are what half of the answers are for."""


class _Handler(StreamRequestHandler):
    server: _Server
    request: socket.socket

    def setup(self) -> None:
        if self.server.fake.tls:
            # Not at accept: a client that refuses the certificate would hold up the others.
            self.request = self.server.fake.tls.wrap_socket(self.request, server_side=True)
        self.server.connections.add(self.request)
        super().setup()

    def handle(self) -> None:
        conversation = Conversation(self.server.fake, self.request, self.server.closing)
        with suppress(OSError):
            while conversation.keep_open and (request := self._read()) is not None:
                self.server.fake.respond(conversation, request)

    def finish(self) -> None:
        self.server.connections.discard(self.request)
        with suppress(OSError):
            super().finish()
        self.request.close()

    def _read(self) -> Request | None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.rfile.readline(65536)
            if not line:
                return None
            head += line
        length = int(Request(head, b"").headers.get("content-length", "0"))
        return Request(head, self.rfile.read(length))
