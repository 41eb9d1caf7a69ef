"""The forms that values in the municipalities' file may have: one function for each, raising what is wrong.

No message repeats the value: it may be a secret in the wrong place, and a URL may hold a password.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from difflib import get_close_matches
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from citizen_portal.config.hosts import is_loopback

_Choice = TypeVar("_Choice", bound=StrEnum)

_MOST_URL_CHARACTERS = 300
_MOST_HOST_CHARACTERS = 253
_HOST_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_MOST_ORIGINS = 20
_MOST_PHONE_CHARACTERS = 20
_FEWEST_PHONE_DIGITS = 3
_MOST_SECRET_BYTES = 4096
# Two may be active at once, so that one can be replaced (contract/intake.md).
_MOST_WEBHOOK_SECRETS = 2
_WEBHOOK_PREFIX = "whsec_"
# The sizes of Standard Webhooks: fewer bytes can be guessed, more are of no use.
_WEBHOOK_KEY_BYTES = range(24, 65)


class RefusedError(Exception):
    """What is wrong with one value, as the end of a sentence that begins with its key."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """A question that names the one of `known` that looks most like `name`, when one does."""
    near = get_close_matches(name[:60], known, n=1)
    return f"did you mean {near[0]}?" if near else None


def table(value: object) -> dict[str, object]:
    """A TOML table."""
    if not isinstance(value, dict):
        raise RefusedError("must be a table")
    return value


def text(value: object) -> str:
    """A text with something in it."""
    if not isinstance(value, str) or not value.strip():
        raise RefusedError("must be a text, in quotes, that is not empty")
    return value


def texts(value: object) -> list[str]:
    """A list of texts."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RefusedError("must be a list of texts, in square brackets")
    return value


def flag(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise RefusedError("must be true or false, without quotes")
    return value


def choice(value: object, choices: type[_Choice]) -> _Choice:
    """One of a few words."""
    if isinstance(value, str):
        if value in set(choices):
            return choices(value)
        hint = nearest(value, choices)
    else:
        hint = None
    raise RefusedError(f"must be one of {', '.join(choices)}" + (f"; {hint}" if hint else ""))


def phone(value: object) -> str:
    """A phone number as people write it, service numbers like 14 020 too: it is shown, never called from here."""
    number = text(value).strip()
    digits = re.sub("[^0-9]", "", number)
    if (
        not re.fullmatch(r"\+?[0-9() -]+", number)
        or len(number) > _MOST_PHONE_CHARACTERS
        or len(digits) < _FEWEST_PHONE_DIGITS
    ):
        raise RefusedError("must be a phone number: at most 20 digits, spaces, hyphens and brackets, + only in front")
    return number


def url(value: object) -> str:
    """A URL of https, or of http on this machine, of scheme, host, port and path only, without a slash at its end."""
    return _url_parts(text(value)).geturl().rstrip("/")


def website(value: object) -> str:
    """A URL of https for residents to follow, of scheme, host, port and path only."""
    parts = _url_parts(text(value))
    if parts.scheme != "https":
        raise RefusedError("must be https")
    return parts.geturl()


def origins(value: object) -> tuple[str, ...]:
    """Origins exactly as browsers write them (RFC 6454), in forms that a CSP can name; each once."""
    given = texts(value)
    if len(given) > _MOST_ORIGINS:
        raise RefusedError(f"may hold at most {_MOST_ORIGINS} origins")
    return tuple(dict.fromkeys(_origin(origin) for origin in given))


def secret_file(path: str) -> str:
    """The text of the file at `path` (absolute), without white space around it."""
    file = Path(path)
    # Only a plain file is opened: reading a pipe or a device could wait for ever.
    if not file.is_absolute() or not file.is_file():
        raise RefusedError("names a file that is not there; write file: and its whole path")
    try:
        with file.open("rb") as stream:
            content = stream.read(_MOST_SECRET_BYTES + 1)
        secret = content.decode("utf-8").strip()
    except OSError as error:
        raise RefusedError(f"names a file that cannot be read ({error.__class__.__name__})") from None
    except UnicodeDecodeError:
        raise RefusedError("names a file that is not UTF-8 text") from None
    if not secret or len(content) > _MOST_SECRET_BYTES:
        raise RefusedError(f"names a file that is empty or larger than {_MOST_SECRET_BYTES} bytes")
    return secret


def token(secret: str) -> str:
    """A bearer token: it becomes a header's value, where a space or line end would end it or start another."""
    if not re.fullmatch(r"[!-~]+", secret):
        raise RefusedError("is a token that holds other things than plain letters, digits and signs")
    return secret


def webhook_secrets(secrets: Iterable[str]) -> tuple[str, ...]:
    """At most two secrets of the Standard Webhooks scheme, each once."""
    found = tuple(dict.fromkeys(secrets))
    if len(found) > _MOST_WEBHOOK_SECRETS:
        raise RefusedError(f"may hold at most {_MOST_WEBHOOK_SECRETS} secrets")
    for secret in found:
        try:
            key = base64.b64decode(secret.removeprefix(_WEBHOOK_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not secret.startswith(_WEBHOOK_PREFIX) or len(key) not in _WEBHOOK_KEY_BYTES:
            raise RefusedError("each secret must be whsec_ and the base64 of 24 to 64 random bytes")
    return found


def _url_parts(address: str) -> SplitResult:
    # Checked before it is split: `urlsplit` drops tabs and line ends without a word.
    if not re.fullmatch(r"[!-~]+", address) or "\\" in address or len(address) > _MOST_URL_CHARACTERS:
        raise RefusedError("must be a URL in plain letters, without spaces, of at most 300 characters")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise RefusedError("is not a URL") from None
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        raise RefusedError("must be a URL like https://www.example.nl")
    if "@" in parts.netloc:
        raise RefusedError("may not hold a user name or password")
    if "?" in address or "#" in address:
        raise RefusedError("may not have a query (?) or a fragment (#)")
    if not _is_host(host):
        raise RefusedError("has a host that is neither a name nor an address")
    if parts.scheme == "http" and not is_loopback(host):
        raise RefusedError("must be https unless it is this machine")
    return parts


def _is_host(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return len(host) <= _MOST_HOST_CHARACTERS and all(_HOST_LABEL.fullmatch(label) for label in host.split("."))
    return True


def _origin(origin: str) -> str:
    parts = _url_parts(origin)
    default = {"https": 443, "http": 80}[parts.scheme]
    port = "" if parts.port in {None, default} else f":{parts.port}"
    # The host of an IPv6 address comes without its brackets and so never fits: a CSP cannot name one.
    if origin != f"{parts.scheme}://{parts.hostname}{port}":
        raise RefusedError("must be scheme and host exactly as browsers write it, like https://www.example.nl")
    return origin
