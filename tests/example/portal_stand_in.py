"""A portal on loopback that takes events as the contract says: it checks the signature and the schema of each."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self

from jsonschema import Draft202012Validator
from standardwebhooks import Webhook, WebhookVerificationError

from citizen_portal import resources

SECRET = "whsec_" + "c2VjcmV0" * 5


def schema(name: str) -> dict[str, Any]:
    """A schema of the contract, as the package carries it."""
    path = next(resources.PACKAGE.rglob(f"{name}.schema.json"))
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


class PortalStandIn:
    """Use it in a `with`. `events` are those that it took; `deliveries` counts every call.

    `answer` is what it says to a good event; `detail` and `errors` are in the problem document of a refusal.
    """

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.deliveries = 0
        self.answer = 204
        self.detail = ""
        self.errors: object = []
        validator = Draft202012Validator(schema("event"), format_checker=Draft202012Validator.FORMAT_CHECKER)
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                stand_in.deliveries += 1
                code, detail = stand_in.answer, stand_in.detail
                try:
                    event = Webhook(SECRET).verify(body, dict(self.headers.items()))
                except WebhookVerificationError as error:
                    code, detail = 401, str(error)
                else:
                    mistakes = [error.message for error in validator.iter_errors(event)]
                    if self.path != "/api/v1/gebeurtenissen":
                        code, detail = 404, self.path
                    elif self.headers["Content-Type"] != "application/cloudevents+json":
                        code, detail = 415, self.headers["Content-Type"]
                    elif mistakes or event["id"] != self.headers["webhook-id"]:
                        code, detail = 400, "; ".join(mistakes)
                    else:
                        stand_in.events.append(event)
                said = {"status": code, "detail": detail, "errors": stand_in.errors}
                problem = b"" if code in {202, 204} else json.dumps(said).encode()
                self.send_response(code)
                if code != 204:
                    self.send_header("Content-Length", str(len(problem)))
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(problem)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self.close()

    def close(self) -> None:
        """Give the port back."""
        self._server.server_close()
