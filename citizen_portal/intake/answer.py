"""What an answer means (contract/intake.md, "Portal to intake"). Pure; hostile until it is checked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from citizen_portal.intake.schedule import retry_after

LARGEST_BODY = 64 * 1024
"""Bytes of an answer that are looked at; a larger one is unreadable."""

_LONGEST_NUMBER = 40

_TEMPORARY_4XX = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.CONFLICT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
}
_CONNECTION_4XX = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
}
READABLE = frozenset({HTTPStatus.OK, HTTPStatus.CREATED})
"""The only statuses whose body says anything."""

_RECEIVED_ANYHOW = READABLE | {HTTPStatus.NO_CONTENT}


@dataclass(frozen=True, slots=True)
class Received:
    """The other side has it; `intake_number` is a municipality's own number, printable, at most 40 characters."""

    status: int
    intake_number: str | None = None


@dataclass(frozen=True, slots=True)
class Temporary:
    """Try this message again later. No status: no answer came."""

    reason: str
    status: int | None = None
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class ConnectionFault:
    """Nothing gets through on this lane until somebody mends the connection."""

    reason: str
    status: int | None = None


@dataclass(frozen=True, slots=True)
class MessageFault:
    """This message is refused: a person has to look at it. No status: it was not even sent."""

    reason: str
    status: int | None = None


Answer = Received | Temporary | ConnectionFault | MessageFault


@dataclass(frozen=True, slots=True)
class NotSent:
    """The portal's own doing: nothing went out, so it says nothing about the intake.

    With `recheck` the try does not count, and the next one comes after that time; without, the schedule says when.
    """

    reason: str
    recheck: timedelta | None = None
    status: None = None


@dataclass(frozen=True, slots=True)
class NotBegun:
    """It stood in line for so long that its lease could end during the call, or the worker stops: nothing was tried."""

    status: None = None


Result = Answer | NotSent | NotBegun
"""What came of a message that was claimed."""


class Unreadable(Exception):
    """A 200 or 201 whose body does not say that this registration was received."""


def classify(status: int, wait: str | None, body: bytes, *, registration_id: UUID, now: datetime) -> Answer:
    """The class of an answer to `POST /v1/aanmeldingen`.

    `wait` is its Retry-After, as it came; `body` counts for 200 and 201 only. Nothing of the answer's text is kept
    but a checked number. What no rule names (1xx, 6xx and beyond) is temporary: it is never given up.
    """
    if status in READABLE:
        try:
            return Received(status, _intake_number(body, registration_id))
        except Unreadable:
            return Temporary(f"{status} unreadable", status, retry_after(wait, now))
    return _refusal(status, wait, now)


def classify_addition(status: int, wait: str | None, *, passed_on: bool, now: datetime) -> Answer:
    """The class of an answer to what is sent about a registration later, whatever its body.

    `passed_on`: another municipality was sent that registration, so this one may not know its id. Its 404 is the
    message's fault then; the connection's would hold up all that others asked of it (docs/decisions/0010-...).
    """
    if status in _RECEIVED_ANYHOW:
        return Received(status)
    if passed_on and status == HTTPStatus.NOT_FOUND:
        return MessageFault("404 not known to the new municipality", status)
    return _refusal(status, wait, now)


def _refusal(status: int, wait: str | None, now: datetime) -> Answer:
    reason = str(status)
    if status in _CONNECTION_4XX or status // 100 == 3:  # noqa: PLR2004 - any redirection
        return ConnectionFault(reason, status)
    if status // 100 == 4 and status not in _TEMPORARY_4XX:  # noqa: PLR2004 - the message's own fault
        return MessageFault(reason, status)
    return Temporary(reason, status, retry_after(wait, now))


def _intake_number(body: bytes, registration_id: UUID) -> str | None:
    """The `ontvangstnummer` of a receipt, None when there is none that can be shown. Raises Unreadable."""
    if len(body) > LARGEST_BODY:
        raise Unreadable
    try:
        # Some suppliers' libraries write a byte order mark.
        receipt = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(receipt, dict):
        raise Unreadable
    named = receipt.get("aanmeldingId")
    if not isinstance(named, str) or named.lower() != str(registration_id):
        raise Unreadable
    number = receipt.get("ontvangstnummer")
    if number is None:
        return None
    if not isinstance(number, str) or len(number) > _LONGEST_NUMBER:
        raise Unreadable
    # It is shown to the resident: control and direction characters could make a page say something else.
    return number.strip() or None if number.isprintable() else None
