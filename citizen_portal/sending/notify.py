"""E-mail and SMS by a service that speaks the API of GOV.UK Notify: that one, or NotifyNL."""

from __future__ import annotations

import ssl
import threading
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from uuid import UUID

import requests
from notifications_python_client.errors import APIError, HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from citizen_portal.config.sending import Notify
from citizen_portal.intake.answer import ConnectionFault, MessageFault, NotSent, Received, Result, Temporary
from citizen_portal.intake.channels.punctual import PunctualAdapter, time_limit, tls_context
from citizen_portal.intake.channels.rest import CALL_SECONDS, failure
from citizen_portal.intake.schedule import DAY
from citizen_portal.sending.model import Notice

_CREATED, _BAD_REQUEST, _CLIENT = 201, 400, 4
_TEMPORARY = {408, 409, 425, 429}
# How the messages of a 400 begin that are about this one receiver. All others are about our template or our key.
_ABOUT_RECEIVER = ("email_address ", "phone_number ", "Can't send to this recipient", "Cannot send to international")


class NotifySender:
    """Hands messages to the service. Its client is not for several threads: each has one of its own."""

    def __init__(self, notify: Notify, *, call_seconds: float = CALL_SECONDS) -> None:
        self._notify = notify
        self._call_seconds = call_seconds
        self._tls = tls_context()
        self._of_thread = threading.local()
        self._clients: list[NotificationsAPIClient] = []

    def send(self, notice_id: UUID, body: bytes) -> Result:
        """Hand in one message, with `notice_id` as its reference, no later than `call_seconds` from now.

        Only what the service says about this receiver is the message's fault. Nothing of its words is kept.
        """
        notice = Notice.from_bytes(body)
        template = self._notify.template(notice.way, notice.language, notice.kind)
        if template is None:
            return NotSent(f"no template for {notice.way}.{notice.kind}", recheck=DAY)
        personalisation = {
            "subject": notice.subject,
            "text": notice.text,
            "link": notice.link,
            "stop_link": notice.stop_link or "",
        }
        client = self._client()
        try:
            with time_limit(self._call_seconds):
                if notice.way == "email":
                    client.send_email_notification(notice.to, template, personalisation, reference=str(notice_id))
                else:
                    client.send_sms_notification(notice.to, template, personalisation, reference=str(notice_id))
        except APIError as error:
            return _answer(error)
        except (requests.RequestException, OSError, ValueError) as error:
            return failure(error)
        return Received(_CREATED)

    def close(self) -> None:
        """Close the connections of all threads; none of them may be sending."""
        while self._clients:
            self._clients.pop().request_session.close()
        self._of_thread = threading.local()

    def _client(self) -> NotificationsAPIClient:
        client: NotificationsAPIClient | None = getattr(self._of_thread, "client", None)
        if client is None:
            client = NotificationsAPIClient(self._notify.key, base_url=self._notify.url, timeout=self._call_seconds)
            client.request_session = _Session(self._tls)
            self._of_thread.client = client
            self._clients.append(client)
        return client


class _Session(requests.Session):
    """Punctual, without proxies and cookies; only 201 is a success, and no redirect is followed."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        super().__init__()
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        # A compressed answer could be of any size.
        self.headers["Accept-Encoding"] = "identity"
        self.mount("https://", PunctualAdapter(tls))
        self.mount("http://", PunctualAdapter(tls))

    def request(self, *args: Any, **named: Any) -> requests.Response:
        """The answer. Raises HTTPError for what is neither a success nor an error that the client knows."""
        response = super().request(*args, **{**named, "allow_redirects": False})
        if response.status_code < requests.codes.bad_request and response.status_code != _CREATED:
            raise requests.HTTPError(response=response)
        return response


def _answer(error: APIError) -> Result:
    if error.response is None:
        return failure(error)
    status = error.response.status_code
    if status == _CREATED:
        # Taken; what it said beside that could not be read.
        return Received(status)
    if status == _BAD_REQUEST and isinstance(error, HTTPError):
        if _is_about_receiver(error):
            return MessageFault("400 receiver", status)
        return ConnectionFault("400 template or key", status)
    if status // 100 in {_CLIENT, 3} and status not in _TEMPORARY:
        return ConnectionFault(str(status), status)
    return Temporary(str(status), status)


def _is_about_receiver(error: HTTPError) -> bool:
    """Whether all that the service names is about the receiver (`errors[].message` of its answer)."""
    said = error.message
    messages = [one.get("message") for one in said if isinstance(one, dict)] if isinstance(said, list) else []
    return bool(messages) and all(isinstance(one, str) and one.startswith(_ABOUT_RECEIVER) for one in messages)
