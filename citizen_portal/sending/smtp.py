"""E-mail by SMTP (RFC 5321): one message in one conversation, which is over within its limit."""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import closing, suppress
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, formataddr
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from citizen_portal.clock import Clock
from citizen_portal.clock import now as present
from citizen_portal.config.sending import Mailbox, MailServer
from citizen_portal.intake.answer import Answer, ConnectionFault, MessageFault, Received, Temporary
from citizen_portal.intake.channels.punctual import connect, time_limit, tls_context
from citizen_portal.intake.channels.rest import CALL_SECONDS, failure
from citizen_portal.sending.model import Notice

_WHOLE = {"list-unsubscribe", "message-id"}
_OK, _PERMANENT = 2, 5
# "Authentication required", "too weak", "failed": about us, even when it is said about a receiver.
_NOT_LET_IN = {530, 534, 535, 538}


class SmtpSender:
    """Hands e-mail to one server, with a conversation for each message: a server that hangs up costs one try."""

    def __init__(
        self,
        server: MailServer,
        mail_from: Mailbox,
        *,
        own_name: str,
        call_seconds: float = CALL_SECONDS,
        clock: Clock = present,
    ) -> None:
        """`own_name`: the host that this portal is, as it presents itself (EHLO) and signs its messages' ids."""
        self._server = server
        self._mail_from = mail_from
        self._own_name = own_name
        self._call_seconds = call_seconds
        self._clock = clock
        self._tls = tls_context()

    def send(self, notice_id: UUID, body: bytes) -> Answer:
        """Hand in one message and say what came of it, no later than `call_seconds` from now.

        What is said about this receiver or this message is its own fault; a refusal before that is the connection's.
        Nothing of what the server says is kept but its code.
        """
        notice = Notice.from_bytes(body)
        receiver = _in_ascii(notice.to)
        if receiver is None:
            return MessageFault("not an address")
        message = self._message(notice_id, notice, receiver)
        with closing(_Conversation(self._own_name, self._tls, self._server.tls == "implicit")) as conversation:
            try:
                with time_limit(self._call_seconds):
                    return self._hand_in(conversation, receiver, message)
            except _Refused as refusal:
                return refusal.answer
            except smtplib.SMTPResponseException as error:
                return _answer(error.smtp_code)
            except (OSError, ValueError) as error:
                return failure(error)

    def close(self) -> None:
        """Nothing is kept open."""

    def _hand_in(self, smtp: _Conversation, receiver: str, message: bytes) -> Answer:
        server = self._server
        _expect_ok(*smtp.connect(server.host, server.port))
        _expect_ok(*smtp.ehlo())
        if server.tls == "starttls":
            if not smtp.has_extn("starttls"):
                raise _Refused(ConnectionFault("no STARTTLS"))
            smtp.starttls(context=self._tls)
            _expect_ok(*smtp.ehlo())
        if server.user:
            _log_in(smtp, server.user, server.password)
        _expect_ok(*smtp.mail(self._mail_from.address))
        code, _ = smtp.rcpt(receiver)
        if code // 100 == _OK:
            try:
                code, _ = smtp.data(message)
            except smtplib.SMTPDataError as error:
                code = error.smtp_code
        smtp.say_goodbye()
        return _answer(code, about_message=True)

    def _message(self, notice_id: UUID, notice: Notice, receiver: str) -> bytes:
        message = EmailMessage(_POLICY)
        # The same on every try, so that a mail program shows a repeat once.
        message["Message-ID"] = f"<{notice_id}@{self._own_name}>"
        message["Date"] = format_datetime(self._clock())
        message["From"] = formataddr((self._mail_from.name, self._mail_from.address))
        message["To"] = receiver
        # In one line, of characters that are seen: whatever else is in it, it is not another header.
        message["Subject"] = " ".join("".join(c if c.isprintable() else " " for c in notice.subject).split())
        message["Auto-Submitted"] = "auto-generated"
        if notice.stop_link:
            message["List-Unsubscribe"] = f"<{notice.stop_link}>"
        message.set_content(notice.text, cte="quoted-printable")
        # After the content, which takes all headers about itself away first.
        message["Content-Language"] = notice.language
        return message.as_bytes()


class _Refused(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def _answer(code: int, *, about_message: bool = False) -> Answer:
    """The class of a reply (RFC 5321, 4.2): to this message or receiver, or to us whatever we send."""
    kind = code // 100
    if kind == _OK:
        return Received(code)
    if kind != _PERMANENT:
        return Temporary(str(code) if code > 0 else "unreadable answer", code)
    if about_message and code not in _NOT_LET_IN:
        return MessageFault(str(code), code)
    return ConnectionFault(str(code), code)


def _expect_ok(code: int, _said: bytes) -> None:
    answer = _answer(code)
    if not isinstance(answer, Received):
        raise _Refused(answer)


def _log_in(smtp: _Conversation, user: str, password: str) -> None:
    try:
        smtp.login(user, password)
    except (smtplib.SMTPResponseException, smtplib.SMTPServerDisconnected):
        raise
    except smtplib.SMTPException:
        raise _Refused(ConnectionFault("no log-in that both know")) from None


def _in_ascii(address: str) -> str | None:
    """An address as every server takes it, an international domain in its own spelling; None when it is not one."""
    try:
        return validate_email(address, check_deliverability=False, allow_smtputf8=False).ascii_email
    except EmailNotValidError:
        return None


class _Conversation(smtplib.SMTP):
    """Over sockets that keep to the limit of this thread's call; with TLS from its start when `implicit`."""

    def __init__(self, own_name: str, tls: ssl.SSLContext, implicit: bool) -> None:
        # Without a name of its own the library asks the name servers for one, for as long as they take.
        super().__init__(local_hostname=own_name)
        self._tls = tls
        self._implicit = implicit

    # The one place where the library makes a socket; its own class for TLS replaces it too.
    def _get_socket(self, host: str, port: int, _timeout: float) -> socket.socket:
        made = connect(host, port)
        # What STARTTLS compares the certificate with.
        self._host = host
        if not self._implicit:
            return made
        try:
            return self._tls.wrap_socket(made, server_hostname=host)
        except BaseException:
            made.close()
            raise

    def say_goodbye(self) -> None:
        """Not waiting for an answer: what was taken is taken."""
        with suppress(OSError):
            self.putcmd("quit")


class _Policy(EmailPolicy):
    """Writes headers as they were meant, where the library's newer way does not.

    That makes encoded words of a long address or id, which nobody takes apart, and loses spaces between those of a
    long subject in another script.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        """The header's lines."""
        if name.lower() in _WHOLE:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        if name.lower() == "subject":
            words = Header(value, "us-ascii" if value.isascii() else "utf-8", header_name=name)
            return f"{name}: {words.encode(linesep=self.linesep)}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n", cte_type="7bit")
