"""The way through the questions follows from the answers alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.journey import flow
from citizen_portal.journey.answers import Answers, RegisterAnswer, StepAnswers
from citizen_portal.journey.completed import request_for_help
from citizen_portal.journey.steps import CHECK, STEPS

ADDRESS: StepAnswers = {"postcode": "1234AB", "house_number": "12", "house_number_addition": ""}
OTHER_ADDRESS: StepAnswers = {**ADDRESS, "house_number": "13"}
HELPER: StepAnswers = {
    "helper_name": "Ria",
    "helper_phone": "+31612345678",
    "helper_may_be_contacted": "yes",
    "consented_at": "2026-11-23T09:00:00Z",
}
NAME: StepAnswers = {"given_name": "Zoë", "family_name": "Jansen"}
IN_AMSTERDAM = RegisterAnswer(("GM0363",), "Dorpsstraat", "Amsterdam", confirmed=True)
IN_TWO = RegisterAnswer(("GM0363", "GM0344"))

SAVES: list[tuple[str, StepAnswers, RegisterAnswer | None]] = [
    ("for-whom", {"for_whom": "self"}, None),
    ("for-whom", {"for_whom": "other"}, None),
    ("helper", HELPER, None),
    ("helper", {**HELPER, "helper_may_be_contacted": ""}, None),
    ("address", ADDRESS, IN_AMSTERDAM),
    ("address", ADDRESS, None),
    ("address", OTHER_ADDRESS, IN_TWO),
    ("address", {"no_fixed_address": "yes"}, None),
    ("municipality", {"municipality": "GM0344"}, None),
    ("urgent", {"urgent": ["none"]}, None),
    (
        "urgent",
        {"urgent": ["gas"], "urgent_date_day": "3", "urgent_date_month": "12", "urgent_date_year": "2026"},
        None,
    ),
    ("name", NAME, None),
    ("contact", {"contact_by": ["self"]}, None),
    ("contact", {"contact_by": ["post", "helper"]}, None),
    ("contact", {"contact_by": ["phone"], "phone": "+31612345678"}, None),
]


def answered(*saves: tuple[str, StepAnswers, RegisterAnswer | None]) -> Answers:
    answers = Answers()
    for step, given_answers, register in saves:
        answers = flow.save(answers, step, given_answers, register)
    return answers


COMPLETE = answered(
    ("for-whom", {"for_whom": "self"}, None),
    ("address", ADDRESS, IN_AMSTERDAM),
    ("urgent", {"urgent": ["none"]}, None),
    ("name", NAME, None),
    ("contact", {"contact_by": ["post"]}, None),
)


def test_questions_come_in_the_order_of_the_contract() -> None:
    assert [step.name for step in STEPS] == [
        "for-whom",
        "helper",
        "address",
        "municipality",
        "urgent",
        "name",
        "contact",
        "updates",
    ]


def test_the_helper_is_asked_only_when_there_is_one() -> None:
    assert flow.first_open(answered(("for-whom", {"for_whom": "other"}, None))) == "helper"
    assert flow.first_open(answered(("for-whom", {"for_whom": "self"}, None))) == "address"


def test_an_address_that_settles_the_municipality_skips_that_question() -> None:
    begun = [("for-whom", {"for_whom": "self"}, None)]
    assert flow.first_open(answered(*begun, ("address", ADDRESS, IN_AMSTERDAM))) == "urgent"  # type: ignore[arg-type]
    assert flow.first_open(answered(*begun, ("address", ADDRESS, IN_TWO))) == "municipality"  # type: ignore[arg-type]
    assert flow.first_open(answered(*begun, ("address", ADDRESS, None))) == "municipality"  # type: ignore[arg-type]


def test_the_municipality_can_be_changed_although_it_was_not_asked() -> None:
    assert flow.allowed("municipality", COMPLETE)
    changed = flow.save(COMPLETE, "municipality", {"municipality": "GM0344"})
    assert changed.municipality == "GM0344"
    assert flow.first_open(changed) == CHECK


def test_a_chosen_municipality_belongs_to_the_address_it_was_chosen_for() -> None:
    chosen = flow.save(COMPLETE, "municipality", {"municipality": "GM0344"})
    assert flow.save(chosen, "address", ADDRESS, IN_AMSTERDAM).municipality == "GM0344"
    assert flow.save(chosen, "address", OTHER_ADDRESS, IN_AMSTERDAM).municipality == "GM0363"
    assert flow.first_open(flow.save(chosen, "address", OTHER_ADDRESS, None)) == "municipality"


def test_post_without_an_address_opens_the_question_of_contact_again() -> None:
    moved = flow.save(COMPLETE, "address", {"no_fixed_address": "yes"})
    moved = flow.save(moved, "municipality", {"municipality": "GM0363"})
    assert flow.first_open(moved) == "contact"


def test_a_helper_who_is_gone_is_no_way_of_contact() -> None:
    with_helper = answered(
        ("for-whom", {"for_whom": "other"}, None),
        ("helper", HELPER, None),
        ("address", ADDRESS, IN_AMSTERDAM),
        ("urgent", {"urgent": ["none"]}, None),
        ("name", NAME, None),
        ("contact", {"contact_by": ["helper"]}, None),
    )
    assert flow.first_open(with_helper) == CHECK
    alone = flow.save(with_helper, "for-whom", {"for_whom": "self"})
    assert flow.first_open(alone) == "contact"
    assert not alone.has("helper")


def test_a_question_opens_only_when_all_before_it_are_answered() -> None:
    begun = answered(("for-whom", {"for_whom": "self"}, None))
    assert flow.allowed("for-whom", begun) and flow.allowed("address", begun)
    assert not flow.allowed("name", begun) and not flow.allowed("helper", begun)
    assert not flow.allowed(CHECK, begun) and not flow.allowed("nonsense", begun)


def test_back_leads_to_the_question_before_and_from_a_change_to_the_check_page() -> None:
    begun = answered(("for-whom", {"for_whom": "self"}, None))
    assert flow.previous("for-whom", begun) is None
    assert flow.previous("address", begun) == "for-whom"
    assert flow.previous("address", COMPLETE) == CHECK
    assert flow.previous(CHECK, COMPLETE) == "contact"


def test_the_place_counts_only_what_is_asked() -> None:
    begun = answered(("for-whom", {"for_whom": "self"}, None))
    assert flow.place("address", begun) == flow.Place(2, 6)
    assert flow.place("helper", begun) is None


@given(st.lists(st.sampled_from(SAVES), max_size=25))
def test_any_order_of_answers_ends_in_an_open_question_or_a_whole_request(
    saves: list[tuple[str, StepAnswers, RegisterAnswer | None]],
) -> None:
    answers = answered(*saves)
    next_step = flow.first_open(answers)
    assert flow.allowed(next_step, answers)
    assert Answers.from_bytes(answers.to_bytes()) == answers
    if next_step == CHECK:
        wish = request_for_help(answers, municipality_name="Amsterdam", language="nl")
        assert wish.municipality_code in {"GM0363", "GM0344"}
        assert wish.resident.contact.ways
