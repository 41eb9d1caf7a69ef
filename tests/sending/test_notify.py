"""Notify, by its own client library against a server that checks what that sends."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from time import monotonic

import pytest

from citizen_portal.config.sending import Notify
from citizen_portal.intake.answer import ConnectionFault, MessageFault, NotSent, Received, Result, Temporary
from citizen_portal.intake.schedule import DAY
from citizen_portal.sending.model import Notice
from citizen_portal.sending.notify import NotifySender
from tests.fakes.notify_server import KEY, NotifyServer, Reply, refusal
from tests.sending.notices import BY_EMAIL, BY_SMS, NOTICE_ID

NEWS, NEWS_IN_ARABIC, LINK, SMS_NEWS = (f"{number}f0c1f5e-9d0a-4c57-8f0e-6a2b7c1d9e44" for number in range(4))
TEMPLATES = {
    ("email", "nl", "news"): NEWS,
    ("email", "ar", "news"): NEWS_IN_ARABIC,
    ("email", None, "link"): LINK,
    ("sms", None, "news"): SMS_NEWS,
}
LIMIT = 0.5


@pytest.fixture
def notify() -> Iterator[NotifyServer]:
    with NotifyServer() as server:
        yield server


@pytest.fixture
def sender(notify: NotifyServer) -> Iterator[NotifySender]:
    made = NotifySender(Notify(notify.url, KEY, TEMPLATES))
    yield made
    made.close()


def _send(sender: NotifySender, notice: Notice = BY_EMAIL) -> Result:
    return sender.send(NOTICE_ID, notice.to_bytes())


def test_an_email_goes_out_with_what_its_template_needs(notify: NotifyServer, sender: NotifySender) -> None:
    assert _send(sender) == Received(201)
    assert notify.taken == [
        (
            "/v2/notifications/email",
            {
                "email_address": "zoe@example.org",
                "template_id": NEWS,
                "personalisation": {
                    "subject": BY_EMAIL.subject,
                    "text": BY_EMAIL.text,
                    "link": BY_EMAIL.link,
                    "stop_link": BY_EMAIL.stop_link,
                },
                "reference": str(NOTICE_ID),
            },
        )
    ]


def test_an_sms_goes_to_the_number(notify: NotifyServer, sender: NotifySender) -> None:
    assert _send(sender, replace(BY_SMS, stop_link=None)) == Received(201)
    [(path, document)] = notify.taken
    assert path == "/v2/notifications/sms"
    assert (document["phone_number"], document["template_id"]) == ("+31612345678", SMS_NEWS)
    assert document["personalisation"]["stop_link"] == ""


@pytest.mark.parametrize(
    ("language", "kind", "template"),
    [("nl", "news", NEWS), ("ar", "news", NEWS_IN_ARABIC), ("ti", "news", NEWS), ("nl", "link", LINK)],
)
def test_the_template_is_the_languages_own_else_dutch_else_any(
    notify: NotifyServer, sender: NotifySender, language: str, kind: str, template: str
) -> None:
    _send(sender, replace(BY_EMAIL, language=language, kind=kind))
    assert notify.taken[0][1]["template_id"] == template


def test_without_a_template_nothing_goes_out_and_it_is_looked_at_again(
    notify: NotifyServer, sender: NotifySender
) -> None:
    assert _send(sender, replace(BY_SMS, kind="link")) == NotSent("no template for sms.link", recheck=DAY)
    assert notify.taken == []


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (refusal(400, "email_address Not a valid email address"), MessageFault("400 receiver", 400)),
        (refusal(400, "phone_number Too many digits"), MessageFault("400 receiver", 400)),
        (
            refusal(400, "Can't send to this recipient using a team-only API key", "BadRequestError"),
            MessageFault("400 receiver", 400),
        ),
        (refusal(400, "Template not found", "BadRequestError"), ConnectionFault("400 template or key", 400)),
        (refusal(400, "Missing personalisation: x", "BadRequestError"), ConnectionFault("400 template or key", 400)),
        (Reply(400, {"errors": []}), ConnectionFault("400 template or key", 400)),
        (Reply(400, b"what?"), ConnectionFault("400 template or key", 400)),
        (Reply(400, {"errors": ["x", {"message": None}]}), ConnectionFault("400 template or key", 400)),
        (Reply(400, ["x"]), ConnectionFault("400 template or key", 400)),
        (refusal(401, "Unauthorized", "AuthError"), ConnectionFault("401", 401)),
        (refusal(403, "Invalid token: service not found", "AuthError"), ConnectionFault("403", 403)),
        (refusal(404, "not found"), ConnectionFault("404", 404)),
        (refusal(429, "Exceeded rate limit", "RateLimitError"), Temporary("429", 429)),
        (refusal(500, "Internal server error", "Exception"), Temporary("500", 500)),
        (Reply(503, b"<html>"), Temporary("503", 503)),
        (Reply(200, {"id": "a proxy says"}), Temporary("200", 200)),
        (Reply(302, location="/elsewhere"), ConnectionFault("302", 302)),
        (Reply(307, location="/elsewhere"), ConnectionFault("307", 307)),
        (Reply(201, b"taken, and then broken off"), Received(201)),
    ],
)
def test_each_answer_has_its_class(notify: NotifyServer, sender: NotifySender, reply: Reply, answer: Result) -> None:
    notify.replies.append(reply)
    assert _send(sender) == answer
    assert _send(sender) == Received(201)


def test_an_answer_that_does_not_come_is_not_waited_for(notify: NotifyServer) -> None:
    notify.silent = True
    sender = NotifySender(Notify(notify.url, KEY, TEMPLATES), call_seconds=LIMIT)
    before = monotonic()
    assert _send(sender) == Temporary("time-out")
    assert monotonic() - before >= LIMIT
    sender.close()


def test_nobody_there_is_temporary_and_an_unknown_name_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for url, answer in (
        (f"http://127.0.0.1:{port}", Temporary("no connection")),
        ("https://notify.invalid", ConnectionFault("dns")),
    ):
        sender = NotifySender(Notify(url, KEY, TEMPLATES))
        assert _send(sender) == answer
        sender.close()


def test_no_proxy_or_netrc_is_used(notify: NotifyServer, sender: NotifySender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert _send(sender) == Received(201)


def test_each_thread_has_a_client_of_its_own(notify: NotifyServer, sender: NotifySender) -> None:
    together = Barrier(4)

    def send() -> list[Result]:
        together.wait()
        return [_send(sender) for _ in range(5)]

    with ThreadPoolExecutor(4) as pool:
        answers = [future.result() for future in [pool.submit(send) for _ in range(4)]]
    assert answers == [[Received(201)] * 5] * 4
    # The server has a thread for each connection: they were kept open between messages.
    assert len(notify.connections) == 4
