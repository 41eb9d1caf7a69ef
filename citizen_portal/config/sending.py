"""What an operator says about messages to residents: the mail server and its sender, Notify and its templates. Pure.

Each reader takes the text of one setting and raises ValueError with the line that the operator sees, without secrets.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from types import MappingProxyType
from urllib.parse import unquote, urlsplit
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from citizen_portal.config.hosts import is_loopback

WAYS = ("email", "sms")
"""How messages can reach residents."""

MESSAGE_KINDS = ("news", "link")
"""There is news about the request; the link that was asked for."""

_PORTS = {"smtp": 587, "smtps": 465}
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_API_KEY = re.compile(f".*{_UUID}-{_UUID}", re.IGNORECASE)
_TOKEN_CHARACTERS = 32


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mail is handed in. `tls`: "implicit", "starttls", or "none", which only this machine may do without."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Who e-mail comes from. `address` is in ASCII, its domain too."""

    name: str
    address: str


Templates = Mapping[tuple[str, str | None, str], str]
"""The template (a UUID) of a way, a language (None: any) and a kind of message."""


@dataclass(frozen=True, slots=True)
class Notify:
    """A service that speaks the API of GOV.UK Notify, such as NotifyNL."""

    url: str
    key: str = field(repr=False)
    templates: Templates

    def template(self, way: str, language: str, kind: str) -> str | None:
        """The one for this language, else the Dutch one, else the one for any language."""
        for known in (language, "nl", None):
            if found := self.templates.get((way, known, kind)):
                return found
        return None

    def has(self, way: str) -> bool:
        """Whether every message of this way has a template."""
        return all(self.template(way, "nl", kind) for kind in MESSAGE_KINDS)


@dataclass(frozen=True, slots=True)
class Sending:
    """All that was said about messages to residents; each part is missing until the operator names it."""

    mail_server: MailServer | None = None
    mail_from: Mailbox | None = None
    notify: Notify | None = None
    callback_token: str = field(default="", repr=False)

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways on which messages can go out, in the order of WAYS."""
        by_mail = self.mail_server is not None and self.mail_from is not None
        return tuple(
            way for way in WAYS if (way == "email" and by_mail) or (self.notify is not None and self.notify.has(way))
        )


def mail_server(text: str) -> MailServer:
    """`smtp://user:password@host:587` (STARTTLS, except on this machine) or `smtps://...:465` (TLS from the start)."""
    wrong = "give smtp://user:password@host:587, or smtps://...; what a password may not hold is percent-encoded"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(wrong) from None
    if parts.scheme not in _PORTS or not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(wrong)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError("a user name and a password belong together")
    if not (user + password).isascii():
        raise ValueError("a user name and a password are in ASCII")
    tls = "implicit" if parts.scheme == "smtps" else "none" if is_loopback(host) else "starttls"
    return MailServer(host, port or _PORTS[parts.scheme], tls, user, password)


def mailbox(text: str) -> Mailbox:
    """`Pauzeknop <no-reply@example.nl>`, or the address alone."""
    wrong = "give an address, for example Pauzeknop <no-reply@example.nl>"
    name, address = parseaddr(text)
    try:
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False).ascii_email
    except EmailNotValidError:
        raise ValueError(wrong) from None
    if not text.isprintable() or not found:
        raise ValueError(wrong)
    return Mailbox(name, found)


def notify_url(text: str) -> str:
    """`https://api.notifynl.nl`, `https://api.notifications.service.gov.uk`, or this machine."""
    wrong = "give scheme and host only, for example https://api.notifynl.nl"
    try:
        parts = urlsplit(text.rstrip("/"))
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(wrong) from None
    if parts.scheme not in {"http", "https"} or not host or parts.path or parts.query or parts.username:
        raise ValueError(wrong)
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("must be https, it carries residents' addresses")
    return parts.geturl()


def notify_key(text: str) -> str:
    """A key as Notify gives it out: a name, the service's UUID and the secret's."""
    if not _API_KEY.fullmatch(text):
        raise ValueError("not a key of Notify: a name and two UUIDs, joined by hyphens")
    return text


def callback_token(text: str) -> str:
    """What Notify sends along with its receipts, chosen by the operator."""
    if len(text) < _TOKEN_CHARACTERS or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(f"choose at least {_TOKEN_CHARACTERS} characters: letters, digits, punctuation")
    return text


def templates(text: str, languages: Collection[str]) -> Templates:
    """`email.nl.news=UUID,sms.news=UUID,...`: way, language (or none, for any) and kind.

    A way with a template needs one for each kind of message, in Dutch or for any language.
    """
    found: dict[tuple[str, str | None, str], str] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = (part.strip() for part in entry.partition("="))
        key = _template_name(name, languages)
        if not re.fullmatch(_UUID, value, re.IGNORECASE):
            raise ValueError(f"{name} is not followed by = and the UUID of a template")
        if key in found:
            raise ValueError(f"{name} is there twice")
        found[key] = str(UUID(value))
    for way in WAYS:
        missing = [kind for kind in MESSAGE_KINDS if not {(way, "nl", kind), (way, None, kind)} & set(found)]
        if missing and any(key[0] == way for key in found):
            wanted = " and ".join(f"{way}.nl.{kind} or {way}.{kind}" for kind in missing)
            raise ValueError(f"for {way} there is no {wanted}")
    return MappingProxyType(found)


def _template_name(name: str, languages: Collection[str]) -> tuple[str, str | None, str]:
    way, *middle, kind = name.split(".") if "." in name else (name, "")
    language = middle[0] if middle else None
    if way not in WAYS or kind not in MESSAGE_KINDS or len(middle) > 1:
        known = f"a way ({', '.join(WAYS)}), perhaps a language, and a kind ({', '.join(MESSAGE_KINDS)})"
        raise ValueError(f"{name} is not {known}, as in email.nl.news=UUID or sms.news=UUID")
    if language is not None and language not in languages:
        raise ValueError(f"{name}: {language} is not one of the portal's languages ({', '.join(languages)})")
    return way, language, kind
