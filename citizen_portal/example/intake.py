"""The intake of an example municipality: what a supplier reads to build a real one.

It keeps to contract/intake.md in both directions: registrations come in, signed events go back. The buttons stand in
page.py. A real intake adds a login, and a queue that sends again by itself what the portal did not take.
"""

from __future__ import annotations

import hmac
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import UUID

import requests
from flask import Blueprint, Flask, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from standardwebhooks import Webhook
from werkzeug.exceptions import HTTPException

from citizen_portal import resources
from citizen_portal.clock import Clock, now, utc_text
from citizen_portal.example.page import page_of

# One table for all that comes in and goes out. A message has an id of its own and is about a registration (subject).
# A repeat has the same kind and id, so the database itself sees to it that each is kept once.
TABLE = """CREATE TABLE IF NOT EXISTS messages (number INTEGER PRIMARY KEY, kind TEXT, id TEXT, subject TEXT, body BLOB,
    kept_at TEXT, code INTEGER, detail TEXT, receipt TEXT AS (printf('Z-%s-%05d', substr(kept_at, 1, 4), number)),
    UNIQUE (kind, id))"""
INDEX = "CREATE INDEX IF NOT EXISTS messages_by_subject ON messages (subject)"
# Only what this program cannot do without is asked for, and unknown fields are left alone: later versions still arrive.
REQUIRED = "kenmerk ingediendOp inwoner.voornaam inwoner.achternaam inwoner.contact hulpvraag.uiterlijkGesprekOp"
ADDITIONS = {"aanvullingen": "aanvullingId", "intrekking": "intrekkingId"}


@dataclass(frozen=True, slots=True, repr=False)
class Intake:
    """What one municipality keeps, and what it agreed with the portal. No `repr`: it would show two secrets."""

    database: Path
    token: str
    webhook_secret: str
    portal_url: str
    municipality_code: str
    clock: Clock
    neighbours: Mapping[str, Path]

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A transaction that has the write lock from its start: kept as a whole when the block ends, or not at all."""
        connection = sqlite3.connect(self.database, timeout=5, isolation_level=None)
        connection.row_factory = sqlite3.Row
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        finally:
            connection.close()

    def keep(self, db: sqlite3.Connection, kind: str, message_id: str, subject: str, body: bytes) -> bool:
        """Keep a message, and say whether it is new. Of a repeat the first one counts."""
        values = (kind, message_id, subject, body, utc_text(self.clock()))
        insert = "INSERT OR IGNORE INTO messages (kind, id, subject, body, kept_at) VALUES (?, ?, ?, ?, ?)"
        return bool(db.execute(insert, values).rowcount)

    def newest(self, before: int, limit: int) -> list[list[dict[str, Any]]]:
        """The newest registrations with a number below `before`: of each, all that is kept about it, oldest first."""
        with self.transaction() as db:
            query = "SELECT id FROM messages WHERE kind = 'aanmelding' AND number < ? ORDER BY number DESC LIMIT ?"
            return [about(db, row["id"]) for row in db.execute(query, (before, limit)).fetchall()]

    def report(self, registration_id: str, event_id: str, data: dict[str, Any]) -> None:
        """Tell the portal `data`. It is kept before it is sent, so nothing is lost when the portal is away."""
        moment = utc_text(self.clock())
        with self.transaction() as db:
            registration = find(db, "aanmelding", registration_id)
            event = {
                "specversion": "1.0",
                "type": "nl.schuldhulpaanmeldingen.status-gewijzigd.v1",
                "source": f"urn:nld:gemeentecode:{self.municipality_code.removeprefix('GM')}:systeem:intake",
                "id": event_id,
                "time": moment,
                "subject": registration_id,
                # Counts per registration: it orders the headline when events overtake each other.
                "sequence": str(1 + sum(message["kind"] == "gebeurtenis" for message in about(db, registration_id))),
                "sequencetype": "Integer",
                "datacontenttype": "application/json",
                "data": {"ingegaanOp": moment, "ontvangstnummer": registration["receipt"], **data},
            }
            self.keep(db, "gebeurtenis", event_id, registration_id, json.dumps(event).encode())
        self.deliver(event_id)

    def deliver(self, event_id: str) -> None:
        """Send an event that is kept, the first time or again, and keep the portal's answer."""
        with self.transaction() as db:
            event = find(db, "gebeurtenis", event_id)
        code, detail = self.post(event_id, event["body"].decode())  # no transaction is open meanwhile
        with self.transaction() as db:
            update = "UPDATE messages SET code = ?, detail = ? WHERE number = ? AND code IS NOT 204"
            db.execute(update, (code, detail, event["number"]))

    def pass_on(self, registration_id: str, code: str) -> None:
        """Pass a registration on to another municipality (Awb 2:3): here into its file, in real life by secure mail."""
        with self.transaction() as db:
            body = find(db, "aanmelding", registration_id)["body"]
        if code in self.neighbours:
            with replace(self, database=self.neighbours[code]).transaction() as db:
                self.keep(db, "aanmelding", registration_id, registration_id, body)

    def post(self, event_id: str, body: str) -> tuple[int | None, str]:
        """POST an event to the portal: its code and its explanation, or no code when no answer came."""
        moment = self.clock()
        headers = {
            "Content-Type": "application/cloudevents+json",
            "webhook-id": event_id,  # the same at every try: so the portal knows a repeat
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": Webhook(self.webhook_secret).sign(event_id, moment, body),  # good for 5 minutes
        }
        with requests.Session() as http:
            http.trust_env = False  # the demo's portal is on this machine: no proxy, no .netrc
            try:
                url = f"{self.portal_url}/api/v1/gebeurtenissen"
                answer = http.post(url, body.encode(), headers=headers, timeout=(3, 10), allow_redirects=False)
            except requests.RequestException:
                return None, ""
        try:
            problem = answer.json()
        except (ValueError, RecursionError):
            problem = None  # 204 and 202 have no body; a proxy's page is not JSON
        return answer.status_code, f"{field(problem, 'detail')} {field(problem, 'errors.detail')}".strip()[:500]


def find(db: sqlite3.Connection, kind: str, message_id: str, otherwise: int = HTTPStatus.NOT_FOUND) -> Any:
    """The message with this id; when it is not here, the request is answered with the code `otherwise`."""
    row = db.execute("SELECT * FROM messages WHERE kind = ? AND id = ?", (kind, message_id)).fetchone()
    return row or abort(otherwise, "Dit is hier niet bekend.")


def about(db: sqlite3.Connection, registration_id: str) -> list[dict[str, Any]]:
    """The registration and everything else that is kept about it, oldest first."""
    rows = db.execute("SELECT * FROM messages WHERE subject = ? ORDER BY number", (registration_id,))
    return [{**row, "body": json.loads(row["body"])} for row in rows]


def field(message: Any, path: str) -> str:
    """The text at `path` ("inwoner.adres.postcode"), "" when it is not there: nothing that is sent can break a page."""
    for name in path.split("."):
        if isinstance(message, list):
            message = [item.get(name) for item in message if isinstance(item, dict)]
        else:
            message = message.get(name) if isinstance(message, dict) else None
    return "" if message is None else ", ".join(map(str, message)) if isinstance(message, list) else str(message)


def received(id_name: str) -> tuple[str, bytes, Any]:
    """The id, the bytes and the content of the message in this request; 400, 413 or 422 when it is not one."""
    body = request.get_data()
    try:
        message = json.loads(body)
        json.dumps(message, ensure_ascii=False).encode()  # JSON can hold half a character, a page cannot
    except (ValueError, RecursionError):
        abort(400, "Dit bericht is geen JSON.")
    try:
        message_id = str(UUID(given := field(message, id_name)))
    except ValueError:
        abort(422, f"{id_name} ontbreekt of is geen UUID.")
    if request.headers.get("Idempotency-Key") != f'"{given}"':
        abort(400, f"Idempotency-Key moet {id_name} zijn, tussen aanhalingstekens.")
    return message_id, body, message


def api_of(intake: Intake) -> Blueprint:
    """What the portal calls."""
    api = Blueprint("api", __name__, url_prefix="/v1/aanmeldingen")

    @api.before_request
    def check_token() -> None:
        given, expected = request.headers.get("Authorization", ""), f"Bearer {intake.token}"
        if not hmac.compare_digest(given.encode(), expected.encode()):  # as slow for every wrong token
            abort(401, "Het token ontbreekt of klopt niet.")

    @api.post("")
    def receive_registration() -> ResponseReturnValue:
        registration_id, body, message = received("aanmeldingId")
        if missing := [path for path in REQUIRED.split() if not field(message, path)]:
            abort(422, f"Dit ontbreekt: {', '.join(missing)}.")
        with intake.transaction() as db:
            new = intake.keep(db, "aanmelding", registration_id, registration_id, body)
            row = find(db, "aanmelding", registration_id)
        # Only after the commit: this answer promises that it is kept. A repeat gets the same number and time.
        answer = {"aanmeldingId": registration_id, "ontvangstnummer": row["receipt"], "ontvangenOp": row["kept_at"]}
        return answer, HTTPStatus.CREATED if new else HTTPStatus.OK

    @api.post("/<uuid:registration_id>/<any(aanvullingen, intrekking):kind>")
    def receive_addition(registration_id: UUID, kind: str) -> ResponseReturnValue:
        addition_id, body, _ = received(ADDITIONS[kind])
        with intake.transaction() as db:
            # Not 404: to the portal that means that our address is wrong, and it would hold every registration back.
            find(db, "aanmelding", str(registration_id), otherwise=HTTPStatus.UNPROCESSABLE_ENTITY)
            new = intake.keep(db, kind, addition_id, str(registration_id), body)
        return {ADDITIONS[kind]: addition_id}, HTTPStatus.CREATED if new else HTTPStatus.OK

    @api.get("/<uuid:registration_id>")
    def list_events(registration_id: UUID) -> ResponseReturnValue:
        with intake.transaction() as db:
            find(db, "aanmelding", str(registration_id))
            events = [message for message in about(db, str(registration_id)) if message["kind"] == "gebeurtenis"]
        # The portal catches up with this, so events that it could not take yet belong to it; refused ones do not.
        sent = [event["body"] for event in events if event["code"] != HTTPStatus.BAD_REQUEST]
        return {"aanmeldingId": str(registration_id), "gebeurtenissen": sent}

    return api


def create_intake(
    database: Path,
    *,
    token: str,
    webhook_secret: str,
    portal_url: str,
    municipality_code: str,
    clock: Clock = now,
    neighbours: Mapping[str, Path] = {},
) -> Flask:
    """The intake as a program. Everything it keeps is in the file `database`, which only its owner can read."""
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    database.touch(mode=0o600)
    intake = Intake(database, token, webhook_secret, portal_url.rstrip("/"), municipality_code, clock, neighbours)
    with intake.transaction() as db:
        db.execute(TABLE)
        db.execute(INDEX)
    app = Flask(__name__, template_folder=resources.folder("templates") / "example", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=64 * 1024, TRUSTED_HOSTS=["127.0.0.1", "localhost"])
    app.add_template_filter(field)
    app.register_blueprint(api_of(intake))
    app.register_blueprint(page_of(intake))

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> ResponseReturnValue:
        code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
        if not request.path.startswith("/v1/"):
            return render_template("mistake.html", error=error), code
        problem = jsonify(status=code, title=error.name, detail=error.description)
        problem.content_type = "application/problem+json"
        return problem, code, {"WWW-Authenticate": "Bearer"} if code == HTTPStatus.UNAUTHORIZED else {}

    return app
