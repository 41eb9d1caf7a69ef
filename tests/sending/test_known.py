"""Which way a message takes, by what the operator set up."""

from __future__ import annotations

from uuid import uuid4

import pytest

from citizen_portal import config
from citizen_portal.config import Settings
from citizen_portal.sending.known import senders
from citizen_portal.sending.notify import NotifySender
from citizen_portal.sending.smtp import SmtpSender
from tests.fakes.notify_server import KEY

SMTP = {"PORTAL_SMTP_URL": "smtp://127.0.0.1:2525", "PORTAL_MAIL_FROM": "Pauzeknop <no-reply@example.nl>"}


def _notify(*names: str) -> dict[str, str]:
    templates = ",".join(f"{name}={uuid4()}" for name in names)
    return {
        "PORTAL_NOTIFY_URL": "https://api.notifynl.nl",
        "PORTAL_NOTIFY_KEY": KEY,
        "PORTAL_NOTIFY_TEMPLATES": templates,
    }


def _settings(environ: dict[str, str]) -> Settings:
    return config.load({"PORTAL_SECRET_KEYS": "a secret of at least thirty-two characters", **environ})


BOTH = ("email.news", "email.link", "sms.news", "sms.nl.link")


@pytest.mark.parametrize(
    ("environ", "ways", "kinds"),
    [
        ({}, (), {}),
        (SMTP, ("email",), {"E-MAIL": SmtpSender}),
        (_notify(*BOTH[2:]), ("sms",), {"SMS": NotifySender}),
        (_notify(*BOTH), ("email", "sms"), {"E-MAIL": NotifySender, "SMS": NotifySender}),
        (SMTP | _notify(*BOTH), ("email", "sms"), {"E-MAIL": SmtpSender, "SMS": NotifySender}),
    ],
)
def test_each_way_that_is_offered_has_a_sender_and_no_other(
    environ: dict[str, str], ways: tuple[str, ...], kinds: dict[str, type]
) -> None:
    settings = _settings(environ)
    found = senders(settings)
    assert settings.ways_of_sending == ways
    assert {lane: type(sender) for lane, sender in found.items()} == kinds
    for sender in found.values():
        sender.close()
