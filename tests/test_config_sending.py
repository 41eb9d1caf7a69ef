"""Settings of messages to residents: what is understood, and what an operator is told about the rest."""

from __future__ import annotations

from uuid import UUID

import pytest

from citizen_portal import config
from citizen_portal.config import Settings, SettingsError
from citizen_portal.config.sending import Mailbox, MailServer, Notify, mail_server, mailbox, templates

SECRET = "a secret of at least thirty-two characters"
ONE, TWO = "0b6c6f3e-6a1c-4c58-9a8d-0f5d3c1e7a42", "3f0c1f5e-9d0a-4c57-8f0e-6a2b7c1d9e44"
NOTIFY = {
    "PORTAL_NOTIFY_URL": "https://api.notifynl.nl/",
    "PORTAL_NOTIFY_KEY": f"sleutel-{ONE}-{TWO}",
    "PORTAL_NOTIFY_TEMPLATES": f"email.nl.news={ONE}, email.en.news={TWO}, email.link={ONE.upper()}",
}


def _load(**environ: str) -> Settings:
    return config.load({"PORTAL_SECRET_KEYS": SECRET, **environ})


def _mistakes(**environ: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        _load(**environ)
    return caught.value.mistakes


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("smtp://portal:geheim@mail.example.nl", MailServer("mail.example.nl", 587, "starttls", "portal", "geheim")),
        ("smtp://mail.example.nl:25/", MailServer("mail.example.nl", 25, "starttls")),
        ("smtps://p%40x:a%2Fb%3A@mail.example.nl", MailServer("mail.example.nl", 465, "implicit", "p@x", "a/b:")),
        ("smtp://127.0.0.1:2525", MailServer("127.0.0.1", 2525, "none")),
        ("smtp://[::1]:2525", MailServer("::1", 2525, "none")),
        ("smtps://localhost", MailServer("localhost", 465, "implicit")),
    ],
)
def test_a_mail_server_is_spoken_to_by_tls_except_on_this_machine(text: str, server: MailServer) -> None:
    assert mail_server(text) == server


@pytest.mark.parametrize(
    "text",
    [
        "mail.example.nl",
        "http://mail.example.nl",
        "smtp://",
        "smtp://mail.example.nl:99999",
        "smtp://mail.example.nl/queue",
        "smtp://mail.example.nl?tls=off",
        "smtp://portal@mail.example.nl",
        "smtp://portal:geh%C3%A9im@mail.example.nl",
        "smtp://[::1",
    ],
)
def test_what_is_no_mail_server_is_told_without_its_password(text: str) -> None:
    [told] = _mistakes(PORTAL_SMTP_URL=text, PORTAL_MAIL_FROM="a@example.nl")
    assert told.startswith("PORTAL_SMTP_URL: ")
    assert "geh" not in told


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("no-reply@example.nl", Mailbox("", "no-reply@example.nl")),
        ("Pauzeknop <no-reply@example.nl>", Mailbox("Pauzeknop", "no-reply@example.nl")),
        ('"Pauzeknop, gemeente" <a@bücher.nl>', Mailbox("Pauzeknop, gemeente", "a@xn--bcher-kva.nl")),
    ],
)
def test_a_sender_may_have_a_name(text: str, sender: Mailbox) -> None:
    assert mailbox(text) == sender


@pytest.mark.parametrize("text", ["Pauzeknop", "@example.nl", "a@b", "a@example.nl\r\nBcc: b@example.nl", "<>"])
def test_what_is_no_sender_is_told(text: str) -> None:
    [told] = _mistakes(PORTAL_SMTP_URL="smtp://127.0.0.1", PORTAL_MAIL_FROM=text)
    assert told.startswith("PORTAL_MAIL_FROM: ")


def test_templates_are_for_a_way_a_language_and_a_kind() -> None:
    settings = _load(**NOTIFY, PORTAL_NOTIFY_CALLBACK_TOKEN="t" * 32)
    notify = settings.sending.notify
    assert notify
    assert notify.url == "https://api.notifynl.nl"
    assert [notify.template("email", language, "news") for language in ("nl", "en", "ti")] == [ONE, TWO, ONE]
    assert notify.template("email", "ti", "link") == str(UUID(ONE))
    assert notify.template("sms", "nl", "news") is None
    assert settings.ways_of_sending == ("email",)
    assert settings.sending.callback_token == "t" * 32


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"mail.nl.news={ONE}", "mail.nl.news is not a way"),
        (f"email.nl.nieuws={ONE}", "email.nl.nieuws is not a way"),
        (f"email={ONE}", "email is not a way"),
        (f"email.nl.be.news={ONE}", "email.nl.be.news is not a way"),
        (f"email.tlh.news={ONE}", "tlh is not one of the portal's languages"),
        ("email.nl.news=7", "not followed by = and the UUID"),
        ("email.nl.news", "not followed by = and the UUID"),
        (f"email.news={ONE},email.news={TWO}", "email.news is there twice"),
        (f"sms.news={ONE}", "for sms there is no sms.nl.link or sms.link"),
        (f"sms.ar.news={ONE},sms.link={ONE}", "for sms there is no sms.nl.news or sms.news"),
    ],
)
def test_templates_that_cannot_be_are_told(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        templates(text, ("nl", "ar"))


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"PORTAL_SMTP_URL": "smtp://127.0.0.1"}, "PORTAL_MAIL_FROM: missing, because PORTAL_SMTP_URL is set"),
        ({"PORTAL_MAIL_FROM": "a@example.nl"}, "PORTAL_SMTP_URL: missing, because PORTAL_MAIL_FROM is set"),
        (
            {"PORTAL_NOTIFY_KEY": NOTIFY["PORTAL_NOTIFY_KEY"]},
            "PORTAL_NOTIFY_URL, PORTAL_NOTIFY_TEMPLATES: missing, because PORTAL_NOTIFY_KEY is set",
        ),
        ({**NOTIFY, "PORTAL_NOTIFY_KEY": f"{ONE}"}, "PORTAL_NOTIFY_KEY: not a key of Notify"),
        ({**NOTIFY, "PORTAL_NOTIFY_URL": "http://api.notifynl.nl"}, "PORTAL_NOTIFY_URL: must be https"),
        ({**NOTIFY, "PORTAL_NOTIFY_URL": "https://api.notifynl.nl/v2"}, "PORTAL_NOTIFY_URL: give scheme and host"),
        ({"PORTAL_NOTIFY_CALLBACK_TOKEN": "short"}, "PORTAL_NOTIFY_CALLBACK_TOKEN: choose at least 32"),
        ({"PORTAL_NOTIFY_CALLBACK_TOKEN": "é" * 40}, "PORTAL_NOTIFY_CALLBACK_TOKEN: choose at least 32"),
    ],
)
def test_parts_that_need_each_other_are_asked_for(environ: dict[str, str], told: str) -> None:
    [mistake] = _mistakes(**environ)
    assert mistake.startswith(told)


def test_no_secret_is_in_what_is_printed() -> None:
    assert "geheim" not in repr(mail_server("smtp://portal:geheim@mail.example.nl"))
    assert TWO not in repr(Notify("https://api.notifynl.nl", NOTIFY["PORTAL_NOTIFY_KEY"], {}))
    settings = _load(**NOTIFY, PORTAL_NOTIFY_CALLBACK_TOKEN="t" * 32)
    assert "t" * 32 not in repr(settings.sending)
