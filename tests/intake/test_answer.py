"""What each answer of an intake means."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.intake.answer import (
    LARGEST_BODY,
    Answer,
    ConnectionFault,
    MessageFault,
    Received,
    Temporary,
    classify,
)

NOW = datetime(2026, 11, 23, 9, 4, tzinfo=UTC)
ID = UUID("3f0c1f5e-9d0a-4c57-8f0e-6a2b7c1d9e44")

TEMPORARY = {408, 409, 425, 429}
CONNECTION = {401, 403, 404, 407}


def _classify(status: int, body: bytes = b"", wait: str | None = None) -> Answer:
    return classify(status, wait, body, registration_id=ID, now=NOW)


def _receipt(**fields: object) -> bytes:
    return json.dumps({"aanmeldingId": str(ID), **fields}).encode()


@pytest.mark.parametrize("status", range(100, 1000))
def test_every_status_has_the_class_of_the_contract(status: int) -> None:
    answer = _classify(status, _receipt(ontvangstnummer="Z-1"))
    if status in {200, 201}:
        assert answer == Received(status, "Z-1")
    elif status in CONNECTION or 300 <= status < 400:
        assert answer == ConnectionFault(str(status), status)
    elif 400 <= status < 500 and status not in TEMPORARY:
        assert answer == MessageFault(str(status), status)
    else:
        assert answer == Temporary(str(status), status)


@pytest.mark.parametrize("status", [200, 202, 204, 408, 409, 425, 429, 500, 503, 599])
def test_a_temporary_answer_may_say_when_to_come_back(status: int) -> None:
    answer = _classify(status, wait="30")
    assert isinstance(answer, Temporary)
    assert answer.retry_after == timedelta(seconds=30)


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({}, None),
        ({"ontvangstnummer": None}, None),
        ({"ontvangstnummer": ""}, None),
        ({"ontvangstnummer": "  "}, None),
        ({"ontvangstnummer": " Z-2026-00001 "}, "Z-2026-00001"),
        ({"ontvangstnummer": "É" * 40}, "É" * 40),
        ({"ontvangstnummer": "Z-1", "ontvangenOp": "2026-11-23T09:05:00Z"}, "Z-1"),
        ({"ontvangstnummer": "Z-1", "ontvangenOp": 7, "nieuw": [1]}, "Z-1"),
        # Received all the same, but what a page could trip over is not kept.
        ({"ontvangstnummer": "Z\x00-1"}, None),
        ({"ontvangstnummer": "Z-1\r\nSet-Cookie: a=b"}, None),
        ({"ontvangstnummer": "Z-\u202e1"}, None),
        ({"ontvangstnummer": "\ud800"}, None),
    ],
)
def test_a_receipt_may_bring_a_number(fields: dict[str, object], number: str | None) -> None:
    assert _classify(201, _receipt(**fields)) == Received(201, number)


def test_a_receipt_may_begin_with_a_byte_order_mark_and_write_the_id_in_capitals() -> None:
    assert _classify(200, b"\xef\xbb\xbf" + _receipt(aanmeldingId=str(ID).upper())) == Received(200)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Welkom</html>",
        b"null",
        b"[]",
        b"{}",
        b'"' + str(ID).encode() + b'"',
        b'{"aanmeldingId": null}',
        b'{"aanmeldingId": 7}',
        b'{"aanmeldingId": "00000000-0000-4000-8000-000000000000"}',
        _receipt()[:-1],
        _receipt().decode().encode("utf-16"),
        b"\xff\xfe\x00",
        _receipt(ontvangstnummer=17),
        _receipt(ontvangstnummer=["Z-1"]),
        _receipt(ontvangstnummer="Z" * 41),
        b"[" * 60_000,
        b'{"aanmeldingId":' + b"9" * 60_000 + b"}",
        _receipt(vulling=" " * LARGEST_BODY),
    ],
)
def test_a_200_that_does_not_say_that_this_registration_was_received_is_tried_again(body: bytes) -> None:
    assert _classify(200, body) == Temporary("200 unreadable", 200)


@given(st.integers(100, 999), st.binary(max_size=300), st.none() | st.text(max_size=50))
def test_nothing_that_an_intake_says_can_break_the_portal(status: int, body: bytes, wait: str | None) -> None:
    answer = _classify(status, body, wait)
    assert answer.status == status
    assert not isinstance(answer, Received) or str(ID).encode() in body.lower()
