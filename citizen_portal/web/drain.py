"""What was sent and not read is read to its end, within limits, so that its sender can read our answer.

A server that answers and closes while a browser is still sending makes the browser show "connection reset" instead of
the page that says what to do; and what is left unread spoils the next request on the same connection.
"""

from __future__ import annotations

from time import monotonic

from flask import Flask, Response, request

_MOST_BYTES = 32 * 1024 * 1024
_MOST_SECONDS = 5.0
_CHUNK = 64 * 1024
_WITHOUT_BODY = {"GET", "HEAD", "OPTIONS"}


def drain_requests(app: Flask) -> None:
    """After every request that may have a body: read and forget what the view left of it.

    At most 32 MB, and no new piece after 5 seconds.
    """

    @app.after_request
    def drain(response: Response) -> Response:
        if request.method not in _WITHOUT_BODY:
            _drain()
        return response


def _drain() -> None:
    stream = request.environ["wsgi.input"]
    left = _MOST_BYTES
    ends = monotonic() + _MOST_SECONDS
    try:
        while left > 0 and monotonic() < ends:
            piece = stream.read(min(_CHUNK, left))
            if not piece:
                return
            left -= len(piece)
    except (OSError, ValueError):
        # The sender has gone: there is nobody to answer either.
        return
