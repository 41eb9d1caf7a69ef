"""Where the time of a form page goes: it is taken apart, and after each part the rest is measured again.

In one process, without a server, so that nothing but the code is compared. Of many short rounds the quietest counts.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from functools import partial
from pathlib import Path
from time import thread_time
from typing import Any, cast
from unittest.mock import patch

import structlog
from flask import Flask, Response
from werkzeug.test import EnvironBuilder

from bench.baseline import make_app
from bench.figures import Bars, Figure, Outcome
from bench.rounds import Scale
from citizen_portal.journey import drafts, views
from citizen_portal.storage import drafts as rows
from citizen_portal.storage.database import Database
from citizen_portal.web import logs
from tests.support.portal import make_portal
from tests.support.walk import begin

TITLE = "Where the time of a form page goes"

_ROUNDS_EACH = 12


def run(scale: Scale) -> Outcome:
    """CPU of the page of six fields as it is, then without one part after the other, down to a bare Flask route."""
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w") as log:
        logs.configure()
        structlog.configure(logger_factory=structlog.WriteLoggerFactory(log))
        portal = make_portal(Path(folder), environ={"PORTAL_LIMITS": "on"})
        walk = begin(portal, form={"for_whom": "other"}).to_step("helper", {"for-whom": {"for_whom": "other"}})
        page = partial(_shown, portal.app, walk.path)
        size = len(page())
        variants = _variants(portal.app, portal.database, walk.path, size)
        best = {name: float("inf") for name in ["the page", *variants, "bare Flask route"]}
        for _ in range(_ROUNDS_EACH * scale.rounds):
            with ExitStack() as without:
                best["the page"] = min(best["the page"], _seconds(page, scale))
                for name, take_out in variants.items():
                    for one in take_out:
                        without.enter_context(one())
                    best[name] = min(best[name], _seconds(page, scale))
            best["bare Flask route"] = min(best["bare Flask route"], _seconds(partial(_shown, make_app(), "/"), scale))
        portal.database.close()
    microseconds = {name: seconds * 1e6 for name, seconds in best.items()}
    figures = [Figure(name, value, "µs", None, "") for name, value in microseconds.items()]
    return Outcome(figures, [Bars("parts", "A form page, taken apart", "µs of CPU", microseconds)])


def _variants(app: Flask, database: Database, path: str, size: int) -> dict[str, list[Callable[[], Any]]]:
    """Each takes one more part out than the one before."""
    capability = path.split("/")[3]
    opened = drafts.open_draft(database, capability, now=app.extensions["citizen_portal"].clock())
    with database.reading() as connection:
        row = rows.load(connection, opened.keys.row_id, now=app.extensions["citizen_portal"].clock())
    hooks = app.after_request_funcs[None]
    quiet = [hook for hook in hooks if hook.__module__ != logs.__name__]
    return {
        "without its log line": [lambda: patch.dict(app.after_request_funcs, {None: quiet})],
        "and without headers and checks of the request": [
            lambda: patch.dict(app.after_request_funcs, {None: []}),
            lambda: patch.dict(app.before_request_funcs, {None: []}),
        ],
        "and without the form token": [lambda: patch.object(views, "token_for", lambda *_: "token")],
        "and without the database": [
            lambda: patch.object(rows, "load", lambda *_, **__: row),
            lambda: patch.object(Database, "reading", lambda _: nullcontext()),
        ],
        "and without keys and seal": [lambda: patch.object(views, "open_link", lambda _: opened)],
        "and without the template": [lambda: patch.object(views, "render", lambda *_, **__: Response("x" * size))],
    }


def _seconds(page: Callable[[], bytes], scale: Scale) -> float:
    number = max(2, scale.size // 50)
    page()
    before = thread_time()
    for _ in range(number):
        page()
    return (thread_time() - before) / number


def _shown(app: Flask, path: str) -> bytes:
    environ = {**_ENVIRON, "PATH_INFO": path, "wsgi.input": io.BytesIO()}
    body = app.wsgi_app(environ, _start_response)
    shown = b"".join(body)
    cast("Any", body).close()
    return shown


def _start_response(status: str, _headers: object, _exc_info: object = None) -> Callable[[bytes], object]:
    assert status.startswith("200"), status
    return lambda _written: None


_ENVIRON = EnvironBuilder(base_url="http://127.0.0.1:8000", headers=[("Accept", "text/html")]).get_environ()
