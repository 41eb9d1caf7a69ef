"""All other pages: the start, the check page and the letter, what was erased, and everything that can go wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from citizen_portal.journey.press_views import PressUncertain
from citizen_portal.web.accessibility import Score, results
from citizen_portal.web.errors import TooManyRequests
from citizen_portal.web.information import SITUATIONS
from tests.browser.states.questions import AMSTERDAM, FOR_OTHER, NO_ADDRESS, UTRECHT, WITHOUT_HELPER
from tests.browser.states.standing import BY_SMS
from tests.browser.states.state import BREAKS, Kind, Making, State, merged
from tests.support.residents import NO_MESSAGES
from tests.support.walk import ZOE, Form, Walk

THE_HAGUE, WITHOUT_NUMBER = "GM0518", "GM0599"
NOT_YET = "GM0014"
_EVERY_WAY: Form = {
    "contact_by": ["phone", "email", "post", "helper", "self"],
    "phone": "06-12345678",
    "email": "zoe.wolfeschlegelsteinhausenbergerdorff@een-heel-lange-naam.example.nl",
    "safe_times": ["morning", "afternoon", "evening"],
    "voicemail": "yes",
    "contact_language": "ar",
    "interpreter": "yes",
}
_EVERY_KIND: Form = {"urgent": ["eviction", "gas", "electricity", "heating", "water", "health_insurance", "other"]}
LEAST: dict[str, Form] = {
    "urgent": {"urgent": "none"},
    "name": {"birth_date_day": "", "birth_date_month": "", "birth_date_year": ""},
    "contact": {
        "contact_by": ["self"],
        "phone": "",
        "email": "",
        "safe_times": [],
        "voicemail": "",
        "contact_language": "und",
    },
}
MOST: dict[str, Form] = {
    **FOR_OTHER,
    "helper": {"helper_email": "ria@schuldhulpmaatje.example.nl"},
    "urgent": _EVERY_KIND,
    "name": {"given_name": "Wolfeschlegelsteinhausenbergerdorff", "family_name": "van der Ŵyżşğ-O'Brien (علي)"},
    "contact": _EVERY_WAY,
}
_NO_MESSAGE: Form = {"contact_by": ["phone"], "voicemail": "no", "safe_times": []}


@dataclass(frozen=True, slots=True)
class Check:
    """The page before the press, with ZOE's answers and these; of a municipality that is not connected, the letter."""

    variant: str
    given: Mapping[str, Form] = field(default_factory=dict)
    found: tuple[str, ...] = ()
    start: Form = field(default_factory=dict)
    municipality: str = AMSTERDAM
    then: Callable[[Walk], object] | None = None
    status: int = 200
    on: Kind = Kind.SENDS

    @property
    def state(self) -> State:
        """The page as a state."""
        kind = "letter" if self.municipality in {THE_HAGUE, WITHOUT_NUMBER} else "check"
        return State(f"{kind}-{self.variant}", kind, self._made, self.status, self.on)

    def _made(self, making: Making) -> TestResponse:
        making.found(*self.found)
        given = merged(ZOE, self.given, {"municipality": {"municipality": self.municipality}})
        walk = making.begin(self.start).to_check(given)
        if self.then:
            self.then(walk)
        return walk.page


def _changed_elsewhere(walk: Walk) -> None:
    token, check = walk.token, walk.path
    walk.get(check.replace("/check", "/name")).post({"given_name": "Noor", "family_name": "de Wit"})
    walk.post({"press": "yes"}, path=check, token=token)


def _stood_open_too_long(walk: Walk) -> None:
    walk.post({"press": "yes"}, token="of another day")


def _twice(walk: Walk) -> None:
    token, check = walk.token, walk.path
    walk.press()
    walk.post({"press": "yes"}, path=check, token=token)


_CHECKS = (
    Check("usual"),
    Check("least", LEAST),
    Check("most", MOST),
    Check("at-an-address-that-is-known", found=(AMSTERDAM,)),
    Check("elsewhere", found=(AMSTERDAM,), start={"gemeente": UTRECHT}),
    Check("of-two", found=(AMSTERDAM, UTRECHT)),
    Check("messages-by-sms", {"updates": BY_SMS}),
    Check("no-messages", NO_MESSAGES),
    Check("silent", on=Kind.SILENT),
    Check("without-an-address", NO_ADDRESS),
    Check("without-the-helper", WITHOUT_HELPER),
    Check("no-message-spoken", {"contact": _NO_MESSAGE}),
    Check("changed-elsewhere", then=_changed_elsewhere, status=422),
    Check("old", then=_stood_open_too_long, status=422),
    Check("pressed-twice", then=_twice),
    Check("of-one-that-does-not-report", municipality=NOT_YET),
    Check("of-one-that-nobody-knows-of", municipality=UTRECHT),
    Check("usual", municipality=THE_HAGUE),
    Check("least", LEAST, municipality=WITHOUT_NUMBER),
    Check("most", MOST, municipality=THE_HAGUE),
    Check("without-an-address", NO_ADDRESS, municipality=THE_HAGUE),
    Check("no-message-spoken", {"contact": _NO_MESSAGE}, found=(THE_HAGUE,), municipality=THE_HAGUE),
    Check("changed-elsewhere", municipality=THE_HAGUE, then=_changed_elsewhere, status=422),
)


def _delete(making: Making) -> TestResponse:
    walk = making.begin().to_step("name")
    return walk.get(walk.path.replace("/name", "/delete")).page


def _deleted(making: Making) -> TestResponse:
    walk = making.begin().to_step("name")
    return walk.get(walk.path.replace("/name", "/delete")).post({}).page


def _draft_gone(making: Making) -> TestResponse:
    walk = making.begin()
    making.portal.clock.pass_by(hours=25)
    return walk.get(walk.path).page


def _too_much(making: Making) -> TestResponse:
    walk = making.begin().to_step("name")
    return walk.client.post(walk.path, data={"given_name": "x" * 1_000_000})


def _broken(error: Exception) -> Callable[[Making], TestResponse]:
    def made(making: Making) -> TestResponse:
        making.failure.error = error
        return making.get(BREAKS)

    return made


def _wrong_method(making: Making) -> TestResponse:
    return making.portal.client().post(f"/{making.lang}/privacy")


def _explained(situation: str) -> State:
    return State(f"what-if-{situation}", "situation", lambda making: making.get(f"what-if/{situation}"))


def _failed_tests(making: Making) -> TestResponse:
    """The statement after a run in which something failed, and with what Lighthouse gave every kind of page."""
    last = results()
    scores = tuple(Score(page, "nl", 98, 97, 96) for page in ("start", "question", "check", "status"))
    found = replace(last, checks=tuple(replace(check, failed=1) for check in last.checks), scores=scores)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("citizen_portal.web.information.results", lambda: found)
        # One that no other state asks for this page: what was rendered once is kept.
        return making.get(f"accessibility?gemeente={WITHOUT_NUMBER}")


OTHERS: tuple[State, ...] = (
    State("start", "start", lambda making: making.get()),
    State("start-of-a-municipality", "start", lambda making: making.get(f"?gemeente={AMSTERDAM}")),
    State("start-of-one-that-is-not-connected", "start", lambda making: making.get(f"?gemeente={THE_HAGUE}")),
    State("start-of-one-that-does-not-pause-yet", "start", lambda making: making.get(f"?gemeente={NOT_YET}")),
    State("start-of-one-that-nobody-knows-of", "start", lambda making: making.get(f"?gemeente={UTRECHT}")),
    State("start-helping", "start", lambda making: making.get("?helper=1")),
    State("start-helping-in-a-municipality", "start", lambda making: making.get(f"?helper=1&gemeente={AMSTERDAM}")),
    State("start-helping-without-a-connection", "start", lambda making: making.get(f"?gemeente={THE_HAGUE}&helper=1")),
    State("privacy", "privacy", lambda making: making.get("privacy")),
    State("helpers", "helpers", lambda making: making.get("helpers")),
    State("helpers-in-a-municipality", "helpers", lambda making: making.get(f"helpers?gemeente={AMSTERDAM}")),
    State("safety", "safety", lambda making: making.get("safety")),
    State("about", "about", lambda making: making.get("about")),
    State("accessibility", "accessibility", lambda making: making.get("accessibility")),
    State("accessibility-with-failures", "accessibility", _failed_tests),
    State("what-if", "what-if", lambda making: making.get("what-if/")),
    *(_explained(situation) for situation in SITUATIONS),
    State("what-if-with-a-number", "situation", lambda making: making.get(f"what-if/energy?gemeente={AMSTERDAM}")),
    *(check.state for check in _CHECKS),
    State("delete", "delete", _delete),
    State("deleted", "deleted", _deleted),
    State("error-draft-gone", "error", _draft_gone, 404),
    State("error-link-gone", "error", lambda making: making.get("s/abcdefgh"), 404),
    State("error-press-uncertain", "error", _broken(PressUncertain("a form token")), 503),
    State("error-400", "error", lambda making: making.get(Host="another.example"), 400),
    State("error-404", "error", lambda making: making.get("nothing-here"), 404),
    State("error-405", "error", _wrong_method, 405),
    State("error-413", "error", _too_much, 413),
    State("error-429", "error", _broken(TooManyRequests()), 429),
    State("error-500", "error", _broken(RuntimeError("broken")), 500),
    State("error-503", "error", _broken(OperationalError("select 1", {}, Exception("away"))), 503),
)
