"""What the operator says about each municipality (contract/portal.md, Settings), checked strictly.

Secrets are named in the file and resolved here, once, at start-up; no mistake's line repeats a value.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from citizen_portal.config.hosts import is_loopback
from citizen_portal.directory import values
from citizen_portal.directory.values import RefusedError

_Value = TypeVar("_Value")

_TABLE_KEYS = ("kennisgeving", "phone", "website", "reports_back", "embed_origins", "intake", "desk", "theme")
_INTAKE_KEYS = ("channel", "url", "token", "webhook_secrets")
_NOT_BUILT_YET = ("desk", "theme")
_ENOUGH_MISTAKES = 50


class Adoption(StrEnum):
    """Whether a municipality uses the Kennisgeving; there is no public list, so unknown is an answer."""

    IN_USE = "in-use"
    NOT_YET = "not-yet"
    UNKNOWN = "unknown"


class Channel(StrEnum):
    """The way into a municipality's system. Only REST is built."""

    REST = "rest"
    ZGW = "zgw"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Intake:
    """Where registrations go. `url` has no slash at its end; `webhook_secrets` (`whsec_...`) sign what comes back."""

    channel: Channel
    url: str
    token: str = field(repr=False)
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class MunicipalitySettings:
    """One table of the file; the defaults are those of a municipality that it does not name."""

    kennisgeving: Adoption = Adoption.UNKNOWN
    phone: str | None = None
    website: str | None = None
    reports_back: bool = False
    embed_origins: tuple[str, ...] = ()
    intake: Intake | None = None


def parse(
    document: Mapping[str, object], known_codes: Collection[str], *, production: bool, environ: Mapping[str, str]
) -> tuple[dict[str, MunicipalitySettings], list[str]]:
    """The settings by municipality code, and a line for each mistake; the settings count only when there is none.

    `document` is the file as `tomllib` reads it; `environ` and the files that it names give the secrets. With 50
    mistakes it stops looking for more.
    """
    reader = _Reader(production=production, environ=environ)
    found = {}
    for code, table in document.items():
        if reader.has_enough:
            reader.mistakes.append("there may be more mistakes; mend these first")
            break
        if code not in known_codes:
            hint = values.nearest(code.upper(), known_codes) or "a table is named by a code like GM0363"
            reader.mistakes.append(f"{_shown(code)}: there is no such municipality; {hint}")
        elif not isinstance(table, dict):
            reader.mistakes.append(f"{code}: must be a table, [{code}]")
        else:
            found[code] = reader.municipality(code, table)
    return found, reader.mistakes


class _Reader:
    """Reads one table after the other and collects what is wrong, so that all mistakes are told at once."""

    def __init__(self, *, production: bool, environ: Mapping[str, str]) -> None:
        self._production = production
        self._environ = environ
        self.mistakes: list[str] = []

    @property
    def has_enough(self) -> bool:
        """Whether another mistake would only be in the way of those that are there."""
        return len(self.mistakes) >= _ENOUGH_MISTAKES

    def municipality(self, code: str, table: dict[str, object]) -> MunicipalitySettings:
        self._refuse_unknown(code, table, _TABLE_KEYS)
        self.mistakes.extend(f"{code}.{name}: not built yet" for name in _NOT_BUILT_YET if name in table)
        intake = self._read(code, table, "intake", lambda value: self._intake(f"{code}.intake", value), None)
        hears_back = intake is not None and bool(intake.webhook_secrets)
        return MunicipalitySettings(
            kennisgeving=self._read(code, table, "kennisgeving", _adoption, Adoption.UNKNOWN),
            phone=self._read(code, table, "phone", values.phone, None),
            website=self._read(code, table, "website", values.website, None),
            reports_back=self._read(code, table, "reports_back", values.flag, hears_back),
            embed_origins=self._read(code, table, "embed_origins", values.origins, ()),
            intake=intake,
        )

    def _intake(self, where: str, value: object) -> Intake | None:
        table = values.table(value)
        self._require(where, table, "channel")
        channel = self._read(where, table, "channel", _channel, None)
        if channel is None:
            return None
        self._refuse_unknown(where, table, _INTAKE_KEYS)
        self._require(where, table, "url", "token")
        url = self._read(where, table, "url", values.url, None)
        # A literal beside an unusable URL is not complained about: that would be a second line for one mistake.
        literal = url is None or (not self._production and is_loopback(urlsplit(url).hostname or ""))

        def token(value: object) -> str:
            return values.token(self._secret(value, literal=literal))

        def webhook_secrets(value: object) -> tuple[str, ...]:
            return values.webhook_secrets(self._secret(item, literal=literal) for item in values.texts(value))

        key = self._read(where, table, "token", token, None)
        secrets: tuple[str, ...] = self._read(where, table, "webhook_secrets", webhook_secrets, ())
        return None if url is None or key is None else Intake(channel, url, key, secrets)

    def _read(
        self, where: str, table: dict[str, object], name: str, convert: Callable[[object], _Value], default: _Value
    ) -> _Value:
        if name not in table:
            return default
        try:
            return convert(table[name])
        except RefusedError as refusal:
            self.mistakes.append(f"{where}.{name}: {refusal}")
            return default

    def _require(self, where: str, table: dict[str, object], *names: str) -> None:
        self.mistakes.extend(f"{where}.{name}: missing" for name in names if name not in table)

    def _refuse_unknown(self, where: str, table: dict[str, object], known: tuple[str, ...]) -> None:
        for name in table:
            if name not in known and not self.has_enough:
                hint = values.nearest(name, known) or f"known are {', '.join(known)}"
                self.mistakes.append(f"{where}.{_shown(name)}: no such setting; {hint}")

    def _secret(self, value: object, *, literal: bool) -> str:
        """The secret behind `env:NAME` or `file:/path`, or the text itself where `literal` allows that."""
        text = values.text(value)
        kind, _, rest = text.partition(":")
        if kind == "file":
            return values.secret_file(rest)
        if kind == "env":
            secret = self._environ.get(rest, "").strip()
            if not secret:
                raise RefusedError("names an environment variable that is missing or empty")
            return secret
        if not literal:
            raise RefusedError("write env:NAME or file:/path; only for an intake on this machine it may stand here")
        return text


def _shown(key: str) -> str:
    return key[:60] if key.isprintable() else ascii(key[:60])


def _adoption(value: object) -> Adoption:
    return values.choice(value, Adoption)


def _channel(value: object) -> Channel:
    channel = values.choice(value, Channel)
    if channel is not Channel.REST:
        raise RefusedError(f"channel {channel} is not built yet")
    return channel
