"""What every answer of the API has, and how floods are answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from limits import RateLimitItemPerMinute
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from citizen_portal.progress import api, intake_events
from citizen_portal.web import limits
from tests.progress.sending import (
    PATH,
    UTRECHT,
    document,
    problem,
    register,
    send,
)
from tests.support.portal import OTHER_WEBHOOK_SECRET, TestPortal, make_portal


class TestFloods:
    @pytest.fixture
    def limited(self, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestPortal]:
        for name in ("events", "refused-events"):
            small = limits._Limit(RateLimitItemPerMinute(2, namespace=name), limits._LIMITS[name].by)
            monkeypatch.setitem(limits._LIMITS, name, small)
        made = make_portal(tmp_path, database_url, environ={"PORTAL_LIMITS": "on"})
        yield made
        made.database.close()

    def test_of_refused_signatures_are_stopped_for_their_network_alone(self, limited: TestPortal) -> None:
        def refused() -> TestResponse:
            return send(limited, document(), secret=OTHER_WEBHOOK_SECRET)

        assert [refused().status_code for _ in range(2)] == [401, 401]
        limited.clock.pass_by(seconds=20)
        response = refused()
        problem(response, 429)
        assert response.headers["Retry-After"] == "40"
        # The flood does not shut out who signs well behind the same address.
        assert send(limited, document()).status_code == 202
        limited.clock.pass_by(seconds=40)
        assert refused().status_code == 401

    def test_of_one_municipality_are_stopped_for_that_one_alone(self, limited: TestPortal) -> None:
        assert [send(limited, document()).status_code for _ in range(3)] == [202, 202, 429]
        response = send(limited, document("nonsense"))
        problem(response, 429)
        assert response.headers["Retry-After"] == "60"
        assert send(limited, document(sender=UTRECHT)).status_code == 202


class TestEveryAnswer:
    def answers(self, portal: TestPortal) -> list[TestResponse]:
        client = portal.client()
        return [
            send(portal, document(subject=register(portal))),
            send(portal, document()),
            send(portal, document("nonsense")),
            send(portal, document(), webhook_signature="x"),
            client.get("/api/v1/openapi.json"),
            client.get(PATH),
            client.delete(PATH),
            client.options(PATH),
            client.get("/api/v1/"),
            client.post(f"{PATH}/"),
            client.get("/api/"),
            client.get("/api/v2/gebeurtenissen"),
            client.get("/api/v1/openapi.json", headers={"Host": "elsewhere.example"}),
        ]

    def test_carries_version_and_security_headers_and_no_cookie(self, portal: TestPortal) -> None:
        for response in self.answers(portal):
            assert response.headers["API-Version"] == "1.0.0"
            assert response.headers["Cache-Control"] == "no-store"
            assert response.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["X-Frame-Options"] == "DENY"
            assert "Strict-Transport-Security" not in response.headers
            assert "Set-Cookie" not in response.headers
            if response.status_code >= 400:
                problem(response, response.status_code)

    def test_asks_for_https_where_that_is_how_the_portal_is_reached(self, tmp_path: Path) -> None:
        portal = make_portal(tmp_path, environ={"PORTAL_BASE_URL": "https://localhost"})
        for response in self.answers(portal):
            assert "max-age" in response.headers["Strict-Transport-Security"]

    def test_a_wrong_method_names_the_right_one(self, portal: TestPortal) -> None:
        response = portal.client().get(PATH)
        problem(response, 405)
        assert "POST" in response.headers["Allow"]

    def test_other_pages_are_left_alone(self, portal: TestPortal) -> None:
        response = portal.client().get("/healthz")
        assert "API-Version" not in response.headers

    @pytest.mark.parametrize(
        ("error", "status"), [(OperationalError("", {}, Exception()), 503), (RuntimeError("planted"), 500)]
    )
    def test_is_a_problem_document_also_when_something_breaks(
        self, portal: TestPortal, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
    ) -> None:
        def breaks(*_args: object, **_more: object) -> None:
            raise error

        monkeypatch.setattr(intake_events, "receive", breaks)
        response = send(portal, document())
        problem(response, status)
        assert b"planted" not in response.data
        assert response.headers["API-Version"] == api.API_VERSION
