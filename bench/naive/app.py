"""The naive journey's pages. Its settings come from the environment: NAIVE_DATABASE, a file."""

from __future__ import annotations

import json
import os
import sqlite3
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, g, redirect, render_template, request, session, url_for
from flask_babel import Babel, format_date
from werkzeug.wrappers import Response

from bench.naive.forms import STEPS
from citizen_portal import resources
from citizen_portal.directory.municipality import load_directory


def make_app() -> Flask:
    """The naive journey, in Dutch and English."""
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "for the benchmark only"
    app.static_folder = str(resources.folder("static"))
    Babel(
        app,
        default_locale="nl",
        default_translation_directories=str(resources.folder("translations")),
        locale_selector=lambda: g.get("lang", "nl"),
    )
    municipalities = [(one.code, one.name) for one in load_directory(None, production=False, environ={}).all()]
    database = os.environ["NAIVE_DATABASE"]
    with _connected(database) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS registration (id TEXT PRIMARY KEY, answers TEXT NOT NULL)")

    @app.url_value_preprocessor
    def take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values and "lang" in values:
            g.lang = values["lang"]

    @app.get("/<lang>/")
    def start(lang: str) -> str:
        return render_template("start.html", lang=lang)

    @app.post("/<lang>/start")
    def begin(lang: str) -> Response:
        session.clear()
        session["began_for"] = request.form.get("gemeente", "")
        return redirect(url_for("step", lang=lang, name="for-whom"), 303)

    @app.route("/<lang>/d/<name>", methods=["GET", "POST"])
    def step(lang: str, name: str) -> Response | str:
        form_class, question, why = STEPS[name]
        form = form_class(data=session.get(name))
        if name == "municipality":
            form["municipality"].choices = municipalities
        if form.validate_on_submit():
            session[name] = {field: value for field, value in form.data.items() if field != "csrf_token"}
            names = _asked()
            following = names[names.index(name) + 1] if names.index(name) + 1 < len(names) else None
            return redirect(
                url_for("step", lang=lang, name=following) if following else url_for("check", lang=lang), 303
            )
        names = _asked()
        page = render_template(
            "step.html",
            lang=lang,
            form=form,
            question=question,
            why=why,
            number=names.index(name) + 1,
            total=len(names),
        )
        return Response(page, 422 if form.errors else 200, content_type="text/html; charset=utf-8")

    @app.route("/<lang>/d/check", methods=["GET", "POST"])
    def check(lang: str) -> Response | str:
        answers = {name: session.get(name, {}) for name in _asked()}
        if request.method == "POST":
            registration = str(uuid.uuid4())
            with _connected(database) as connection:
                connection.execute("INSERT INTO registration VALUES (?, ?)", (registration, json.dumps(answers)))
            session.clear()
            return redirect(url_for("status", lang=lang, registration=registration), 303)
        questions = {name: STEPS[name][1] for name in answers}
        return render_template("check.html", lang=lang, answers=answers, questions=questions, due=_due())

    @app.get("/<lang>/s/<registration>")
    def status(lang: str, registration: str) -> str:
        with _connected(database) as connection:
            connection.execute("SELECT answers FROM registration WHERE id = ?", (registration,)).fetchone()
        return render_template("status.html", lang=lang, reference=registration[:8], due=_due())

    return app


def _asked() -> list[str]:
    for_other = session.get("for-whom", {}).get("for_whom") == "other"
    return [name for name in STEPS if name != "helper" or for_other]


def _due() -> str:
    return str(format_date(datetime.now(UTC) + timedelta(weeks=4), "full"))


def _connected(database: str) -> sqlite3.Connection:
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection
