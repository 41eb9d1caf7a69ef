"""Requests that no page of ours leads to: nothing is changed, and the answer shows the way on."""

from __future__ import annotations

import pytest

from citizen_portal.directory.municipality import Directory
from citizen_portal.journey.answers import Answers
from citizen_portal.journey.completed import request_for_help
from tests.support.portal import TestPortal
from tests.support.walk import ZOE, begin


def _draft(path: str) -> str:
    return path.rpartition("/")[0]


def test_a_question_that_does_not_exist_is_not_found(portal: TestPortal) -> None:
    walk = begin(portal)
    for method in ("GET", "POST"):
        answer = portal.client().open(f"{_draft(walk.path)}/shoe-size", method=method)
        assert answer.status_code == 404


def test_an_answer_to_a_question_that_is_not_asked_yet_is_not_kept(portal: TestPortal) -> None:
    walk = begin(portal).to_step("address")
    walk.post(ZOE["name"], path=f"{_draft(walk.path)}/name")
    assert walk.step == "address"
    walk.to_step("name")
    assert "Jansen" not in walk.text


def test_the_button_of_a_draft_with_an_open_question_leads_to_that_question(portal: TestPortal) -> None:
    walk = begin(portal).to_step("urgent")
    walk.post({"press": "yes"}, path=f"{_draft(walk.path)}/check")
    assert walk.step == "urgent"


def test_delete_without_its_own_token_asks_again_and_erases_nothing(portal: TestPortal) -> None:
    walk = begin(portal).to_step("address")
    token, draft = walk.token, _draft(walk.path)
    walk.post({}, path=f"{draft}/delete", token=token)
    assert walk.step == "delete" and walk.page.status_code == 200
    assert walk.get(f"{draft}/address").page.status_code == 200


def test_answers_without_a_municipality_are_no_request() -> None:
    with pytest.raises(ValueError, match="no municipality"):
        request_for_help(Answers(), municipality_name="", language="nl")


def test_a_municipality_that_is_no_more_is_asked_for_again(portal: TestPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = begin(portal).to_check()
    get = Directory.get
    monkeypatch.setattr(Directory, "get", lambda self, code: None if code == "GM0363" else get(self, code))
    walk.press()
    assert walk.step == "municipality"
    walk.post({"municipality": "GM0344"}).press()
    assert "/s/" in walk.path, walk.text
