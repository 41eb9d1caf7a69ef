"""What residents receive, on this machine: takes messages as Notify does, shows them, and can say that one bounced.

So e-mail and SMS can be tried without any service outside. Messages are kept in memory only: they hold links.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

import requests
from flask import Flask, abort, redirect, render_template, request, send_from_directory
from flask.typing import ResponseReturnValue
from notifications_python_client.authentication import decode_jwt_token, get_token_issuer
from notifications_python_client.errors import TokenError

from citizen_portal import resources
from citizen_portal.clock import Clock, now, utc_text
from citizen_portal.example.page import HEADERS, dutch

_MOST = 200
_ADDRESSES = {"email": "email_address", "sms": "phone_number"}
_UUID_LENGTH = 36


@dataclass(slots=True)
class Message:
    """One message as it would arrive. `answer`: what the portal said to the receipt, if one was sent."""

    id: UUID
    way: str
    to: str
    subject: str
    text: str
    reference: str | None
    received_at: str
    answer: str = ""


def create_notify(*, key: str, callback_token: str, portal_url: str, clock: Clock = now) -> Flask:
    """The stand-in, as a program. `key` is the portal's; receipts go to `portal_url` with `callback_token`."""
    app = Flask(__name__, template_folder=resources.folder("templates") / "example", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=64 * 1024, TRUSTED_HOSTS=["127.0.0.1", "localhost"])
    app.add_template_filter(dutch)
    messages: deque[Message] = deque(maxlen=_MOST)

    @app.before_request
    def refuse_other_sites() -> None:
        if request.method == "POST" and request.headers.get("Origin") not in {None, f"http://{request.host}"}:
            abort(403, "Dit formulier komt van een andere site.")

    @app.post("/notifications/<any(email, sms):way>")
    def take(way: str) -> ResponseReturnValue:
        if not _is_signed(request.headers.get("Authorization", ""), key):
            return _refusal(HTTPStatus.FORBIDDEN, "AuthError", "Invalid token: API key not found")
        document = request.get_json(silent=True)
        message = _message(way, document, utc_text(clock())) if isinstance(document, dict) else None
        if message is None:
            name = _ADDRESSES[way]
            return _refusal(HTTPStatus.BAD_REQUEST, "ValidationError", f"{name} is a required property")
        messages.appendleft(message)
        content = {"subject": message.subject, "body": message.text}
        return {"id": str(message.id), "reference": message.reference, "content": content}, HTTPStatus.CREATED

    @app.get("/")
    def show() -> ResponseReturnValue:
        return render_template("messages.html", messages=list(messages))

    @app.post("/<uuid:message_id>/niet-aangekomen")
    def bounce(message_id: UUID) -> ResponseReturnValue:
        message = next((one for one in messages if one.id == message_id), None) or abort(404)
        message.answer = _send_receipt(message, portal_url, callback_token)
        return redirect(f"{request.script_root}/#m-{message_id}", HTTPStatus.SEE_OTHER)

    @app.get("/example.css")
    def stylesheet() -> ResponseReturnValue:
        return send_from_directory(resources.folder("static"), "example.css")

    @app.after_request
    def protect(response: Any) -> Any:
        response.headers.update(HEADERS)
        return response

    return app


def _is_signed(authorization: str, key: str) -> bool:
    """Whether this header is a token of Notify's own scheme, by this key, of now."""
    token, service, secret = authorization.removeprefix("Bearer "), key[: -_UUID_LENGTH - 1], key[-_UUID_LENGTH:]
    try:
        return service.endswith(get_token_issuer(token)) and decode_jwt_token(token, secret)
    except TokenError:
        return False


def _message(way: str, document: Mapping[str, Any], received_at: str) -> Message | None:
    to, said, reference = document.get(_ADDRESSES[way]), document.get("personalisation"), document.get("reference")
    if not isinstance(to, str) or not isinstance(said, dict):
        return None
    subject = str(said.get("subject", "")) if way == "email" else ""
    return Message(uuid4(), way, to, subject, str(said.get("text", "")), reference, received_at)


def _refusal(status: HTTPStatus, error: str, message: str) -> ResponseReturnValue:
    return {"status_code": status, "errors": [{"error": error, "message": message}]}, status


def _send_receipt(message: Message, portal_url: str, token: str) -> str:
    """Tell the portal that this message did not arrive; what it answered, in words."""
    receipt = {
        "id": str(message.id),
        "reference": message.reference,
        "to": message.to,
        "status": "permanent-failure",
        "created_at": message.received_at,
        "completed_at": message.received_at,
        "sent_at": message.received_at,
        "notification_type": message.way,
        "template_id": str(UUID(int=0)),
        "template_version": 1,
    }
    with requests.Session() as http:
        http.trust_env = False  # the demo's portal is on this machine: no proxy, no .netrc
        http.headers["Authorization"] = f"Bearer {token}"
        try:
            url = f"{portal_url}/api/v1/notify-bonnen"
            status = http.post(url, json=receipt, timeout=(3, 10), allow_redirects=False).status_code
        except requests.RequestException:
            return "Het portaal is niet bereikbaar."
    if status == HTTPStatus.NO_CONTENT:
        return "Gemeld: dit bericht kwam niet aan."
    return f"Het portaal antwoordde {status}."
