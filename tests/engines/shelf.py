"""The rendered states over HTTP: engines other than Chromium cannot be handed a page without a server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from tests.browser.states.catalogue import Catalogue

Sent = tuple[int, Mapping[str, str], bytes]
"""Status, headers and body of an answer."""
# The server says these itself; this machine is not https.
_NOT_OURS = {"content-length", "content-encoding", "date", "connection", "strict-transport-security"}
_TYPE = {"Content-Type": "text/html; charset=utf-8"}


@dataclass
class Shelf:
    """What stands at `url`: every state by its name, every static file by its path, and what a test puts there."""

    url: str
    catalogue: Catalogue
    own: dict[str, Sent] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    """Paths that were asked for and are not there."""

    def put(self, name: str, html: str) -> str:
        """Serve a page of a test's own; its address."""
        self.own[f"/{name}"] = (200, _TYPE, html.encode())
        return f"{self.url}/{name}"

    def answer(self, path: str) -> Sent:
        """What is sent to whoever asks for this path."""
        if path in self.own:
            return self.own[path]
        if (seen := self.catalogue.pages.get(path.removeprefix("/"))) is not None:
            return seen.status, seen.headers, seen.html.encode()
        if path in self.catalogue.files:
            headers, content = self.catalogue.files[path]
            return 200, headers, content
        self.unknown.append(path)
        return 404, _TYPE, b""


@contextmanager
def shelf(catalogue: Catalogue) -> Iterator[Shelf]:
    """A server on a free port of this machine."""

    class Answers(BaseHTTPRequestHandler):
        # Connections stay open: each state asks for its page and for its files.
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, body = made.answer(urlsplit(self.path).path)
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in _NOT_OURS:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        server.daemon_threads = True
        made = Shelf(f"http://127.0.0.1:{server.server_address[1]}", catalogue)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
