"""Every question: before an answer, with one, and with each mistake that can be made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.test import TestResponse

from tests.browser.states.standing import BY_EMAIL, BY_SMS
from tests.browser.states.state import Making, State, merged
from tests.support.residents import NO_MESSAGES
from tests.support.walk import ZOE, Form

OTHER: Form = {"for_whom": "other"}
FOR_OTHER: dict[str, Form] = {"for-whom": OTHER}
WITHOUT_HELPER: dict[str, Form] = {**FOR_OTHER, "helper": {"helper_may_be_contacted": ""}}
NO_ADDRESS: dict[str, Form] = {"address": {"no_fixed_address": "yes"}}
AMSTERDAM, UTRECHT = "GM0363", "GM0344"
POSTCODES = {"3511AB": (UTRECHT,), "1381XX": (AMSTERDAM, UTRECHT)}
"""What the operator imported: where these postcodes may lie. ZOE's is not among them."""

_IN_UTRECHT: dict[str, Form] = {"address": {"postcode": "3511 AB"}}
_IN_TWO: dict[str, Form] = {"address": {"postcode": "1381 XX"}}
# Nuenen, Gerwen en Nederwetten: no municipality has a longer name.
NUENEN = "GM0820"
_TOO_LONG = "Wolfeschlegelsteinhausen" * 20
_BSN = "111222333"
_UNREADABLE = "Jans\ufffden"


@dataclass(frozen=True, slots=True)
class Question:
    """The page of `step`, reached with ZOE's answers and `before`; `typed` is what is then sent, if anything.

    `found` are the municipalities that the address register gives, `start` is what the start page sends, `search` is
    what is looked for, and `old` is a page that stood open too long.
    """

    step: str
    variant: str
    typed: Form | None = None
    before: Mapping[str, Form] = field(default_factory=dict)
    found: tuple[str, ...] = ()
    start: Form = field(default_factory=dict)
    search: str | None = None
    old: bool = False

    @property
    def state(self) -> State:
        """The question as a state."""
        wrong = self.typed is not None
        return State(f"{self.step}-{self.variant}", self.step, self._made, 422 if wrong else 200)

    def _made(self, making: Making) -> TestResponse:
        # Where the list of all municipalities is not the subject, the address settles it: a page less on the way.
        making.found(*(self.found or (() if self.step == "municipality" else (AMSTERDAM,))))
        given = merged(ZOE, self.before)
        walk = making.begin(self.start).to_step(self.step, given)
        if self.variant.startswith("filled"):
            path = walk.path
            walk.post(given[self.step])
            walk.get(path)
        if self.typed is not None:
            walk.post(self.typed, token="of another day" if self.old else None)
        if self.search is not None:
            walk.get(f"{walk.path}?q={self.search}")
        return walk.page


_QUESTIONS = (
    Question("for-whom", "empty"),
    Question("for-whom", "empty-as-helper", start=OTHER),
    Question("for-whom", "wrong", typed={}),
    Question("for-whom", "filled"),
    Question("for-whom", "old", typed={"for_whom": "self"}, old=True),
    Question("helper", "empty", before=FOR_OTHER),
    Question("helper", "wrong", typed={}, before=FOR_OTHER),
    Question(
        "helper",
        "wrong-in-every-field",
        typed={
            "helper_name": _TOO_LONG,
            "helper_organisation": _BSN,
            "helper_phone": "12",
            "helper_email": "ria",
        },
        before=FOR_OTHER,
    ),
    Question("helper", "filled", before=FOR_OTHER),
    Question("address", "empty"),
    Question("address", "empty-for-other", before=FOR_OTHER),
    Question("address", "wrong", typed={}),
    Question(
        "address",
        "wrong-in-every-field",
        typed={"postcode": "12", "house_number": "1" * 30, "house_number_addition": "boven de winkel"},
    ),
    Question("address", "filled"),
    Question("address", "filled-without", before=NO_ADDRESS),
    Question("municipality", "empty"),
    Question("municipality", "empty-for-other", before=FOR_OTHER),
    Question("municipality", "suggested", start={"gemeente": AMSTERDAM}),
    Question("municipality", "of-two", found=(AMSTERDAM, UTRECHT)),
    Question("municipality", "guessed", before=_IN_UTRECHT),
    Question("municipality", "guessed-of-two", before=_IN_TWO),
    Question("municipality", "wrong", typed={}),
    Question("municipality", "wrong-of-two", typed={}, found=(AMSTERDAM, UTRECHT)),
    Question("municipality", "searched-one", search="amsterdam"),
    Question("municipality", "searched-few", search="burg"),
    Question("municipality", "searched-many", search="e"),
    Question("municipality", "searched-none", search="Xyz"),
    Question("municipality", "filled"),
    Question("municipality", "filled-with-a-long-name", before={"municipality": {"municipality": NUENEN}}),
    Question("urgent", "empty"),
    Question("urgent", "empty-for-other", before=FOR_OTHER),
    Question("urgent", "elsewhere", found=(UTRECHT,), start={"gemeente": AMSTERDAM}),
    Question("urgent", "wrong", typed={}),
    Question("urgent", "wrong-both", typed={"urgent": ["gas", "none"]}),
    Question(
        "urgent", "wrong-date", typed={"urgent": ["gas"], "urgent_date_day": "31", "urgent_date_month": "februari"}
    ),
    Question(
        "urgent",
        "wrong-year",
        typed={"urgent_date_day": "3", "urgent_date_month": "12", "urgent_date_year": "2036"},
    ),
    Question("urgent", "filled"),
    Question("name", "empty"),
    Question("name", "empty-for-other", before=FOR_OTHER),
    Question("name", "wrong", typed={}),
    Question(
        "name",
        "wrong-in-every-field",
        typed={
            "given_name": _UNREADABLE,
            "family_name": _BSN,
            "birth_date_day": "31",
            "birth_date_month": "2",
            "birth_date_year": "1980",
        },
    ),
    Question(
        "name",
        "wrong-year",
        typed={"birth_date_day": "5", "birth_date_month": "3", "birth_date_year": "1780"},
    ),
    Question(
        "name",
        "wrong-not-yet",
        typed={"birth_date_day": "24", "birth_date_month": "12", "birth_date_year": "2026"},
    ),
    Question("name", "filled"),
    Question("contact", "empty"),
    Question("contact", "empty-for-other", before=FOR_OTHER),
    Question("contact", "empty-without-helper", before=WITHOUT_HELPER),
    Question("contact", "empty-without-address", before=NO_ADDRESS),
    Question("contact", "wrong", typed={}),
    Question("contact", "wrong-missing", typed={"contact_by": ["phone", "email"]}),
    Question(
        "contact",
        "wrong-in-every-field",
        typed={
            "contact_by": ["phone", "email", "helper"],
            "phone": "12",
            "email": "zoe",
            "voicemail": "perhaps",
            "contact_language": "xx",
        },
    ),
    Question("contact", "wrong-post-without-address", typed={"contact_by": ["post"]}, before=NO_ADDRESS),
    Question("contact", "filled"),
    Question("updates", "empty"),
    Question("updates", "empty-for-other", before=FOR_OTHER),
    Question("updates", "wrong", typed={}),
    Question("updates", "wrong-email", typed={**BY_EMAIL, "updates_email": "zoe"}),
    Question("updates", "wrong-no-email", typed={"updates_by": "email", "updates_email": ""}),
    Question("updates", "wrong-number", typed={**BY_SMS, "updates_phone": "12"}),
    Question("updates", "wrong-no-number", typed={"updates_by": "sms", "updates_phone": ""}),
    Question("updates", "filled"),
    Question("updates", "filled-with-no", before=NO_MESSAGES),
)

QUESTIONS: tuple[State, ...] = tuple(question.state for question in _QUESTIONS)
