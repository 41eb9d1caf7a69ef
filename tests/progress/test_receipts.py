"""Receipts of Notify: who may bring them, what they change, and that they tell nobody anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from limits import RateLimitItemPerMinute
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from citizen_portal.storage import message_choices
from citizen_portal.storage.message_choices import MessageChoice
from citizen_portal.web import limits
from tests.progress.sending import problem
from tests.support.deliveries import another_registration, press
from tests.support.lanes import notice, supplement
from tests.support.portal import TestPortal, make_portal

PATH = "/api/v1/notify-bonnen"
TOKEN = "a-token-that-the-operator-chose-for-notify"


@pytest.fixture
def portal(tmp_path: Path, database_url: str) -> Iterator[TestPortal]:
    """A portal that takes receipts."""
    made = make_portal(tmp_path, database_url, environ={"PORTAL_NOTIFY_CALLBACK_TOKEN": TOKEN})
    yield made
    made.database.close()


def _receipt(**changed: object) -> dict[str, object]:
    """As Notify's documentation has it."""
    said: dict[str, object] = {
        "id": str(uuid4()),
        "reference": str(uuid4()),
        "to": "zoe@example.org",
        "status": "permanent-failure",
        "created_at": "2026-11-23T09:04:00.000000Z",
        "completed_at": "2026-11-23T09:04:02.000000Z",
        "sent_at": "2026-11-23T09:04:01.000000Z",
        "notification_type": "email",
        "template_id": str(uuid4()),
        "template_version": 1,
    }
    return said | changed


def _bring(portal: TestPortal, body: object = None, *, token: str = f"Bearer {TOKEN}", **more: Any) -> TestResponse:
    data = body if isinstance(body, bytes) else json.dumps(_receipt() if body is None else body).encode()
    more = {"content_type": "application/json", **more}
    return portal.client().post(PATH, data=data, headers={"Authorization": token} if token else {}, **more)


def _choose(portal: TestPortal, registration_id: UUID) -> None:
    choice = MessageChoice(registration_id, "email", "nl", portal.keys.seal_body(b"x", b""), portal.clock())
    with portal.database.writing() as connection:
        message_choices.choose(connection, choice)


@pytest.fixture
def registration_id(portal: TestPortal) -> UUID:
    """Of somebody who chose messages."""
    registration = another_registration()
    press(portal.database, portal.keys, registration)
    _choose(portal, registration.id)
    return registration.id


def _failed(portal: TestPortal, registration_id: UUID) -> bool:
    with portal.database.reading() as connection:
        choice = message_choices.get(connection, registration_id)
    return choice is not None and choice.failed_at is not None


class TestWhatItChanges:
    @pytest.mark.parametrize("status", ["permanent-failure", "temporary-failure", "technical-failure", "delivered"])
    def test_a_failure_is_noted_with_the_choice(self, portal: TestPortal, registration_id: UUID, status: str) -> None:
        sent = notice(portal.database, portal.keys, registration_id)
        assert _bring(portal, _receipt(reference=str(sent), status=status)).status_code == 204
        assert _failed(portal, registration_id) == (status != "delivered")

    def test_a_repeat_changes_nothing_more(self, portal: TestPortal, registration_id: UUID) -> None:
        sent = notice(portal.database, portal.keys, registration_id)
        same = _receipt(reference=str(sent))
        assert [_bring(portal, same).status_code for _ in range(2)] == [204, 204]
        assert _failed(portal, registration_id)

    def test_a_later_message_that_arrived_mends_it_and_an_earlier_one_does_not(
        self, portal: TestPortal, registration_id: UUID
    ) -> None:
        first = notice(portal.database, portal.keys, registration_id)
        portal.clock.pass_by(minutes=1)
        _bring(portal, _receipt(reference=str(first)))
        _bring(portal, _receipt(reference=str(first), status="delivered"))
        assert _failed(portal, registration_id)
        portal.clock.pass_by(minutes=1)
        later = notice(portal.database, portal.keys, registration_id, now=portal.clock())
        _bring(portal, _receipt(reference=str(later), status="delivered"))
        assert not _failed(portal, registration_id)

    def test_it_says_nothing_of_an_address_that_was_chosen_since(
        self, portal: TestPortal, registration_id: UUID
    ) -> None:
        sent = notice(portal.database, portal.keys, registration_id)
        portal.clock.pass_by(minutes=1)
        _choose(portal, registration_id)
        assert _bring(portal, _receipt(reference=str(sent))).status_code == 204
        assert not _failed(portal, registration_id)

    def test_a_message_to_a_municipality_is_none_of_its_business(
        self, portal: TestPortal, registration_id: UUID
    ) -> None:
        sent = supplement(portal.database, portal.keys, registration_id)
        assert _bring(portal, _receipt(reference=str(sent))).status_code == 204
        assert not _failed(portal, registration_id)

    @pytest.mark.parametrize(
        "reference", [None, "", "welcome-mail", "x" * 5000, "c1b1a6c0-0000-4000-8000-000000000000"]
    )
    def test_what_is_not_ours_is_answered_like_what_is(
        self, portal: TestPortal, registration_id: UUID, reference: str | None
    ) -> None:
        sent = notice(portal.database, portal.keys, registration_id)
        ours, other = _bring(portal, _receipt(reference=str(sent))), _bring(portal, _receipt(reference=reference))
        assert (ours.status_code, ours.data, dict(ours.headers)) == (other.status_code, other.data, dict(other.headers))

    def test_a_choice_that_was_stopped_stays_stopped(self, portal: TestPortal, registration_id: UUID) -> None:
        sent = notice(portal.database, portal.keys, registration_id)
        with portal.database.writing() as connection:
            message_choices.remove(connection, registration_id)
        assert _bring(portal, _receipt(reference=str(sent))).status_code == 204
        with portal.database.reading() as connection:
            assert message_choices.get(connection, registration_id) is None

    def test_the_log_says_what_kind_and_no_address(self, portal: TestPortal) -> None:
        with capture_logs() as logged:
            _bring(portal)
        [line] = [one for one in logged if one["event"] == "notice.receipt"]
        assert line["status"] == "permanent-failure"
        assert "zoe" not in repr(logged)


class TestWhoMay:
    @pytest.mark.parametrize(
        "token", ["", TOKEN, "Bearer", "Bearer ", f"bearer {TOKEN}", f"Bearer {TOKEN} ", f"Bearer {TOKEN}x", "Bearer é"]
    )
    def test_only_who_brings_the_token(self, portal: TestPortal, registration_id: UUID, token: str) -> None:
        sent = notice(portal.database, portal.keys, registration_id)
        response = _bring(portal, _receipt(reference=str(sent)), token=token)
        problem(response, 401)
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert not _failed(portal, registration_id)

    def test_without_a_token_nobody(self, tmp_path: Path) -> None:
        portal = make_portal(tmp_path)
        assert [_bring(portal, token=token).status_code for token in ("Bearer ", "Bearer", "")] == [401] * 3
        portal.database.close()

    def test_the_token_is_asked_for_before_anything_else(self, portal: TestPortal) -> None:
        assert _bring(portal, b"nonsense", token="").status_code == 401

    def test_floods_of_wrong_tokens_are_stopped(
        self, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        small = limits._Limit(RateLimitItemPerMinute(2, namespace="refused-events"))
        monkeypatch.setitem(limits._LIMITS, "refused-events", small)
        environ = {"PORTAL_LIMITS": "on", "PORTAL_NOTIFY_CALLBACK_TOKEN": TOKEN}
        portal = make_portal(tmp_path, database_url, environ=environ)
        assert [_bring(portal, token="").status_code for _ in range(3)] == [401, 401, 429]
        assert _bring(portal).status_code == 204
        portal.database.close()


class TestBody:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"\xff",
            b"{",
            b'{"status": "delivered", "status": "delivered", "reference": null}',
            b"[" * 30_000,
            b"null",
            b"[]",
            _receipt(status="sent"),
            _receipt(status=["delivered"]),
            _receipt(status=None),
            _receipt(reference=7),
            {"status": "delivered"},
            {"reference": None},
        ],
    )
    def test_what_is_no_receipt_is_refused(self, portal: TestPortal, body: object) -> None:
        problem(_bring(portal, body), 400)

    def test_all_mistakes_are_told_at_once(self, portal: TestPortal) -> None:
        said = problem(_bring(portal, {"status": "sent", "reference": 7, "to": "zoe@example.org"}), 400)
        assert [error["location"]["pointer"] for error in said["errors"]] == ["/status", "/reference"]
        assert "zoe" not in json.dumps(said)

    def test_another_type_is_refused(self, portal: TestPortal) -> None:
        problem(_bring(portal, content_type="text/plain"), 400)

    def test_what_is_too_large_is_not_read(self, portal: TestPortal) -> None:
        problem(_bring(portal, _receipt(to="x" * 70_000)), 413)

    def test_fields_that_notify_adds_one_day_are_left_alone(self, portal: TestPortal) -> None:
        assert _bring(portal, _receipt(new={"deep": [1]})).status_code == 204


def test_the_answer_of_an_outbox_that_is_not_reached_is_to_come_again(
    portal: TestPortal, registration_id: UUID, lose_database: Any
) -> None:
    sent = notice(portal.database, portal.keys, registration_id)
    portal.database.close()
    lose_database()
    assert _bring(portal, _receipt(reference=str(sent))).status_code == 503
