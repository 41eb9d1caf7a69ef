"""Redundant entry (WCAG 2.2, 3.3.7): what somebody gave is there where it is needed again."""

from __future__ import annotations

import re

import pytest

from tests.support.databases import on_engine
from tests.support.portal import TestPortal
from tests.support.walk import ZOE, Form, Walk, begin

# Nothing here hangs on the database.
pytestmark = on_engine("sqlite")

_ADDRESS = "noor@example.nl"


def _value(walk: Walk, name: str) -> str:
    """What stands in this text field of the page."""
    field = re.search(rf'<input[^>]*\bname="{name}"[^>]*>', walk.text)
    assert field, f"{name} is not on {walk.step}"
    found = re.search(r' value="([^"]*)"', field[0])
    return found[1] if found else ""


def _given(walk: Walk) -> set[tuple[str, str]]:
    """All that is filled in, chosen or ticked on the page, by the name of its field."""
    fields = re.findall(r"<input[^>]*>", walk.text)
    typed = {
        (name[1], value[1])
        for one in fields
        if (name := _NAME.search(one))
        and (value := _VALUE.search(one))
        and (" checked" in one or not re.search(r'type="(?:radio|checkbox|hidden)"', one))
        and value[1]
    }
    lists = re.findall(r'<select[^>]*\bname="([^"]+)"[^>]*>.*?<option value="([^"]*)"[^>]* selected', walk.text, re.S)
    return typed | set(lists)


_NAME, _VALUE = re.compile(r'\bname="([^"]+)"'), re.compile(r'\bvalue="([^"]*)"')


def test_the_address_for_messages_is_the_one_that_was_given(sending_portal: TestPortal) -> None:
    contact: Form = {**ZOE["contact"], "email": _ADDRESS, "phone": "06-87654321"}
    walk = begin(sending_portal).to_step("updates", {"contact": contact})
    assert _value(walk, "updates_email") == _ADDRESS
    assert _value(walk, "updates_phone").replace(" ", "") == "0687654321"


@pytest.mark.parametrize("for_whom", ["self", "other"])
def test_who_goes_back_finds_every_answer_in_its_place(sending_portal: TestPortal, for_whom: str) -> None:
    given: dict[str, Form] = {"for-whom": {"for_whom": for_whom}}
    walk = begin(sending_portal).to_check(given)
    steps = [step for step in dict.fromkeys(walk.seen) if step in ZOE]
    assert {"for-whom", "address", "name", "contact", "updates"} <= set(steps)
    check = walk.path
    for step in steps:
        shown = _given(walk.get(check.replace("/check", f"/{step}")))
        asked = {**ZOE, **given}[step]
        answered = {name for name, value in asked.items() if value}
        assert answered <= {name for name, _ in shown}, step


@pytest.mark.parametrize("for_whom", ["self", "other"])
def test_no_field_is_asked_by_two_questions(sending_portal: TestPortal, for_whom: str) -> None:
    walk = begin(sending_portal)
    asked: dict[str, str] = {}
    while (step := walk.step) != "check":
        for name in set(re.findall(r'<(?:input|select)[^>]*\bname="([^"]+)"', walk.text)) - {"form_token", "q"}:
            assert asked.setdefault(name, step) == step, f"{name} is asked by {asked[name]} and by {step}"
        walk.post({"for_whom": for_whom} if step == "for-whom" else ZOE[step])


def test_a_mistake_in_one_field_costs_none_of_the_others(portal: TestPortal) -> None:
    walk = begin(portal).to_step("name")
    walk.post({**ZOE["name"], "birth_date_day": "31", "birth_date_month": "2"})
    assert walk.page.status_code == 422
    assert _value(walk, "given_name") == "Zoë"
    assert (_value(walk, "birth_date_day"), _value(walk, "birth_date_year")) == ("31", "1980")
