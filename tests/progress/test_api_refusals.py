"""Every refusal of the events API, in the order of contract/intake.md."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.progress.sending import (
    AMSTERDAM,
    CLOUD_EVENT,
    PATH,
    UTRECHT,
    WITHOUT_SECRETS,
    counts,
    document,
    problem,
    register,
    send,
    signed,
)
from tests.support.portal import OTHER_WEBHOOK_SECRET, WEBHOOK_SECRET, TestPortal

NOTHING_KEPT = (0, 0)
CHUNKED = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
NEVER_SIGNED = {"webhook-id": "x", "webhook-timestamp": "1", "webhook-signature": "v1,x", "Content-Type": CLOUD_EVENT}


def pointers(response: TestResponse) -> set[str]:
    return {error["location"]["pointer"] for error in problem(response, 400)["errors"]}


class Pieces(BytesIO):
    """A body that knows how much of it was held at once."""

    largest = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.largest = max(self.largest, len(piece))
        return piece


class TestTooLarge:
    def test_is_told_before_anything_else_is_looked_at(self, portal: TestPortal) -> None:
        problem(portal.client().post(PATH, data=b"x" * (64 * 1024 + 1)), 413)

    @pytest.mark.parametrize("length", [64 * 1024 + 1, 64 * 1024 + 2, 10 * 1024 * 1024])
    def test_is_told_of_a_body_that_does_not_say_how_long_it_is(self, portal: TestPortal, length: int) -> None:
        stream = Pieces(b"x" * length)
        problem(portal.client().post(PATH, input_stream=stream, environ_overrides=CHUNKED), 413)
        assert stream.tell() == length
        assert stream.largest <= 64 * 1024 + 1

    @pytest.mark.parametrize("chunked", [False, True])
    def test_sixty_four_kibibytes_are_not(self, portal: TestPortal, chunked: bool) -> None:
        subject = register(portal)
        body = json.dumps(document(subject=subject, event_id="full")).encode().ljust(64 * 1024)
        headers = signed(body, "full", WEBHOOK_SECRET, portal.clock())
        how: dict[str, Any] = (
            {"input_stream": BytesIO(body), "environ_overrides": CHUNKED} if chunked else {"data": body}
        )
        assert portal.client().post(PATH, headers=headers, **how).status_code == 204


class TestHeadersMissing:
    @pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
    @pytest.mark.parametrize("instead", [None, ""])
    def test_is_told_before_the_body_is_read_as_json(
        self, portal: TestPortal, missing: str, instead: str | None
    ) -> None:
        headers = {name: value for name, value in NEVER_SIGNED.items() if name != missing}
        response = portal.client().post(
            PATH, data=b"not json", headers=headers if instead is None else {**headers, missing: instead}
        )
        assert "webhook-signature" in problem(response, 401)["detail"]
        assert response.headers["WWW-Authenticate"]


class TestNotJson:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"not json",
            b'{"data": NaN}',
            b'{"data": -Infinity}',
            b'{"data": 1e999}',
            b'{"id": "1", "id": "2"}',
            b'{"id": "\\ud800"}',
            b'{"id": "\xff"}',
            b"\xef\xbb\xbf{}",
            b"[" * 60_000,
            b"[" * 500 + b"]" * 500,
            b'{"data": ' + b"9" * 60_000 + b"}",
            '{"id": "één"}'.encode("utf-16"),
        ],
    )
    def test_is_told_before_the_signature_is_looked_at(self, portal: TestPortal, body: bytes) -> None:
        assert "JSON" in problem(portal.client().post(PATH, data=body, headers=NEVER_SIGNED), 400)["detail"]

    @pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
    def test_is_told_of_another_content_type(self, portal: TestPortal, content_type: str) -> None:
        headers = {**NEVER_SIGNED, "Content-Type": content_type}
        assert "Content-Type" in problem(portal.client().post(PATH, data=b"{}", headers=headers), 400)["detail"]

    @pytest.mark.parametrize("content_type", [f"{CLOUD_EVENT}; charset=UTF-8", "application/json"])
    def test_plain_json_and_parameters_are_taken(self, portal: TestPortal, content_type: str) -> None:
        assert send(portal, document(subject=register(portal)), Content_Type=content_type).status_code == 204


class TestNotProven:
    """One same answer for everything that is wrong with signature, time or municipality."""

    def refusals(self, portal: TestPortal) -> dict[str, TestResponse]:
        message = document(subject=register(portal))
        now = portal.clock()
        return {
            "another's secret": send(portal, message, secret=OTHER_WEBHOOK_SECRET),
            "too old": send(portal, message, at=now - timedelta(minutes=5, seconds=1)),
            "too new": send(portal, message, at=now + timedelta(minutes=5, seconds=1)),
            "not a time": send(portal, message, webhook_timestamp="soon"),
            "endless time": send(portal, message, webhook_timestamp="9" * 400),
            "not base64": send(portal, message, webhook_signature="v1,%%%"),
            "no version": send(portal, message, webhook_signature="x"),
            "another version": send(portal, message, webhook_signature="v1a,x v2,y"),
            "not ASCII": send(portal, message, webhook_signature="v1,é"),
            "another id": send(portal, message, webhook_id="another"),
            "no such municipality": send(portal, document(sender="GM9999"), secret=WEBHOOK_SECRET),
            "not connected": send(portal, document(sender="GM0518"), secret=WEBHOOK_SECRET),
            "without secrets": send(portal, document(sender=WITHOUT_SECRETS), secret=WEBHOOK_SECRET),
            "no source": send(portal, {"id": "x"}, secret=WEBHOOK_SECRET),
            "source is a number": send(portal, {"id": "x", "source": 363}, secret=WEBHOOK_SECRET),
            "digits of another script": send(portal, document(sender="٠٣٦٣"), secret=WEBHOOK_SECRET),
            "not an object": send(portal, b"[]", secret=WEBHOOK_SECRET),
            "invalid too": send(portal, document("nonsense"), secret=OTHER_WEBHOOK_SECRET),
        }

    def test_gives_one_same_answer(self, portal: TestPortal) -> None:
        refusals = self.refusals(portal)
        first = next(iter(refusals.values()))
        problem(first, 401)
        for reason, response in refusals.items():
            assert response.status_code == 401, reason
            assert response.data == first.data, reason
            assert response.headers == first.headers, reason
        assert counts(portal) == NOTHING_KEPT

    def test_five_minutes_of_difference_are_taken(self, portal: TestPortal) -> None:
        for minutes in (-5, 5):
            message = document(subject=register(portal))
            assert send(portal, message, at=portal.clock() + timedelta(minutes=minutes)).status_code == 204


class TestNotAnEvent:
    def test_names_all_mistakes_at_once_by_pointer(self, portal: TestPortal) -> None:
        message = document("niets", subject="12", specversion="2", at="gisteren", aantalSchuldeisers=0)
        del message["type"]
        message["data"]["Jan Jansen"] = "Jan Jansen"
        response = send(portal, message)
        assert pointers(response) == {
            "/type",
            "/subject",
            "/data",
            "/data/status",
            "/data/ingegaanOp",
            "/data/aantalSchuldeisers",
        }

    def test_never_repeats_what_was_sent(self, portal: TestPortal) -> None:
        message = document(
            "planted", subject="planted", event_id="planted", planted="planted", ontvangstnummer="p" * 41
        )
        message["planted"] = "planted"
        response = send(portal, message)
        problem(response, 400)
        assert b"planted" not in response.data

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"specversion": "1.1"}, "/specversion"),
            ({"type": "nl.example.other"}, "/type"),
            ({"id": "with space"}, "/id"),
            ({"id": "line end\n"}, "/id"),
            ({"id": 5}, "/id"),
            ({"source": "urn:nld:gemeentecode:0363"}, "/source"),
            ({"source": "urn:nld:gemeentecode:0363:x\n"}, "/source"),
            ({"subject": "0e1c8a529f0e4c368f5e3d1f4d0a7b21"}, "/subject"),
            ({"subject": "0e1c8a5_-9f0e-4c36-8f5e-3d1f4d0a7b21"}, "/subject"),
            ({"sequence": 3}, "/sequence"),
            ({"sequence": "3\n"}, "/sequence"),
            ({"sequence": "-1"}, "/sequence"),
            ({"sequence": "٣"}, "/sequence"),
            ({"sequencetype": "String"}, "/sequencetype"),
            ({"time": "2026-11-23"}, "/time"),
            ({"data": None}, "/data"),
        ],
    )
    def test_an_envelope_that_the_schema_refuses(
        self, portal: TestPortal, change: dict[str, Any], pointer: str
    ) -> None:
        message = {**document(), **change}
        response = send(portal, message, webhook_id="x", secret=WEBHOOK_SECRET) if pointer == "/id" else None
        if response is None:
            response = send(portal, message)
            assert pointers(response) == {pointer}
            return
        # A header cannot hold such an id, so the signature is made over another.
        body = json.dumps(message).encode()
        headers = signed(body, "x", WEBHOOK_SECRET, portal.clock())
        assert pointer in pointers(portal.client().post(PATH, data=body, headers=headers))

    @pytest.mark.parametrize(
        ("status", "data", "pointer"),
        [
            ("contact-gelegd", {"kanaal": "fax"}, "/data/kanaal"),
            ("contact-gelegd", {"at": "2026-11-23T09:04:00"}, "/data/ingegaanOp"),
            ("contact-gelegd", {"at": "2026-11-23T09:04:00Z\n"}, "/data/ingegaanOp"),
            ("contact-gelegd", {"at": "2026-02-30T09:04:00Z"}, "/data/ingegaanOp"),
            ("contact-gelegd", {"at": "0001-01-01T00:00:00+14:00"}, "/data/ingegaanOp"),
            ("contact-gelegd", {"at": "9999-12-31T23:59:59Z"}, "/data/ingegaanOp"),
            ("contact-gelegd", {"onbekend": 1}, "/data"),
            ("contact-gelegd", {"ontvangstnummer": 12}, "/data/ontvangstnummer"),
            ("gesprek-gepland", {}, "/data/afspraak"),
            ("gesprek-gepland", {"afspraak": None}, "/data/afspraak"),
            ("gesprek-gepland", {"afspraak": {"vorm": "kantoor"}}, "/data/afspraak/begint"),
            (
                "gesprek-gepland",
                {"afspraak": {"begint": "2026-12-01T10:00:00Z", "vorm": "wandeling"}},
                "/data/afspraak/vorm",
            ),
            ("kennisgeving-verstuurd", {"pauzeTot": "24-07-2027"}, "/data/pauzeTot"),
            ("kennisgeving-verstuurd", {"aantalSchuldeisers": 501}, "/data/aantalSchuldeisers"),
            ("kennisgeving-verstuurd", {"aantalSchuldeisers": True}, "/data/aantalSchuldeisers"),
            ("doorgestuurd", {}, "/data/gemeentecode"),
            ("doorgestuurd", {"gemeentecode": None}, "/data/gemeentecode"),
            ("doorgestuurd", {"gemeentecode": "GM0344\n"}, "/data/gemeentecode"),
            ("herroepen", {}, "/data/herroept"),
        ],
    )
    def test_data_that_the_schema_refuses(
        self, portal: TestPortal, status: str, data: dict[str, Any], pointer: str
    ) -> None:
        assert pointers(send(portal, document(status, subject=register(portal), **data))) == {pointer}

    def test_without_a_status_only_that_is_missed(self, portal: TestPortal) -> None:
        message = document()
        del message["data"]["status"]
        assert pointers(send(portal, message)) == {"/data/status"}

    def test_an_id_that_is_not_the_webhook_id(self, portal: TestPortal) -> None:
        body = json.dumps(document(subject=register(portal), event_id="one")).encode()
        headers = signed(body, "other", WEBHOOK_SECRET, portal.clock())
        assert pointers(portal.client().post(PATH, data=body, headers=headers)) == {"/id"}
        assert counts(portal) == NOTHING_KEPT


class TestCannotBeTrue:
    @pytest.mark.parametrize(
        ("status", "data", "pointer"),
        [
            ("contact-gelegd", {"at": "2026-11-23T09:14:01Z"}, "/data/ingegaanOp"),
            ("contact-gelegd", {"at": "9000-01-01T00:00:00Z"}, "/data/ingegaanOp"),
            ("contact-gelegd", {"at": "2026-11-22T22:59:59Z"}, "/data/ingegaanOp"),
            ("kennisgeving-verstuurd", {"pauzeTot": "2026-11-22"}, "/data/pauzeTot"),
            ("kennisgeving-verstuurd", {"pauzeTot": "2027-07-24"}, "/data/pauzeTot"),
            ("doorgestuurd", {"gemeentecode": "GM9999"}, "/data/gemeentecode"),
            ("doorgestuurd", {"gemeentecode": AMSTERDAM}, "/data/gemeentecode"),
            ("herroepen", {"event_id": "self", "herroept": "self"}, "/data/herroept"),
        ],
    )
    def test_is_refused(self, portal: TestPortal, status: str, data: dict[str, Any], pointer: str) -> None:
        response = send(portal, document(status, subject=register(portal), **data))
        assert pointers(response) == {pointer}
        assert counts(portal) == NOTHING_KEPT

    @pytest.mark.parametrize(
        ("status", "data"),
        [
            ("contact-gelegd", {"at": "2026-11-23T09:14:00Z"}),
            # The same Dutch day as the press, although hours before it and on another day in UTC.
            ("contact-gelegd", {"at": "2026-11-22T23:00:00Z"}),
            ("contact-gelegd", {"at": "2026-11-23T10:04:00.123456789+01:00"}),
            ("contact-gelegd", {"pauzeTot": "1999-01-01", "gemeentecode": "GM9999", "herroept": "x"}),
            ("kennisgeving-verstuurd", {"pauzeTot": "2026-11-23"}),
            ("kennisgeving-verstuurd", {"pauzeTot": "2027-07-23", "aantalSchuldeisers": 5.0}),
            ("kennisgeving-verstuurd", {"pauzeTot": None}),
            ("contact-gelegd", {"sequence": "9" * 50_000}),
            ("doorgestuurd", {"gemeentecode": UTRECHT}),
        ],
    )
    def test_what_just_can_be_true_is_kept(self, portal: TestPortal, status: str, data: dict[str, Any]) -> None:
        assert send(portal, document(status, subject=register(portal), **data)).status_code == 204

    def test_is_named_together_with_a_wrong_id(self, portal: TestPortal) -> None:
        body = json.dumps(document(at="2026-11-24T09:04:00Z", event_id="one")).encode()
        headers = signed(body, "other", WEBHOOK_SECRET, portal.clock())
        assert pointers(portal.client().post(PATH, data=body, headers=headers)) == {"/id", "/data/ingegaanOp"}
