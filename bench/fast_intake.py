"""A municipality's intake that costs next to nothing, in a process of its own: `python -m bench.fast_intake PORT MS`.

It answers each message after so many milliseconds. `GET /` tells how many came since the last `DELETE /`, and in how
many seconds from the first to the last.
"""

from __future__ import annotations

import asyncio
import sys
from time import perf_counter

_NAME = b'"aanmeldingId":"'
_UUID = 36


class _Log:
    count = 0
    first = last = 0.0

    def note(self) -> None:
        self.last = perf_counter()
        if not self.count:
            self.first = self.last
        self.count += 1

    def told(self) -> bytes:
        return b"%d %.6f" % (self.count, self.last - self.first)


class _Intake(asyncio.Protocol):
    def __init__(self, log: _Log, seconds: float) -> None:
        self._log, self._seconds, self._received = log, seconds, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            return
        if not head.startswith(b"POST"):
            self._received = b""
            if head.startswith(b"DELETE"):
                self._log.count = 0
            self._answer(b"200 OK", self._log.told())
            return
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        if len(body) < int(length[15:]):
            return
        self._received = b""
        at = body.index(_NAME) + len(_NAME)
        said = b'{"aanmeldingId":"%s","ontvangstnummer":"Z-1"}' % body[at : at + _UUID]
        if self._seconds:
            asyncio.get_running_loop().call_later(self._seconds, self._answer, b"201 Created", said)
        else:
            self._answer(b"201 Created", said)

    def _answer(self, status: bytes, said: bytes) -> None:
        if status.startswith(b"201"):
            self._log.note()
        head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(said))
        self._transport.write(head + said)


async def _serve(port: int, seconds: float) -> None:
    log = _Log()
    server = await asyncio.get_running_loop().create_server(lambda: _Intake(log, seconds), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2]) / 1000))
