"""Which municipality an address lies in, by an address register. It helps and is never a gate: every failure has a
name, and the resident then chooses the municipality.

The register is PDOK's Locatieserver v3.1, `GET {base}/free`. Its search is fuzzy, so what comes back counts only where
postcode and house number are exactly those that were asked for; one postcode can lie in two municipalities.
"""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Protocol
from urllib.parse import urlencode

import structlog

from citizen_portal.directory.bounded_get import BoundedGet, CallError

_SECONDS_IN_ALL = 2.0
_MOST_BYTES = 256 * 1024
# The most that the register gives at once; a tower block has many additions to one number.
_ROWS = 100
_FIELDS = "straatnaam,huisnummer,huisletter,huisnummertoevoeging,postcode,woonplaatsnaam,gemeentecode"
_MOST_STREET_CHARACTERS = 200
_MOST_TOWN_CHARACTERS = 100
_LARGEST_HOUSE_NUMBER = 99999

_KEPT_SECONDS = 24 * 60 * 60
_MOST_KEPT = 2000
_FAILURES_BEFORE_REST = 3
_REST_SECONDS = 30

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """The register knows postcode and number. `municipality_codes` (`GM0344`) holds at least one, and more at borders.

    Street and town are given only when all its addresses there agree. `confirmed`: it also knows the addition, or
    none was asked for.
    """

    municipality_codes: frozenset[str]
    street: str | None
    town: str | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class NotFound:
    """The register answered, and does not know this postcode with this number."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """There is no register, or no usable answer from it in time."""


class AddressRegister(Protocol):
    """Whatever can tell where an address lies."""

    def find(self, postcode: str, house_number: int, addition: str | None) -> Found | NotFound | Unavailable:
        """Where the address lies, by postcode (`1234AB`), number and addition. Never raises."""


class NoRegister:
    """The register when `PORTAL_ADDRESS_URL` is empty."""

    def find(self, postcode: str, house_number: int, addition: str | None) -> Unavailable:
        """Always Unavailable."""
        return Unavailable()


@dataclass(frozen=True, slots=True)
class _Known:
    """What the register says of one postcode and number, whatever the addition; kept for a day."""

    codes: frozenset[str]
    street: str | None
    town: str | None
    additions: frozenset[str]


class Locatieserver:
    """A client of PDOK's Locatieserver v3.1; safe to share between threads.

    A question takes at most two seconds in all. Answers are kept for 24 hours (2,000 at most, in memory only), failures
    never. After three failures in a row it rests: for 30 seconds every answer is Unavailable at once, then one
    question is let through as a probe. `base_url` is with or without `/free` at its end; what the register says of a
    municipality outside `known_codes` (`GM0344`) does not count. `clock` counts seconds and never goes back.
    """

    def __init__(
        self,
        base_url: str,
        known_codes: Collection[str],
        *,
        clock: Callable[[], float] = time.monotonic,
        seconds: float = _SECONDS_IN_ALL,
    ) -> None:
        address = f"{base_url.rstrip('/').removesuffix('/free').rstrip('/')}/free"
        self._http = BoundedGet(address, seconds=seconds, most_bytes=_MOST_BYTES)
        self._known_codes = frozenset(known_codes)
        self._answers = _Answers(clock)
        self._breaker = _Breaker(clock)

    def find(self, postcode: str, house_number: int, addition: str | None) -> Found | NotFound | Unavailable:
        """Where the address lies, by postcode (`1234AB`), number and addition. Never raises."""
        # The register reads filters as a query language: nothing but a postcode and a number may get into one.
        if not re.fullmatch("[1-9][0-9]{3}[A-Z]{2}", postcode) or not 1 <= house_number <= _LARGEST_HOUSE_NUMBER:
            return NotFound()
        kept, known = self._answers.get((postcode, house_number))
        if not kept:
            if not self._breaker.lets_through():
                return Unavailable()
            try:
                known = self._ask(postcode, house_number)
            except CallError as error:
                self._breaker.failed()
                _log.warning("address_register.failed", reason=error.reason, status_class=error.status_class)
                return Unavailable()
            self._breaker.succeeded()
            self._answers.put((postcode, house_number), known)
        if known is None:
            return NotFound()
        confirmed = not (addition and addition.strip()) or _loose(addition) in known.additions
        return Found(known.codes, known.street, known.town, confirmed)

    def _ask(self, postcode: str, house_number: int) -> _Known | None:
        # The register refuses parameters that it does not know (v3.1): these are documented.
        query = [
            ("q", f"{postcode} {house_number}"),
            ("fq", "type:adres"),
            ("fq", f"postcode:{postcode}"),
            ("fq", f"huisnummer:{house_number}"),
            ("fl", _FIELDS),
            ("rows", str(_ROWS)),
        ]
        documents = [
            document
            for document in _documents(self._http.get(urlencode(query)))
            if document.get("postcode") == postcode
            and _plain(document.get("huisnummer")) == str(house_number)
            and _code(document) in self._known_codes
        ]
        if not documents:
            return None
        return _Known(
            codes=frozenset(_code(document) for document in documents),
            street=_only(_clean(document.get("straatnaam"), _MOST_STREET_CHARACTERS) for document in documents),
            town=_only(_clean(document.get("woonplaatsnaam"), _MOST_TOWN_CHARACTERS) for document in documents),
            additions=frozenset(_addition(document) for document in documents) - {""},
        )


def make_register(url: str, known_codes: Collection[str]) -> AddressRegister:
    """The register at `url` (`PORTAL_ADDRESS_URL`), or none when that is empty."""
    return Locatieserver(url, known_codes) if url else NoRegister()


class _Answers:
    """The answers of the last day by postcode and number, the least used ones dropped first. None: not found."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, int], tuple[float, _Known | None]] = OrderedDict()

    def get(self, key: tuple[str, int]) -> tuple[bool, _Known | None]:
        """Whether there is an answer, and the answer."""
        with self._lock:
            until, known = self._kept.get(key, (None, None))
            if until is None:
                return False, None
            if self._clock() >= until:
                del self._kept[key]
                return False, None
            self._kept.move_to_end(key)
            return True, known

    def put(self, key: tuple[str, int], known: _Known | None) -> None:
        with self._lock:
            self._kept[key] = self._clock() + _KEPT_SECONDS, known
            self._kept.move_to_end(key)
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)


class _Breaker:
    """Spares residents the wait for a register that is down, and spares the register."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._rests_until = 0.0

    def lets_through(self) -> bool:
        """Whether to ask. After a rest only one caller hears yes: the next rest begins before its probe is back."""
        with self._lock:
            if self._failures < _FAILURES_BEFORE_REST:
                return True
            if self._clock() < self._rests_until:
                return False
            self._rests_until = self._clock() + _REST_SECONDS
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._rests_until = self._clock() + _REST_SECONDS


def _documents(body: bytes) -> list[dict[str, object]]:
    try:
        answer = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise CallError("not_json") from None
    response = answer.get("response") if isinstance(answer, dict) else None
    documents = response.get("docs") if isinstance(response, dict) else None
    if not isinstance(documents, list):
        raise CallError("not_an_answer")
    return [document for document in documents if isinstance(document, dict)]


def _plain(value: object) -> str:
    """A text or a whole number as text; anything else, which is not what the register documents, as nothing."""
    return str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""


def _code(document: dict[str, object]) -> str:
    code = document.get("gemeentecode")
    return f"GM{code}" if isinstance(code, str) and re.fullmatch("[0-9]{4}", code) else ""


def _addition(document: dict[str, object]) -> str:
    return _loose(_plain(document.get("huisletter")) + _plain(document.get("huisnummertoevoeging")))


def _loose(addition: str) -> str:
    """Case, spaces, hyphens and other signs do not count: people write 1-A, 1 a and 1A."""
    return "".join(sign for sign in addition.casefold() if sign.isalnum())


def _clean(value: object, most: int) -> str | None:
    """`value` as text to show: without control characters, direction marks and half characters, and cut."""
    if not isinstance(value, str):
        return None
    spaced = re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", value[: 2 * most])
    visible = "".join(sign for sign in spaced if unicodedata.category(sign)[0] != "C")
    return " ".join(visible.split())[:most] or None


def _only(texts: Iterable[str | None]) -> str | None:
    different = set(texts)
    return different.pop() if len(different) == 1 else None
