"""Whatever is typed, in whatever order: the way ends in an open question or in a message that the contract allows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from citizen_portal.directory.municipality import Directory
from citizen_portal.intake.message import registration_body
from citizen_portal.journey import flow
from citizen_portal.journey.answers import Answers, RegisterAnswer
from citizen_portal.journey.completed import request_for_help
from citizen_portal.journey.questions import FORMS
from citizen_portal.journey.steps import BY_NAME, CHECK, STEPS
from citizen_portal.registration.deadlines import conversation_due
from citizen_portal.registration.model import Registration
from citizen_portal.sealing import KeyRing
from citizen_portal.web.csrf import FORM_TOKEN, FormTokens, TokenContext
from tests.support.contract import mistakes_in
from tests.support.portal import MONDAY, make_directory, make_portal
from tests.support.walk import ZOE

Typed = dict[str, list[str]]

TOKENS = FormTokens(KeyRing(["a secret"]), lambda: MONDAY)
ROW = b"row"
CODES = ("GM0363", "GM0344", "GM0518")

_odd = st.text(max_size=30) | st.sampled_from(
    [
        "",
        " ",
        "0",
        "-1",
        "12-3",
        "1234 AB",
        "a\n@b.nl",
        "\u202e",
        "111222333",
        "\u0661\u0662",
        "%FF",
        "🦊" * 70,
        "9" * 5000,
    ]
)
_yes = st.sampled_from([[], ["yes"], ["yes", "no"]])
_names = st.sampled_from(["Zoë", "van den Berg", "علي", "O'Neill-Ünal", "ሰላም"]) | _odd
_phones = st.sampled_from(["06 12345678", "+31 20 624 1111", "+32 470 12 34 56", "112", "0612345"])
_emails = st.sampled_from(["zoe@example.nl", "ZOE@EXAMPLE.NL", "zoé@example.nl", "@", "a@b"])
_number = st.integers(0, 2100).map(str) | _odd


def _one(values: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(values, max_size=2)


def _chosen(*values: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from([*values, "nonsense"]), max_size=3)


_date = {"day": _one(_number), "month": _one(_number), "year": _one(_number)}
TYPED: dict[str, dict[str, st.SearchStrategy[list[str]]]] = {
    "for-whom": {"for_whom": _chosen("self", "other")},
    "helper": {
        "helper_name": _one(_names),
        "helper_organisation": _one(_names),
        "helper_phone": _one(_phones),
        "helper_email": _one(_emails),
        "helper_consent": _yes,
        "helper_may_be_contacted": _yes,
    },
    "address": {
        "postcode": _one(st.sampled_from(["1012 ab", "1234AB", "0999 XX"]) | _odd),
        "house_number": _one(st.sampled_from(["1", "12 A", "99999", "100000"]) | _odd),
        "house_number_addition": _one(_odd),
        "no_fixed_address": _yes,
    },
    "municipality": {"municipality": _chosen(*CODES, "GM9999")},
    "urgent": {
        "urgent": _chosen("eviction", "gas", "other", "none"),
        **{f"urgent_date_{part}": values for part, values in _date.items()},
    },
    "name": {
        "given_name": _one(_names),
        "family_name": _one(_names),
        **{f"birth_date_{part}": values for part, values in _date.items()},
    },
    "contact": {
        "contact_by": _chosen("phone", "email", "post", "helper", "self"),
        "phone": _one(_phones),
        "email": _one(_emails),
        "safe_times": _chosen("morning", "evening"),
        "voicemail": _chosen("yes", "no", ""),
        "contact_language": _chosen("nl", "und", ""),
        "interpreter": _yes,
    },
}


def _as_typed(step: str, **changed: list[str]) -> Typed:
    """Good answers to this question."""
    good = {name: value if isinstance(value, list) else [value] for name, value in ZOE[step].items()}
    return {**good, **changed}


GOOD: dict[str, list[Typed]] = {
    "for-whom": [_as_typed("for-whom"), _as_typed("for-whom", for_whom=["other"])],
    "helper": [_as_typed("helper"), _as_typed("helper", helper_may_be_contacted=[])],
    "address": [_as_typed("address"), _as_typed("address", house_number=["13"]), {"no_fixed_address": ["yes"]}],
    "municipality": [{"municipality": [code]} for code in CODES],
    "urgent": [_as_typed("urgent"), {"urgent": ["none"]}],
    "name": [_as_typed("name")],
    "contact": [
        _as_typed("contact", contact_by=ways) for ways in (["self"], ["phone"], ["post"], ["helper"], ["email", "post"])
    ],
}
_ALL_GOOD = st.fixed_dictionaries({step: st.sampled_from(typed) for step, typed in GOOD.items()})
_GOOD = st.sampled_from([(step, typed) for step, several in GOOD.items() for typed in several])
_ANY = st.sampled_from(sorted(TYPED)).flatmap(lambda step: st.tuples(st.just(step), st.fixed_dictionaries(TYPED[step])))
_REGISTER = st.sampled_from(
    [
        RegisterAnswer(),
        RegisterAnswer(("GM0363",), "Dam", "Amsterdam", confirmed=True),
        RegisterAnswer(("GM0344", "GM0363")),
    ]
)


@pytest.fixture(scope="module", autouse=True)
def _a_request_of_a_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Forms say what is wrong in the language of a request."""
    made = make_portal(tmp_path_factory.mktemp("portal"))
    with made.app.test_request_context("/nl/"):
        yield
    made.database.close()


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Directory:
    return make_directory(tmp_path_factory.mktemp("directory"))


def _saved(answers: Answers, step: str, typed: Typed, register: RegisterAnswer, directory: Directory) -> Answers:
    """What the view does with a form that was sent: keep a right answer to a question that may be asked now."""
    if not flow.allowed(step, answers):
        return answers
    form = FORMS[step](
        MultiDict([(name, value) for name, values in typed.items() for value in values] + [_token(step)]),
        token=TokenContext(TOKENS, step, ROW, 0),
        before=answers,
        directory=directory,
        today=MONDAY.date(),
    )
    if not form.validate():
        assert form.problems(), "refused without a word"
        return answers
    given = form.answers()
    if step == "helper":
        given["consented_at"] = MONDAY.isoformat()
    return flow.save(answers, step, given, register if given.get("postcode") else None)


def _token(step: str) -> tuple[str, str]:
    return FORM_TOKEN, TOKENS.make(step, ROW, 0)


def _registration(answers: Answers) -> Registration:
    request = request_for_help(answers, municipality_name="Amsterdam", language="nl")
    due = conversation_due(MONDAY, urgent=bool(request.urgent))
    return Registration(UUID(int=1), "P-7K2M-9QX4", MONDAY, due, request)


def _only_what_was_asked(answers: Answers) -> Answers:
    """The same answers without those to questions that are neither asked nor may be changed now."""
    asked = flow.path(answers)
    kept = {name for name in answers.steps if BY_NAME[name] in asked or BY_NAME[name].may_be_changed(answers)}
    return replace(answers, steps={name: answers.steps[name] for name in kept})


def _check_the_way(answers: Answers) -> None:
    now = flow.first_open(answers)
    assert flow.allowed(now, answers)
    assert Answers.from_bytes(answers.to_bytes()) == answers
    for name in (*BY_NAME, CHECK):
        back = flow.previous(name, answers)
        assert back is None or flow.allowed(back, answers) or not flow.allowed(name, answers)
        place = flow.place(name, answers)
        assert place is None or 1 <= place.number <= place.total <= len(STEPS)
    if now == CHECK:
        _check_the_message(answers)


def _check_the_message(answers: Answers) -> None:
    registration = _registration(answers)
    body = registration_body(registration)
    assert mistakes_in(body) == []
    assert registration_body(_registration(_only_what_was_asked(answers))) == body
    sent = json.loads(body)
    contact, ways = sent["inwoner"]["contact"], sent["inwoner"]["contact"]["kanalen"]
    assert (sent["inzender"]["helper"] is not None) == (answers.text("for-whom", "for_whom") == "other")
    assert (sent["inwoner"]["adres"] is None) == (answers.text("address", "no_fixed_address") == "yes")
    assert (contact["telefoon"] is not None) == ("telefoon" in ways)
    assert (contact["email"] is not None) == ("email" in ways)
    assert "post" not in ways or sent["inwoner"]["adres"] is not None
    assert "helper" not in ways or sent["inzender"]["helper"]["magBenaderdWorden"]
    assert sent["gemeente"]["code"] == answers.municipality
    if "none" in answers.several("urgent", "urgent"):
        assert sent["hulpvraag"]["dringend"] == [] and sent["hulpvraag"]["dringendDatum"] is None


def _filled(answers: Answers, good: dict[str, Typed], register: RegisterAnswer, directory: Directory) -> Answers:
    """From here to the button: good answers to what is asked, and Zoë's own where another answer forbids them."""
    for _ in range(len(STEPS)):
        if (asked := flow.first_open(answers)) != CHECK:
            sent = _saved(answers, asked, good[asked], register, directory)
            answers = (
                sent
                if flow.first_open(sent) != asked
                else _saved(answers, asked, _as_typed(asked), register, directory)
            )
    assert flow.first_open(answers) == CHECK
    _check_the_message(answers)
    return answers


Sent = list[tuple[tuple[str, Typed], RegisterAnswer]]


@given(st.none() | _ALL_GOOD, st.lists(st.tuples(_GOOD | _ANY, _REGISTER), max_size=12), _ALL_GOOD, _REGISTER)
def test_any_order_of_answers_and_changes_ends_in_an_open_question_or_a_valid_message(
    directory: Directory, begun: dict[str, Typed] | None, sent: Sent, then: dict[str, Typed], register: RegisterAnswer
) -> None:
    answers = _filled(Answers(), begun, register, directory) if begun else Answers()
    for (step, typed), at_the_time in sent:
        answers = _saved(answers, step, typed, at_the_time, directory)
        _check_the_way(answers)
    _filled(answers, then, register, directory)


@given(_ALL_GOOD, _REGISTER, _GOOD | _ANY)
def test_going_back_and_sending_the_same_again_changes_nothing(
    directory: Directory, good: dict[str, Typed], register: RegisterAnswer, sent: tuple[str, Typed]
) -> None:
    step, typed = sent
    once = _saved(_filled(Answers(), good, register, directory), step, typed, register, directory)
    assert _saved(once, step, typed, register, directory) == once
