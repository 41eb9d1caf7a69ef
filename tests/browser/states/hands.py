"""Filling in together: whose hands the form is in, and the way from one pair to the other."""

from __future__ import annotations

import re
from collections.abc import Callable

from werkzeug.test import TestResponse

from tests.browser.states.questions import AMSTERDAM, FOR_OTHER, OTHER
from tests.browser.states.state import Making, State, merged
from tests.support.portal import SetClock
from tests.support.walk import ZOE, Form, Walk

_MAY_NOT: dict[str, Form] = {"helper": {"helper_may_follow": ""}}
_CODE = re.compile(r'<p class="reference" dir="ltr">([^<]+)</p>')


def _helping(making: Making, step: str = "check", answers: dict[str, Form] | None = None) -> Walk:
    """A helper on the way, at this step."""
    making.found(AMSTERDAM)
    return making.begin(OTHER).to_step(step, merged(ZOE, FOR_OTHER, answers or {}))


def _own(making: Making, step: str = "check") -> Walk:
    """A resident on the way, at this step."""
    making.found(AMSTERDAM)
    return making.begin().to_step(step, ZOE)


def _at_handover(walk: Walk, *, shown: bool) -> Walk:
    walk.get(walk.path.rpartition("/")[0] + "/handover")
    return walk.post({}) if shown else walk


def _with_code(making: Making, walk: Walk) -> Walk:
    """Another device, at the button to go on."""
    found = _CODE.search(_at_handover(walk, shown=True).text)
    assert found, walk.text
    return Walk(walk.client, f"/{making.lang}/handover", walk.page).post({"code": found[1]})


def _taken_over(making: Making, walk: Walk, page: str = "check") -> TestResponse:
    other = _with_code(making, walk).post({})
    return other.get(other.path.rpartition("/")[0] + f"/{page}").page


def _code_is_over(making: Making) -> TestResponse:
    walk = _at_handover(_helping(making), shown=True)
    assert isinstance(making.portal.clock, SetClock)
    making.portal.clock.pass_by(minutes=11)
    return walk.get(walk.path).page


def _state(name: str, made: Callable[[Making], TestResponse], kind: str = "handover", status: int = 200) -> State:
    return State(name, kind, made, status)


HANDS: tuple[State, ...] = (
    _state("check-by-helper", lambda making: _helping(making).page, "check"),
    _state("check-by-helper-who-may-not-follow", lambda making: _helping(making, answers=_MAY_NOT).page, "check"),
    _state("check-taken-over", lambda making: _taken_over(making, _helping(making)), "check"),
    _state("letter-by-helper", lambda making: _letter(making).page, "letter"),
    _state("helper-taken-over", lambda making: _taken_over(making, _helping(making), "helper"), "helper"),
    _state("delete-by-helper", lambda making: _page_of(_helping(making), "delete"), "delete"),
    _state("handover-helpers", lambda making: _at_handover(_helping(making, "name"), shown=False).page),
    _state("handover-helpers-shown", lambda making: _at_handover(_helping(making), shown=True).page),
    _state("handover-code-is-over", _code_is_over),
    _state("handover-own", lambda making: _at_handover(_own(making, "name"), shown=False).page),
    _state("handover-own-shown", lambda making: _at_handover(_own(making), shown=True).page),
    _state("handover-old", lambda making: _old(_at_handover(_own(making), shown=False)), status=422),
    _state("take-over-helped", lambda making: _with_code(making, _helping(making)).page),
    _state("take-over-own", lambda making: _with_code(making, _own(making)).page),
    _state("take-over-old", lambda making: _old(_with_code(making, _own(making))), status=422),
    _state("enter-code", lambda making: making.get("handover")),
    _state("enter-code-wrong", lambda making: making.post("handover", {"code": "AAAA-AAAA"}), status=422),
)


def _letter(making: Making) -> Walk:
    return making.begin(OTHER).to_step("check", merged(ZOE, FOR_OTHER, {"municipality": {"municipality": "GM0518"}}))


def _page_of(walk: Walk, page: str) -> TestResponse:
    return walk.get(walk.path.rpartition("/")[0] + f"/{page}").page


def _old(walk: Walk) -> TestResponse:
    return walk.post({}, token="of another day").page
