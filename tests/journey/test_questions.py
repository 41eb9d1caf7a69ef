"""A question is whole: a step, a form, a page, and a place on the check page."""

from __future__ import annotations

import pytest

from citizen_portal import resources
from citizen_portal.journey.questions import FORMS
from citizen_portal.journey.steps import STEPS
from tests.support.databases import on_engine
from tests.support.portal import TestPortal
from tests.support.walk import ZOE, begin

NAMES = [step.name for step in STEPS]


def test_there_is_a_form_for_each_step_and_no_other() -> None:
    assert sorted(FORMS) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_step_has_a_page(name: str) -> None:
    assert (resources.folder("templates") / "steps" / f"{name}.html").is_file()


@on_engine("sqlite")
def test_each_answer_can_be_changed_from_the_check_page(sending_portal: TestPortal) -> None:
    portal = sending_portal
    helped = begin(portal).to_check({"for-whom": {"for_whom": "other"}})
    alone = begin(portal).to_check()
    links = [name for name in NAMES if f'href="{name}"' in helped.text + alone.text]
    assert links == NAMES
    assert set(ZOE) >= set(NAMES)
