"""Notify on this machine: takes what its own client library sends, and nothing else; answers by a script."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread, get_ident
from time import time
from typing import Any, Self
from uuid import uuid4

import jwt

SERVICE, SECRET = "0b6c6f3e-6a1c-4c58-9a8d-0f5d3c1e7a42", "3f0c1f5e-9d0a-4c57-8f0e-6a2b7c1d9e44"
KEY = f"the_tests-{SERVICE}-{SECRET}"
ADDRESSES = {"/v2/notifications/email": "email_address", "/v2/notifications/sms": "phone_number"}
_CLOCKS_DIFFER = 30


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, and its body as JSON or as it is; `location` for a redirect."""

    status: int
    body: object = None
    location: str = ""


def refusal(status: int, message: str, error: str = "ValidationError") -> Reply:
    """An error as Notify words it."""
    return Reply(status, {"status_code": status, "errors": [{"error": error, "message": message}]})


@dataclass
class NotifyServer:
    """Use as a context manager. `replies` are used up first, one each; then every right request is taken.

    `taken`: path and document of each; `problems`: what no client may send; `silent`: never answer.
    """

    replies: deque[Reply] = field(default_factory=deque)
    taken: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    connections: set[int] = field(default_factory=set)
    silent: bool = False

    def __enter__(self) -> Self:
        self.over = Event()
        fake: NotifyServer = self

        class Handler(_Handler):
            notify = fake

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        assert self.problems == []

    @property
    def url(self) -> str:
        """Without a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_port}"


class _Handler(BaseHTTPRequestHandler):
    notify: NotifyServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        fake = self.notify
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fake.connections.add(get_ident())
        if fake.silent:
            fake.over.wait()
        fake.problems += self._problems(body)
        reply = fake.replies.popleft() if fake.replies else None
        if reply is None:
            document = json.loads(body)
            fake.taken.append((self.path, document))
            said = {
                "id": str(uuid4()),
                "reference": document.get("reference"),
                "content": {},
                "uri": "",
                "template": {},
            }
            reply = Reply(201, said)
        self._answer(reply)

    def do_GET(self) -> None:
        """No client of ours asks for anything: only a redirect that was followed does."""
        self.notify.problems.append(f"GET {self.path}")
        self._answer(Reply(404))

    def _problems(self, body: bytes) -> list[str]:
        found = []
        try:
            scheme, token = self.headers["Authorization"].split(" ")
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], leeway=_CLOCKS_DIFFER)
            if scheme != "Bearer" or set(claims) != {"iss", "iat"} or claims["iss"] != SERVICE:
                found.append(f"token: {claims}")
            if abs(claims["iat"] - time()) > _CLOCKS_DIFFER:
                found.append("token: another time")
        except (jwt.InvalidTokenError, ValueError, AttributeError) as error:
            found.append(f"token: {error}")
        if self.headers["Content-type"] != "application/json":
            found.append(f"content type {self.headers['Content-type']}")
        try:
            document = json.loads(body)
        except ValueError:
            return [*found, "no JSON"]
        known = {ADDRESSES.get(self.path, ""), "template_id", "personalisation", "reference"}
        if set(document) != known:
            found.append(f"{self.path} with {sorted(document)}")
        return found

    def _answer(self, reply: Reply) -> None:
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        if reply.location:
            self.send_header("Location", reply.location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
        """Quiet."""
