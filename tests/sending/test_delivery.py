"""Messages to residents from the outbox to a mail server and to Notify, by the worker that delivers everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

from citizen_portal.config.sending import Mailbox, Notify, Templates
from citizen_portal.config.sending import MailServer as Server
from citizen_portal.directory.municipality import Directory
from citizen_portal.intake.channels import Sender
from citizen_portal.intake.worker import Worker
from citizen_portal.sealing import KeyRing
from citizen_portal.sending.notify import NotifySender
from citizen_portal.sending.smtp import SmtpSender
from citizen_portal.storage import intake_waits, message_choices, outbox, outbox_entries
from citizen_portal.storage.database import Database
from citizen_portal.storage.message_choices import MessageChoice
from tests.fakes.mail_server import MailServer
from tests.fakes.notify_server import KEY, NotifyServer, refusal
from tests.support.deliveries import another_registration, keys, press
from tests.support.lanes import NOTICE, notice
from tests.support.portal import SetClock

__all__ = ["keys"]

BY_SMS = replace(NOTICE, way="sms", to="+31612345678")
TEMPLATES: Templates = {("sms", None, "news"): "3f0c1f5e-9d0a-4c57-8f0e-6a2b7c1d9e44"}


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def notify() -> Iterator[NotifyServer]:
    with NotifyServer() as server:
        yield server


class _Scene:
    """A registration of somebody who chose messages, and a worker whose way they take."""

    def __init__(self, database: Database, keys: KeyRing, senders: dict[str, Sender]) -> None:
        self.database, self.keys, self.clock = database, keys, SetClock()
        self.worker = Worker(
            database, keys, Directory([]), senders=senders, clock=self.clock, jitter=lambda: 0.5, threads=2
        )
        self.registration = another_registration()
        press(database, keys, self.registration)
        self.choose()

    def choose(self) -> None:
        sealed = self.keys.seal_body(b"zoe@example.org", b"")
        choice = MessageChoice(self.registration.id, "email", "nl", sealed, self.clock())
        with self.database.writing() as connection:
            message_choices.choose(connection, choice)

    def failed(self) -> bool:
        with self.database.reading() as connection:
            choice = message_choices.get(connection, self.registration.id)
        return choice is not None and choice.failed_at == self.clock()

    def states(self) -> dict[str, tuple[str, str | None]]:
        """Of what goes to residents, by lane: what it is, and why."""
        with self.database.reading() as connection:
            found = [one for one in outbox_entries.undelivered(connection) if one.kind == outbox.NOTICE]
        return {one.municipality_code: (one.state, one.reason) for one in found}


@pytest.fixture
def scene(database: Database, keys: KeyRing, mail_server: MailServer, notify: NotifyServer) -> _Scene:
    by_mail = SmtpSender(
        Server("127.0.0.1", mail_server.port, "none"),
        Mailbox("", "no-reply@pauzeknop.example"),
        own_name="pauzeknop.example",
    )
    by_notify = NotifySender(Notify(notify.url, KEY, TEMPLATES))
    return _Scene(database, keys, {outbox.EMAIL_LANE: by_mail, outbox.SMS_LANE: by_notify})


def test_each_goes_its_way_and_its_content_is_erased(
    scene: _Scene, mail_server: MailServer, notify: NotifyServer
) -> None:
    email_id = notice(scene.database, scene.keys, scene.registration.id)
    sms_id = notice(scene.database, scene.keys, scene.registration.id, BY_SMS)
    assert scene.worker.run_once() == 2
    [mail], [(path, sms)] = mail_server.mails, notify.taken
    assert mail.message["Message-ID"] == f"<{email_id}@pauzeknop.example>"
    assert (path, sms["reference"]) == ("/v2/notifications/sms", str(sms_id))
    assert scene.states() == {}
    with scene.database.reading() as connection:
        left = [sealed.id for sealed in outbox_entries.sealed_keys(connection, after=None, limit=10)]
    assert not {email_id, sms_id} & set(left)


def test_an_address_that_is_refused_is_parked_and_noted_with_the_choice(scene: _Scene, mail_server: MailServer) -> None:
    mail_server.will_reply("RCPT", "550 5.1.1 no such user")
    notice(scene.database, scene.keys, scene.registration.id)
    with structlog.testing.capture_logs() as logged:
        assert scene.worker.run_once() == 0
    assert scene.states() == {"E-MAIL": ("parked", "550")}
    assert scene.failed()
    [line] = [one for one in logged if one["event"] == "delivery.refused"]
    assert (line["way"], line["status"], line["log_level"]) == ("E-MAIL", 550, "warning")
    assert "zoe" not in repr(logged)


def test_a_refusal_says_nothing_of_an_address_that_was_chosen_since(scene: _Scene, mail_server: MailServer) -> None:
    notice(scene.database, scene.keys, scene.registration.id)
    scene.clock.pass_by(minutes=1)
    scene.choose()
    mail_server.will_reply("RCPT", "550 5.1.1 no such user")
    scene.worker.run_once()
    assert not scene.failed()


def test_a_number_that_notify_refuses_is_noted_too(scene: _Scene, notify: NotifyServer) -> None:
    notify.replies.append(refusal(400, "phone_number Not enough digits"))
    notice(scene.database, scene.keys, scene.registration.id, BY_SMS)
    scene.worker.run_once()
    assert scene.states() == {"SMS": ("parked", "400 receiver")}
    assert scene.failed()


def test_what_comes_later_goes_out_later_and_is_nobodys_failure(scene: _Scene, mail_server: MailServer) -> None:
    mail_server.will_reply("RCPT", "451 4.7.1 greylisted")
    notice(scene.database, scene.keys, scene.registration.id)
    assert scene.worker.run_once() == 0
    assert scene.states() == {"E-MAIL": ("waiting", "451")}
    assert not scene.failed()
    scene.clock.pass_by(seconds=15)
    assert scene.worker.run_once() == 1


def test_a_mail_server_that_lets_nobody_in_makes_e_mail_wait_as_a_whole_and_nothing_else(
    scene: _Scene, mail_server: MailServer, notify: NotifyServer
) -> None:
    mail_server.will_reply("MAIL", "550 5.7.1 not you")
    notice(scene.database, scene.keys, scene.registration.id)
    notice(scene.database, scene.keys, scene.registration.id, BY_SMS)
    with structlog.testing.capture_logs() as logged:
        assert scene.worker.run_once() == 1
    assert len(notify.taken) == 1
    [alarm] = [one for one in logged if one["event"] == "sender.unreachable"]
    assert (alarm["way"], alarm["reason"], alarm["log_level"]) == ("E-MAIL", "550", "error")
    with scene.database.reading() as connection:
        assert [wait.municipality_code for wait in intake_waits.all_waits(connection)] == ["E-MAIL"]
    assert not scene.failed()
    scene.clock.pass_by(minutes=1)
    with structlog.testing.capture_logs() as logged:
        assert scene.worker.run_once() == 1
    assert [one["way"] for one in logged if one["event"] == "sender.mended"] == ["E-MAIL"]


def test_a_way_that_is_no_longer_set_up_keeps_its_messages_and_alarms(database: Database, keys: KeyRing) -> None:
    scene = _Scene(database, keys, {})
    notice(database, keys, scene.registration.id)
    with structlog.testing.capture_logs() as logged:
        assert scene.worker.run_once() == 0
    assert scene.states() == {"E-MAIL": ("waiting", "not connected")}
    [alarm] = [one for one in logged if one["event"] == "delivery.alarm" and "way" in one]
    assert alarm["way"] == "E-MAIL"
    with database.reading() as connection:
        assert not outbox.is_anything_due(connection, now=scene.clock() + timedelta(hours=23), cap=4)
