"""WebDriver BiDi, the W3C's protocol that Firefox speaks by itself: commands and answers over one WebSocket."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from websocket import WebSocket, WebSocketException, create_connection

from tests.engines.engine import LIMIT_SECONDS, EngineFault


@dataclass
class Connection:
    """Sends one command at a time. `events` is what the browser told meanwhile, as (name, content)."""

    socket: WebSocket
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _count: int = 0

    def call(self, command: str, **params: object) -> dict[str, Any]:
        """What the browser answers. Raises EngineFault when it refuses, and when it takes longer than the limit."""
        self._count += 1
        try:
            self.socket.send(json.dumps({"id": self._count, "method": command, "params": params}))
            while (told := json.loads(self.socket.recv())).get("id") != self._count:
                if told.get("type") == "event":
                    self.events.append((told["method"], told["params"]))
        except (WebSocketException, OSError, ValueError) as error:
            raise EngineFault(f"{command}: {type(error).__name__} {error}") from error
        if told["type"] != "success":
            raise EngineFault(f"{command}: {told['error']}: {told['message']}")
        answer: dict[str, Any] = told["result"]
        return answer

    def close(self) -> None:
        """Hang up. The browser goes on."""
        self.socket.close()


def connect(address: str) -> Connection:
    """A new session of the browser that listens at this address (`ws://127.0.0.1:...`)."""
    connection = Connection(create_connection(f"{address}/session", timeout=LIMIT_SECONDS, suppress_origin=True))
    connection.call("session.new", capabilities={})
    return connection


def given_of(answer: Mapping[str, Any]) -> Any:
    """What a function gave that answered in JSON. Raises EngineFault with what the function raised."""
    if answer["type"] != "success":
        raise EngineFault(str(answer["exceptionDetails"]["text"]))
    result = answer["result"]
    return json.loads(result["value"]) if result["type"] == "string" else None
