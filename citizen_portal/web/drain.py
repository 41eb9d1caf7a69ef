"""What is too large is read to its end, within limits, so that its sender can read our answer.

A server that answers and closes while a browser is still sending makes the browser show "connection reset" instead of
the page that says what to do.
"""

from __future__ import annotations

from time import monotonic

from flask import request

_MOST_BYTES = 32 * 1024 * 1024
_MOST_SECONDS = 5.0
_CHUNK = 64 * 1024


def drain_request() -> None:
    """Read and forget what is left of the request: at most 32 MB, and no new piece after 5 seconds."""
    stream = request.environ["wsgi.input"]
    left = min(request.content_length or _MOST_BYTES, _MOST_BYTES)
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
