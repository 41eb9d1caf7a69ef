"""Logs: events with fields, one JSON object a line, and never a personal word.

A path may hold a capability, an exception's message may hold an answer. So requests are logged by the name of their
route, and exceptions by class and place.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from pathlib import Path
from time import perf_counter

import structlog
from flask import Flask, Response, g, request


def configure() -> None:
    """Send events to standard error as JSON. Libraries' own logs come along from level WARNING, without tracebacks."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=_to_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # One write for a line: `print` makes two, and between them another process may write its own.
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_NoMessages()], force=True)


# Made once: `json.dumps` makes an encoder for every line.
_ENCODER = json.JSONEncoder(default=repr)


def _to_json(event: object, **_options: object) -> str:
    return _ENCODER.encode(event)


class _NoMessages(logging.Handler):
    """What libraries log may quote what they were given: only who logged, how bad, and where, is kept."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().warning(
            "library.log", logger=record.name, severity=record.levelname, place=f"{record.module}:{record.lineno}"
        )


def exception_fields(error: BaseException) -> dict[str, object]:
    """What may be logged of an exception: its class and the places it went through. Never its message."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "places": places[-8:]}


def log_requests(app: Flask) -> None:
    """An event for each request: route, method, status and time; no path, no query, no address."""
    log = structlog.get_logger()

    @app.before_request
    def begin() -> None:
        g.began = perf_counter()

    @app.after_request
    def done(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        if not route.startswith("/static/"):
            took = round((perf_counter() - g.get("began", perf_counter())) * 1000, 1)
            log.info("request.done", method=_method(), route=route, status=response.status_code, ms=took)
        return response


def _method() -> str:
    known = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
    return request.method if request.method in known else "other"
