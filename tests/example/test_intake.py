"""What the portal may count on when it calls the example intake (contract/intake.md)."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from citizen_portal.example import intake
from tests.example.conftest import REGISTRATION, TOKEN, Deliver
from tests.example.portal_stand_in import schema

ID = REGISTRATION["aanmeldingId"]
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", "Idempotency-Key": f'"{ID}"'}


def send(client: FlaskClient, path: str, message: Any, **headers: str) -> TestResponse:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return client.post(path, data=body, headers={**HEADERS, **headers})


def kept(tmp_path: Path) -> list[tuple[str, bytes]]:
    connection = sqlite3.connect(tmp_path / "intake.db")
    try:
        return connection.execute("SELECT kind, body FROM messages ORDER BY number").fetchall()
    finally:
        connection.close()


def test_the_registration_of_these_tests_is_one_that_the_portal_could_send() -> None:
    Draft202012Validator(schema("registration")).validate(REGISTRATION)


def test_what_suppliers_read_stays_short() -> None:
    assert len(Path(intake.__file__).read_text(encoding="utf-8").splitlines()) <= 255


def test_a_registration_is_received_once_and_answered_alike_ever_after(deliver: Deliver, tmp_path: Path) -> None:
    first, second = deliver(), deliver()

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    assert first.json is not None
    assert first.json["aanmeldingId"] == ID
    assert first.json["ontvangstnummer"].startswith("Z-20")
    assert first.json["ontvangenOp"].endswith("Z")
    assert len(kept(tmp_path)) == 1


def test_the_bytes_are_kept_as_they_came(client: FlaskClient, tmp_path: Path) -> None:
    body = json.dumps(REGISTRATION, indent=3).encode()

    assert send(client, "/v1/aanmeldingen", body).status_code == 201
    assert kept(tmp_path) == [("aanmelding", body)]


def test_the_database_can_be_read_by_its_owner_only(deliver: Deliver, tmp_path: Path) -> None:
    deliver()

    assert (tmp_path / "intake.db").stat().st_mode & 0o777 == 0o600


def test_fields_of_a_later_version_are_ignored(deliver: Deliver) -> None:
    assert deliver(schemaVersie="1.1", nieuw={"veld": [1, 2]}).status_code == 201


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"])
def test_nobody_enters_without_the_token(client: FlaskClient, header: str, tmp_path: Path) -> None:
    answers = [
        send(client, "/v1/aanmeldingen", REGISTRATION, Authorization=header),
        send(client, f"/v1/aanmeldingen/{ID}/aanvullingen", {}, Authorization=header),
        send(client, f"/v1/aanmeldingen/{ID}/intrekking", {}, Authorization=header),
        client.get(f"/v1/aanmeldingen/{ID}", headers={"Authorization": header}),
    ]

    assert [answer.status_code for answer in answers] == [401] * 4
    assert answers[0].content_type == "application/problem+json"
    assert answers[0].headers["WWW-Authenticate"] == "Bearer"
    assert kept(tmp_path) == []


@pytest.mark.parametrize("key", ["", ID, '"another"', '"c1b1a6c0-0000-4000-8000-000000000000"'])
def test_the_idempotency_key_is_the_quoted_id(client: FlaskClient, key: str) -> None:
    answer = send(client, "/v1/aanmeldingen", REGISTRATION, **{"Idempotency-Key": key})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe\x00", 400),
        (b"[" * 60_000, 400),
        (b'{"aanmeldingId": "\\ud800"}', 400),
        (b"null", 422),
        (b"[]", 422),
        (b'"text"', 422),
        (b"{}", 422),
        (b'{"aanmeldingId": 12}', 422),
        (b'{"aanmeldingId": ["x"]}', 422),
        (json.dumps({"aanmeldingId": ID}).encode(), 422),
        (json.dumps({**REGISTRATION, "inwoner": "Zoë"}).encode(), 422),
        (json.dumps({**REGISTRATION, "hulpvraag": []}).encode(), 422),
        (b" " * 70_000, 413),
    ],
)
def test_a_body_that_is_no_registration_is_refused_with_a_reason(
    client: FlaskClient, body: bytes, status: int, tmp_path: Path
) -> None:
    answer = send(client, "/v1/aanmeldingen", body)

    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["detail"]
    assert kept(tmp_path) == []


@pytest.mark.parametrize(("kind", "id_name"), [("aanvullingen", "aanvullingId"), ("intrekking", "intrekkingId")])
def test_what_comes_later_is_received_once(
    client: FlaskClient, deliver: Deliver, kind: str, id_name: str, tmp_path: Path
) -> None:
    deliver()
    message = {id_name: str(uuid4()), "ingediendOp": "2026-11-24T09:00:00Z"}
    key = {"Idempotency-Key": f'"{message[id_name]}"'}

    answers = [send(client, f"/v1/aanmeldingen/{ID}/{kind}", message, **key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 200]
    assert [row[0] for row in kept(tmp_path)] == ["aanmelding", kind]


def test_an_addition_to_an_unknown_registration_does_not_look_like_a_wrong_address(client: FlaskClient) -> None:
    message = {"aanvullingId": str(uuid4())}
    key = {"Idempotency-Key": f'"{message["aanvullingId"]}"'}

    # 404 would make the portal hold back everything for this municipality.
    assert send(client, f"/v1/aanmeldingen/{ID}/aanvullingen", message, **key).status_code == 422


def test_the_portal_can_ask_for_the_events_of_a_registration(client: FlaskClient, deliver: Deliver) -> None:
    unknown = client.get(f"/v1/aanmeldingen/{ID}", headers=HEADERS)
    deliver()
    known = client.get(f"/v1/aanmeldingen/{ID}", headers=HEADERS)

    assert unknown.status_code == 404
    assert known.json == {"aanmeldingId": ID, "gebeurtenissen": []}
