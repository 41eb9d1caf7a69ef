"""Settings: environment only, prefix `PORTAL_`, all checked at start-up, one clear line for each mistake."""

from __future__ import annotations

import os
import re
import secrets as random_secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from citizen_portal.config import sending
from citizen_portal.config.hosts import is_loopback
from citizen_portal.config.languages import (
    SOURCE_LANGUAGE,
    ReviewFileError,
    in_menu_order,
    installed_languages,
    is_reviewed,
)
from citizen_portal.config.sending import Sending

_Read = TypeVar("_Read")

_SECRET_CHARACTERS = 32
_MOST_PROXIES = 5
_DATABASES = ("sqlite", "postgresql+psycopg")
_DATABASES_IN_WORDS = " or ".join(_DATABASES)

# Named by the contract for parts that are not built yet: accepted, and `check` says that they do nothing.
NOT_USED_YET = ("PORTAL_METRICS_ADDR",)


class SettingsError(Exception):
    """The settings cannot be used; `mistakes` has a line for each reason."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment said, checked. Secrets are left out of `repr`, so that no log can print them."""

    database_url: str
    secret_keys: tuple[str, ...]
    base_url: str
    municipalities_file: Path | None
    languages: tuple[str, ...]
    reviewed_languages: frozenset[str]
    address_url: str
    trusted_proxies: int
    limits: bool
    extra_holidays: frozenset[date]
    sending: Sending

    def __repr__(self) -> str:
        return f"Settings(base_url={self.base_url!r}, languages={self.languages!r}, secrets not shown)"

    @property
    def production(self) -> bool:
        """Anything but a loopback address is production: stricter rules apply."""
        return not is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def https(self) -> bool:
        """Whether residents reach the portal over https."""
        return self.base_url.startswith("https://")

    @property
    def ways_of_sending(self) -> tuple[str, ...]:
        """The ways on which messages can reach residents: "email", "sms", both or none."""
        return self.sending.ways


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings from `environ` (the process's own by default). Raises SettingsError with every mistake at once."""
    reader = _Reader(os.environ if environ is None else environ)
    base_url = reader.base_url()
    production = reader.mistakes != [] or not is_loopback(urlsplit(base_url).hostname or "")
    settings = Settings(
        database_url=reader.database_url(),
        secret_keys=reader.secret_keys(production=production),
        base_url=base_url,
        municipalities_file=reader.municipalities_file(),
        languages=(languages := reader.languages()),
        reviewed_languages=reader.reviewed(languages),
        address_url=reader.address_url(),
        trusted_proxies=reader.trusted_proxies(),
        limits=reader.limits(production=production),
        extra_holidays=reader.extra_holidays(),
        sending=reader.sending(languages),
    )
    reader.refuse_unknown_names()
    if reader.mistakes:
        raise SettingsError(reader.mistakes)
    return settings


def create_secret(path: Path) -> None:
    """Write a new random secret to `path`, readable by its owner only, unless one is there already."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(random_secrets.token_urlsafe(_SECRET_CHARACTERS) + "\n")


class _Reader:
    """Reads one setting at a time and collects what is wrong, so that all mistakes are told at once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._known = set(NOT_USED_YET)
        self.mistakes: list[str] = []

    def _text(self, name: str, default: str = "") -> str:
        self._known.add(name)
        value, file = self._environ.get(name), self._environ.get(f"{name}_FILE")
        if value is not None and file is not None:
            self.mistakes.append(f"{name}: give it or {name}_FILE, not both")
        if value is None and file is not None:
            try:
                return Path(file).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                self.mistakes.append(f"{name}_FILE: cannot read {file} ({error.__class__.__name__})")
                return default
        return default if value is None else value.strip()

    def database_url(self) -> str:
        text = self._text("PORTAL_DATABASE_URL", "sqlite:///instance/portal.db")
        try:
            url = make_url(text)
        except ArgumentError:
            self.mistakes.append("PORTAL_DATABASE_URL: not a database URL, for example sqlite:///instance/portal.db")
            return text
        if url.drivername not in _DATABASES:
            self.mistakes.append(f"PORTAL_DATABASE_URL: {url.drivername} is not supported; use {_DATABASES_IN_WORDS}")
        elif url.drivername == "sqlite" and url.database in {None, "", ":memory:"}:
            self.mistakes.append("PORTAL_DATABASE_URL: a database in memory forgets what was acknowledged; give a file")
        return text

    def secret_keys(self, *, production: bool) -> tuple[str, ...]:
        keys = tuple(key.strip() for key in self._text("PORTAL_SECRET_KEYS").split(",") if key.strip())
        if not keys and not production:
            # On a developer's machine a secret of its own is made once; production has to bring one.
            path = Path("instance/secret_keys")
            create_secret(path)
            keys = tuple(key.strip() for key in path.read_text(encoding="utf-8").split(",") if key.strip())
        if not keys:
            self.mistakes.append("PORTAL_SECRET_KEYS: missing; give at least one secret, newest first")
        if any(len(key) < _SECRET_CHARACTERS for key in keys):
            self.mistakes.append(f"PORTAL_SECRET_KEYS: every secret needs at least {_SECRET_CHARACTERS} characters")
        return keys

    def base_url(self) -> str:
        text = self._text("PORTAL_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
        wrong = "PORTAL_BASE_URL: give scheme and host only, for example https://pauzeknop.example.nl"
        try:
            parts = urlsplit(text)
            host, _ = parts.hostname, parts.port
        except ValueError:
            self.mistakes.append(wrong)
            return text
        if not host or parts.scheme not in {"http", "https"} or parts.path or parts.query or parts.username:
            self.mistakes.append(wrong)
        elif parts.scheme == "http" and not is_loopback(host):
            self.mistakes.append("PORTAL_BASE_URL: must be https unless it is this machine")
        return text

    def municipalities_file(self) -> Path | None:
        text = self._text("PORTAL_MUNICIPALITIES")
        if not text:
            return None
        path = Path(text)
        if not path.is_file():
            self.mistakes.append(f"PORTAL_MUNICIPALITIES: there is no file {text}")
        return path

    def languages(self) -> tuple[str, ...]:
        installed = installed_languages()
        text = self._text("PORTAL_LANGUAGES")
        wanted = tuple(dict.fromkeys(code.strip() for code in text.split(",") if code.strip())) or installed
        for code in wanted:
            if code not in installed:
                self.mistakes.append(f"PORTAL_LANGUAGES: {code} is not in translations/ ({', '.join(installed)} are)")
                continue
            try:
                Locale.parse(code)
            except (UnknownLocaleError, ValueError):
                self.mistakes.append(f"PORTAL_LANGUAGES: {code} is not a language that Babel knows")
        # Dutch is the source and the law's language: it is always there.
        return in_menu_order([SOURCE_LANGUAGE, *wanted])

    def reviewed(self, languages: tuple[str, ...]) -> frozenset[str]:
        """Those whose texts somebody has read, by the file that says so, and Dutch, the source."""
        found = set()
        for code in set(languages) & set(installed_languages()):
            try:
                if is_reviewed(code):
                    found.add(code)
            except ReviewFileError as error:
                self.mistakes.append(f"translations/{error}")
        return frozenset(found)

    def address_url(self) -> str:
        text = self._text("PORTAL_ADDRESS_URL").rstrip("/")
        parts = urlsplit(text)
        if text and (parts.scheme not in {"http", "https"} or not parts.hostname):
            self.mistakes.append("PORTAL_ADDRESS_URL: give the address of a Locatieserver, or leave it empty")
        elif text and parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            self.mistakes.append("PORTAL_ADDRESS_URL: must be https, it carries residents' addresses")
        return text

    def trusted_proxies(self) -> int:
        text = self._text("PORTAL_TRUSTED_PROXIES", "0")
        if not re.fullmatch(r"[0-9]", text) or int(text) > _MOST_PROXIES:
            self.mistakes.append(f"PORTAL_TRUSTED_PROXIES: a number from 0 to {_MOST_PROXIES}")
            return 0
        return int(text)

    def limits(self, *, production: bool) -> bool:
        text = self._text("PORTAL_LIMITS", "on")
        if text not in {"on", "off"}:
            self.mistakes.append("PORTAL_LIMITS: on or off")
        if text == "off" and production:
            self.mistakes.append("PORTAL_LIMITS: off is refused in production")
        return text != "off"

    def extra_holidays(self) -> frozenset[date]:
        days = set()
        for text in self._text("PORTAL_EXTRA_HOLIDAYS").split(","):
            try:
                if text.strip():
                    days.add(date.fromisoformat(text.strip()))
            except ValueError:
                self.mistakes.append(f"PORTAL_EXTRA_HOLIDAYS: {text.strip()} is not a date like 2027-05-14")
        return frozenset(days)

    def sending(self, languages: tuple[str, ...]) -> Sending:
        """Parts that need each other are asked for together, so that no message waits for what nobody set."""
        server = self._parsed("PORTAL_SMTP_URL", sending.mail_server)
        mail_from = self._parsed("PORTAL_MAIL_FROM", sending.mailbox)
        self._all_or_none("PORTAL_SMTP_URL", "PORTAL_MAIL_FROM")
        url = self._parsed("PORTAL_NOTIFY_URL", sending.notify_url)
        key = self._parsed("PORTAL_NOTIFY_KEY", sending.notify_key)
        templates = self._parsed("PORTAL_NOTIFY_TEMPLATES", lambda text: sending.templates(text, languages))
        self._all_or_none("PORTAL_NOTIFY_URL", "PORTAL_NOTIFY_KEY", "PORTAL_NOTIFY_TEMPLATES")
        token = self._parsed("PORTAL_NOTIFY_CALLBACK_TOKEN", sending.callback_token)
        notify = sending.Notify(url, key, templates) if url and key and templates else None
        return Sending(server, mail_from, notify, token or "")

    def _parsed(self, name: str, parse: Callable[[str], _Read]) -> _Read | None:
        text = self._text(name)
        try:
            return parse(text) if text else None
        except ValueError as error:
            self.mistakes.append(f"{name}: {error}")
            return None

    def _all_or_none(self, *names: str) -> None:
        given = [name for name in names if self._environ.get(name) or self._environ.get(f"{name}_FILE")]
        missing = [name for name in names if name not in given]
        if given and missing:
            self.mistakes.append(f"{', '.join(missing)}: missing, because {given[0]} is set")

    def refuse_unknown_names(self) -> None:
        names = self._known | {f"{name}_FILE" for name in self._known}
        for name in sorted(self._environ):
            if name.startswith("PORTAL_") and name not in names:
                self.mistakes.append(f"{name}: no such setting; README.md lists them")
