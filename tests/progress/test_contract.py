"""What is published is what the contract says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from citizen_portal.progress import api
from citizen_portal.progress.document import SCHEMA, schema_mistakes
from citizen_portal.progress.events import Status
from citizen_portal.progress.facts import Headline
from tests.progress.sending import document
from tests.support.portal import TestPortal

SHARED = Path(__file__).parents[3] / "shared"


def test_the_schema_is_the_contracts() -> None:
    original = SHARED / "contract" / "event.schema.json"
    if not original.exists():
        pytest.skip("../shared is absent: the copy of event.schema.json cannot be compared")
    assert json.loads(original.read_text(encoding="utf-8")) == SCHEMA


def test_every_pattern_of_the_schema_may_be_matched_whole() -> None:
    def patterns(node: Any) -> list[str]:
        if isinstance(node, dict):
            here = [node["pattern"]] if isinstance(node.get("pattern"), str) else []
            return here + [found for child in node.values() for found in patterns(child)]
        return [found for child in node for found in patterns(child)] if isinstance(node, list) else []

    found = patterns(SCHEMA)
    assert found
    assert all(pattern.startswith("^") and pattern.endswith("$") for pattern in found)


def test_every_status_of_the_schema_is_known_and_all_but_one_can_be_the_headline() -> None:
    statuses = SCHEMA["properties"]["data"]["properties"]["status"]["enum"]
    assert sorted(statuses) == sorted(Status)
    assert {*Headline} == {*statuses, "ingediend"} - {"herroepen"}


class TestDescription:
    @pytest.fixture
    def described(self, portal: TestPortal) -> dict[str, Any]:
        response = portal.client().get("/api/v1/openapi.json")
        assert response.status_code == 200
        assert response.mimetype == "application/json"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        described: dict[str, Any] = json.loads(response.data)
        return described

    def test_names_this_portal_and_this_version(self, described: dict[str, Any]) -> None:
        assert [server["url"] for server in described["servers"]] == ["http://127.0.0.1:8000/api/v1"]
        assert described["info"]["version"] == api.API_VERSION

    def test_holds_the_schema_of_the_contract(self, described: dict[str, Any]) -> None:
        assert described["components"]["schemas"]["Gebeurtenis"] == SCHEMA

    def test_tells_every_answer(self, described: dict[str, Any]) -> None:
        answers = described["paths"]["/gebeurtenissen"]["post"]["responses"]
        assert set(answers) == {"202", "204", "400", "401", "413", "429", "503"}
        assert all("API-Version" in answer["headers"] for answer in answers.values())

    def test_its_example_is_an_event(self, described: dict[str, Any]) -> None:
        content = described["paths"]["/gebeurtenissen"]["post"]["requestBody"]["content"]
        assert schema_mistakes(content["application/cloudevents+json"]["example"]) == []

    def test_every_path_in_it_is_there(self, described: dict[str, Any], portal: TestPortal) -> None:
        rules = {rule.rule for rule in portal.app.url_map.iter_rules()}
        assert {f"/api/v1{path}" for path in described["paths"]} <= rules


def test_an_example_of_each_status_is_an_event() -> None:
    extra: dict[str, dict[str, object]] = {
        "gesprek-gepland": {"afspraak": {"begint": "2026-12-01T10:00:00+01:00", "vorm": "kantoor"}},
        "doorgestuurd": {"gemeentecode": "GM0344"},
        "herroepen": {"herroept": "1"},
    }
    for status in Status:
        assert schema_mistakes(document(status.value, **extra.get(status.value, {}))) == []  # type: ignore[arg-type]
