"""The web server: granian, with the application made anew in each of its worker processes."""

from __future__ import annotations

import os
from typing import Any

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.server.common import AbstractServer

from citizen_portal import config
from citizen_portal.app import create_app
from citizen_portal.directory.municipality import load_directory
from citizen_portal.web import logs

_THREADS = 4
_WAITING_CONNECTIONS = 128


def serve(host: str, port: int, workers: int) -> int:
    """Serve until stopped. Settings were checked before; a worker that dies is started again."""
    server("citizen_portal.serving:make_app", host=host, port=port, workers=workers).serve()
    return 0


def server(factory: str, *, host: str = "127.0.0.1", port: int, workers: int = 1) -> AbstractServer[Any]:
    """The server around the application that `factory` ("module:function") makes. The benchmarks' baselines too."""
    return Granian(
        factory,
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_THREADS,
        backpressure=_WAITING_CONNECTIONS,
        respawn_failed_workers=True,
        # Its access log would hold paths, and paths hold capabilities.
        log_access=False,
        log_enabled=False,
    )


def make_app() -> Flask:
    """The application of one worker process, from the environment."""
    logs.configure()
    settings = config.load()
    directory = load_directory(settings.municipalities_file, production=settings.production, environ=os.environ)
    return create_app(settings, directory)
