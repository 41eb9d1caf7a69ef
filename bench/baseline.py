"""The least that a page can cost with Flask: one route, a short constant text."""

from __future__ import annotations

from flask import Flask


def make_app() -> Flask:
    """What every page is compared with."""
    app = Flask("bare")

    @app.get("/")
    def bare() -> str:
        return "ok"

    return app
