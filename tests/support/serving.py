"""A WSGI application on a port of this machine, for what has to be reached by real HTTP."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any

from werkzeug.serving import make_server
from werkzeug.wsgi import LimitedStream

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Its address, while it is served."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)

    def whole(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # This server gives the bare connection as the body; those of production give one that ends.
        environ["wsgi.input"] = LimitedStream(environ["wsgi.input"], int(environ.get("CONTENT_LENGTH") or 0))
        answer: Iterable[bytes] = app(environ, start_response)
        return answer

    server = make_server("127.0.0.1", 0, whole, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
