"""A mail server on this machine: real SMTP (aiosmtpd), replies by a script, every message kept byte for byte."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event, Thread
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True, slots=True)
class Mail:
    """What was handed in: the envelope, and the message as it came."""

    sender: str
    receivers: tuple[str, ...]
    content: bytes
    by_tls: bool
    by_login: bool

    @property
    def message(self) -> EmailMessage:
        """The message, read by the standard library."""
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def text(self) -> str:
        """What the message says, its lines ended as texts of Python are."""
        content: str = self.message.get_content()
        return content.replace("\r\n", "\n")


@dataclass
class MailServer:
    """Use as a context manager. `replies` of a command ("MAIL", "RCPT", "DATA") are used up first, one each.

    `tls` offers STARTTLS, or with `implicit` TLS from the start; `login` is who has to log in.
    """

    tls: ssl.SSLContext | None = None
    implicit: bool = False
    login: tuple[str, str] | None = None
    mails: list[Mail] = field(default_factory=list)
    replies: dict[str, deque[str]] = field(default_factory=dict)
    hellos: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._up = Event()
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()
        assert self._up.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def will_reply(self, command: str, *replies: str) -> None:
        """Reply so to the next of these commands, one each."""
        self.replies.setdefault(command, deque()).extend(replies)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._until_over())
        self._loop.close()

    async def _until_over(self) -> None:
        self._over = asyncio.Event()
        by_tls = self.tls if self.implicit else None
        server = await self._loop.create_server(self._conversation, "127.0.0.1", 0, ssl=by_tls)
        self.port: int = server.sockets[0].getsockname()[1]
        self._up.set()
        await self._over.wait()
        server.close()
        # Whoever still talks is cut off, so that no test leaves a socket to the next.
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _conversation(self) -> SMTP:
        return SMTP(
            _Handler(self),
            hostname="mail.example",
            tls_context=None if self.implicit else self.tls,
            require_starttls=bool(self.tls) and not self.implicit,
            auth_required=self.login is not None,
            auth_require_tls=self.tls is not None and not self.implicit,
            authenticator=self._authenticate if self.login else None,
            loop=self._loop,
        )

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        assert self.login
        user, password = self.login
        right = (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=False)


class _Handler:
    def __init__(self, fake: MailServer) -> None:
        self._fake = fake

    async def handle_EHLO(  # noqa: N802 - aiosmtpd names it
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self._fake.hellos.append(hostname)
        return responses

    async def handle_MAIL(  # noqa: N802 - aiosmtpd names it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self._reply("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self._reply("RCPT", "250 OK")

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd names it
        reply = self._reply("DATA", "250 2.0.0 queued")
        if reply.startswith("2"):
            content = envelope.original_content
            assert isinstance(content, bytes)
            mail = Mail(
                envelope.mail_from or "",
                tuple(envelope.rcpt_tos),
                content,
                by_tls=session.ssl is not None or self._fake.implicit,
                by_login=bool(session.authenticated),
            )
            self._fake.mails.append(mail)
        return reply

    def _reply(self, command: str, otherwise: str) -> str:
        replies = self._fake.replies.get(command)
        return replies.popleft() if replies else otherwise
