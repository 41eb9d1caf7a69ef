"""E-mail against a real mail server on this machine: what it gets, and what its replies mean."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import monotonic

import pytest

from citizen_portal.config import sending as settings
from citizen_portal.config.sending import Mailbox
from citizen_portal.intake.answer import Answer, ConnectionFault, MessageFault, Received, Temporary
from citizen_portal.sending.model import Notice
from citizen_portal.sending.smtp import SmtpSender
from tests.fakes.mail_server import MailServer
from tests.sending.notices import BY_EMAIL, LINK, NOTICE_ID
from tests.support.certificates import certificate

NOW = datetime(2026, 11, 23, 9, 4, tzinfo=UTC)
MAIL_FROM = Mailbox("Pauzeknöp", "no-reply@pauzeknop.example")
LIMIT = 0.5
IN_TIME = 10.0


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def _sender(port: int, *, tls: str = "none", login: tuple[str, str] = ("", ""), seconds: float = IN_TIME) -> SmtpSender:
    server = settings.MailServer("localhost", port, tls, *login)
    return SmtpSender(server, MAIL_FROM, own_name="pauzeknop.example", call_seconds=seconds, clock=lambda: NOW)


def _send(server: MailServer, notice: Notice = BY_EMAIL) -> Answer:
    return _sender(server.port).send(NOTICE_ID, notice.to_bytes())


class TestMessage:
    def test_it_arrives_as_it_was_written(self, mail_server: MailServer) -> None:
        assert _send(mail_server) == Received(250)
        [mail] = mail_server.mails
        assert (mail.sender, mail.receivers) == (MAIL_FROM.address, ("zoe@example.org",))
        message = mail.message
        assert message["From"] == "Pauzeknöp <no-reply@pauzeknop.example>"
        assert message["To"] == "zoe@example.org"
        assert message["Subject"] == "Er is nieuws over uw aanvraag"
        assert mail.text == BY_EMAIL.text
        assert parsedate_to_datetime(message["Date"]) == NOW
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["Content-Language"] == "nl"
        assert message.get_content_type() == "text/plain"
        assert message.get_content_charset() == "utf-8"
        assert mail_server.hellos == ["pauzeknop.example"]

    def test_a_repeat_carries_the_same_id(self, mail_server: MailServer) -> None:
        _send(mail_server)
        _send(mail_server)
        assert [mail.message["Message-ID"] for mail in mail_server.mails] == [f"<{NOTICE_ID}@pauzeknop.example>"] * 2

    def test_nothing_in_it_tells_that_it_was_read(self, mail_server: MailServer) -> None:
        _send(mail_server)
        [mail] = mail_server.mails
        assert not {"disposition-notification-to", "return-receipt-to"} & {name.lower() for name in mail.message}
        assert not mail.message.is_multipart()
        assert b"<img" not in mail.content

    def test_how_to_stop_is_a_link_in_one_piece(self, mail_server: MailServer) -> None:
        _send(mail_server)
        [mail] = mail_server.mails
        assert f"List-Unsubscribe: <{LINK}/messages>\r\n".encode() in mail.content
        assert "List-Unsubscribe-Post" not in mail.message

    def test_without_a_way_to_stop_none_is_named(self, mail_server: MailServer) -> None:
        _send(mail_server, replace(BY_EMAIL, stop_link=None))
        assert "List-Unsubscribe" not in mail_server.mails[0].message

    @pytest.mark.parametrize(
        ("subject", "text"),
        [
            ("هناك أخبار عن طلبك " * 5, "هناك أخبار\n\nhttps://pauzeknop.example/ar/s/x\n"),
            ("ዜና ኣሎ", "ሰላም\n" * 400),
            ("Ünïcödé 🙂", ".\n..\n.punt\n" + "a" * 3000 + "\n"),
        ],
    )
    def test_any_language_and_any_length_arrives(self, mail_server: MailServer, subject: str, text: str) -> None:
        assert _send(mail_server, replace(BY_EMAIL, subject=subject, text=text)) == Received(250)
        [mail] = mail_server.mails
        assert mail.content.isascii()
        assert max(map(len, mail.content.split(b"\r\n"))) <= 998
        assert mail.message["Subject"] == subject.strip()
        assert mail.text == text

    def test_an_international_domain_is_spelled_as_every_server_reads_it(self, mail_server: MailServer) -> None:
        assert _send(mail_server, replace(BY_EMAIL, to="zoe@bücher.example.org")) == Received(250)
        [mail] = mail_server.mails
        assert mail.receivers == ("zoe@xn--bcher-kva.example.org",)
        assert mail.message["To"] == "zoe@xn--bcher-kva.example.org"

    @pytest.mark.parametrize(
        "injected",
        ["x\r\nBcc: all@example.org", "x\nBcc: all@example.org\n\nbody", "x\rBcc: a", "x\x00\x0b\x85\u2028y"],
    )
    def test_a_subject_cannot_become_another_header(self, mail_server: MailServer, injected: str) -> None:
        _send(mail_server, replace(BY_EMAIL, subject=injected))
        for mail in mail_server.mails:
            assert "Bcc" not in mail.message
            assert mail.text == BY_EMAIL.text
            assert mail.receivers == ("zoe@example.org",)

    @pytest.mark.parametrize(
        "to",
        [
            "zoe@example.org\r\nBcc: all@example.org",
            "zoe@example.org\r\nRCPT TO:<all@example.org>",
            "zoe@example.org>\r\nDATA",
            "zoe@example.org, all@example.org",
            "Zoe <zoe@example.org>",
            "zoë@example.org",
            "zoe@",
            "",
        ],
    )
    def test_what_is_not_one_address_is_not_sent(self, mail_server: MailServer, to: str) -> None:
        assert _send(mail_server, replace(BY_EMAIL, to=to)) == MessageFault("not an address")
        assert mail_server.hellos == []


class TestReplies:
    @pytest.mark.parametrize(
        ("command", "reply", "answer"),
        [
            ("MAIL", "451 later", Temporary("451", 451)),
            ("MAIL", "550 not you", ConnectionFault("550", 550)),
            ("RCPT", "451 4.7.1 greylisted", Temporary("451", 451)),
            ("RCPT", "550 5.1.1 no such user Zoe", MessageFault("550", 550)),
            ("RCPT", "530 5.7.0 log in first", ConnectionFault("530", 530)),
            ("DATA", "452 4.3.1 full", Temporary("452", 452)),
            ("DATA", "554 5.6.0 spam", MessageFault("554", 554)),
        ],
    )
    def test_each_has_its_class(self, mail_server: MailServer, command: str, reply: str, answer: Answer) -> None:
        mail_server.will_reply(command, reply)
        assert _send(mail_server) == answer
        assert mail_server.mails == []
        assert _send(mail_server) == Received(250)

    @pytest.mark.parametrize(
        ("greeting", "answer"),
        [
            (b"554 5.7.1 go away\r\n", ConnectionFault("554", 554)),
            (b"421 busy\r\n", Temporary("421", 421)),
            (b"220 hello\r\n502 what?\r\n", ConnectionFault("502", 502)),
            (b"", Temporary("no connection")),
            (b"HTTP/1.1 400 Bad Request\r\n\r\n", Temporary("unreadable answer", -1)),
            (b"220" + b"x" * 10_000, ConnectionFault("500", 500)),
        ],
    )
    def test_a_server_that_does_not_let_us_begin(self, greeting: bytes, answer: Answer) -> None:
        with _says(lambda connection: connection.sendall(greeting)) as port:
            assert _sender(port).send(NOTICE_ID, BY_EMAIL.to_bytes()) == answer

    def test_nobody_there_is_temporary(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        assert _sender(port).send(NOTICE_ID, BY_EMAIL.to_bytes()) == Temporary("no connection")

    def test_a_name_that_does_not_exist_is_the_connections_fault(self) -> None:
        server = settings.MailServer("mail.invalid", 587, "starttls")
        sender = SmtpSender(server, MAIL_FROM, own_name="pauzeknop.example", call_seconds=IN_TIME)
        assert sender.send(NOTICE_ID, BY_EMAIL.to_bytes()) == ConnectionFault("dns")

    @pytest.mark.parametrize("drop", [b"", b"2", b"220-still greeting\r\n"])
    def test_a_slow_server_is_cut_off_in_time(self, drop: bytes) -> None:
        over = threading.Event()

        def drip(connection: socket.socket) -> None:
            while not over.wait(0.05):
                connection.sendall(drop)

        before = monotonic()
        with _says(drip) as port:
            assert _sender(port, seconds=LIMIT).send(NOTICE_ID, BY_EMAIL.to_bytes()) == Temporary("time-out")
            over.set()
        assert monotonic() - before >= LIMIT


# What the server's library says of a log-in without STARTTLS: it does not see that all of it is TLS.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
class TestTls:
    @pytest.fixture(params=["starttls", "implicit"])
    def tls(self, request: pytest.FixtureRequest) -> str:
        way: str = request.param
        return way

    def test_a_trusted_certificate_opens_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: str) -> None:
        server_side, authority = certificate(tmp_path, "localhost")
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        with MailServer(tls=server_side, implicit=tls == "implicit", login=("portal", "geheim")) as server:
            sender = _sender(server.port, tls=tls, login=("portal", "geheim"))
            assert sender.send(NOTICE_ID, BY_EMAIL.to_bytes()) == Received(250)
            [mail] = server.mails
        assert mail.by_tls
        assert mail.by_login

    def test_a_wrong_password_is_the_connections_fault(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: str
    ) -> None:
        server_side, authority = certificate(tmp_path, "localhost")
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        with MailServer(tls=server_side, implicit=tls == "implicit", login=("portal", "geheim")) as server:
            sender = _sender(server.port, tls=tls, login=("portal", "fout"))
            assert sender.send(NOTICE_ID, BY_EMAIL.to_bytes()) == ConnectionFault("535", 535)
            assert server.mails == []

    @pytest.mark.parametrize("name", ["localhost", "mail.example.nl"])
    def test_an_unknown_authority_or_another_name_is_not_spoken_to(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: str, name: str
    ) -> None:
        server_side, authority = certificate(tmp_path, name)
        if name != "localhost":
            monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        with MailServer(tls=server_side, implicit=tls == "implicit") as server:
            assert _sender(server.port, tls=tls).send(NOTICE_ID, BY_EMAIL.to_bytes()) == ConnectionFault("tls")
            assert server.mails == []

    def test_no_password_goes_out_where_starttls_is_missing(self, mail_server: MailServer) -> None:
        sender = _sender(mail_server.port, tls="starttls", login=("portal", "geheim"))
        assert sender.send(NOTICE_ID, BY_EMAIL.to_bytes()) == ConnectionFault("no STARTTLS")
        assert mail_server.mails == []

    def test_a_server_that_knows_no_log_in_is_the_connections_fault(self) -> None:
        with _says(lambda connection: connection.sendall(b"220 hello\r\n250 mail.example\r\n")) as port:
            sender = _sender(port, login=("portal", "geheim"))
            assert sender.send(NOTICE_ID, BY_EMAIL.to_bytes()) == ConnectionFault("no log-in that both know")


@contextmanager
def _says(speak: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of a server that speaks to its first caller, and then hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                speak(connection)
                connection.shutdown(socket.SHUT_WR)
                # What is not read would make a reset of the end, which might overtake what was said.
                while connection.recv(1000):
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def test_no_word_of_the_server_is_kept(mail_server: MailServer) -> None:
    mail_server.will_reply("RCPT", "550 5.1.1 <zoe@example.org> unknown")
    answer = _send(mail_server)
    assert not re.search("zoe|unknown", repr(answer))
