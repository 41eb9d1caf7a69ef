"""A browser crowd in one thread: some connections that each ask again as soon as they have their answer."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

_PIECE = 256 * 1024
_PATIENCE_SECONDS = 10.0


class LoadFailed(Exception):
    """An answer did not come, or was not what it had to be: the figures would mean nothing."""


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    asked_at: float = 0.0
    received: bytearray = field(default_factory=bytearray)


def request(path: str, *, accept_gzip: bool = False) -> bytes:
    """A GET as a phone's browser sends it."""
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "User-Agent: Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language: nl-NL,nl;q=0.9",
        "X-Forwarded-For: 192.0.2.7",
        *(["Accept-Encoding: gzip, deflate, br"] if accept_gzip else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def ask(port: int, asked: bytes, *, count: int, connections: int) -> list[float]:
    """Send `asked` `count` times over kept `connections`; the seconds that each answer took.

    Raises LoadFailed for any answer but 200, and when nothing comes for 10 seconds.
    """
    latencies: list[float] = []
    with selectors.DefaultSelector() as selector:
        crowd = [_Connection(socket.create_connection(("127.0.0.1", port))) for _ in range(connections)]
        try:
            for one in crowd:
                one.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(one.socket, selectors.EVENT_READ, one)
                _send(one, asked)
            left = count - connections
            while len(latencies) < count:
                ready = selector.select(_PATIENCE_SECONDS)
                if not ready:
                    raise LoadFailed("no answer")
                for key, _ in ready:
                    one = key.data
                    if not _whole_answer(one):
                        continue
                    latencies.append(perf_counter() - one.asked_at)
                    if left > 0:
                        left -= 1
                        _send(one, asked)
        finally:
            for one in crowd:
                one.socket.close()
    return latencies


def percentile(values: Sequence[float], part: float) -> float:
    """The value that `part` of `values` do not exceed: `percentile(latencies, 0.99)`."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def _send(one: _Connection, asked: bytes) -> None:
    one.received.clear()
    one.asked_at = perf_counter()
    one.socket.sendall(asked)


def _whole_answer(one: _Connection) -> bool:
    piece = one.socket.recv(_PIECE)
    if not piece:
        raise LoadFailed("the server hung up")
    one.received += piece
    head, end, body = one.received.partition(b"\r\n\r\n")
    if not end:
        return False
    if not head.startswith(b"HTTP/1.1 200"):
        raise LoadFailed(head.split(b"\r\n", 1)[0].decode())
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return len(body) >= int(length.partition(b":")[2])
