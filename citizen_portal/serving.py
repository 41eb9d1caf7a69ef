"""The web server: granian, with the application made anew in each of its worker processes."""

from __future__ import annotations

import os

from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from citizen_portal import config
from citizen_portal.app import create_app
from citizen_portal.directory.municipality import load_directory
from citizen_portal.web import logs

_THREADS = 4
_WAITING_CONNECTIONS = 128


def serve(host: str, port: int, workers: int) -> int:
    """Serve until stopped. Settings were checked before; a worker that dies is started again."""
    Granian(
        "citizen_portal.serving:make_app",
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
    ).serve()
    return 0


def make_app() -> Flask:
    """The application of one worker process, from the environment."""
    logs.configure()
    settings = config.load()
    directory = load_directory(settings.municipalities_file, production=settings.production, environ=os.environ)
    return create_app(settings, directory)
