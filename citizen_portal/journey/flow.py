"""The way through the questions, worked out anew from the answers each time. Pure: no web, no database."""

from __future__ import annotations

from dataclasses import dataclass

from citizen_portal.journey.answers import Answers, RegisterAnswer, StepAnswers
from citizen_portal.journey.steps import BY_NAME, CHECK, STEPS, Step


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is: question `number` of `total`."""

    number: int
    total: int


def path(answers: Answers) -> tuple[Step, ...]:
    """The questions that are asked, given the answers so far."""
    return tuple(step for step in STEPS if step.applies(answers))


def first_open(answers: Answers) -> str:
    """The first question without an answer, or `check` when there is none left."""
    return next((step.name for step in path(answers) if not step.answered(answers)), CHECK)


def allowed(step_name: str, answers: Answers) -> bool:
    """Whether this page can be shown: it is asked and everything before it has an answer, or it may be changed."""
    if step_name == CHECK:
        return first_open(answers) == CHECK
    step = BY_NAME.get(step_name)
    if step is None:
        return False
    asked = path(answers)
    if step not in asked:
        return step.may_be_changed(answers)
    return all(earlier.answered(answers) for earlier in asked[: asked.index(step)])


def previous(step_name: str, answers: Answers) -> str | None:
    """Where "back" leads: the question before this one; None at the first. Once all is answered, the check page."""
    if step_name != CHECK and first_open(answers) == CHECK:
        return CHECK
    names = [step.name for step in path(answers)]
    if step_name == CHECK:
        return names[-1]
    position = names.index(step_name) if step_name in names else 0
    return names[position - 1] if position > 0 else None


def place(step_name: str, answers: Answers) -> Place | None:
    """Which question this is of how many, by what is known now; None off the path."""
    names = [step.name for step in path(answers)]
    return Place(names.index(step_name) + 1, len(names)) if step_name in names else None


def save(answers: Answers, step_name: str, given: StepAnswers, register: RegisterAnswer | None = None) -> Answers:
    """The answers after this step was saved, with what no longer holds taken out.

    `register` is what the address register says of the address that `given` holds. A municipality that was chosen
    belongs to the address it was chosen for: another address opens that question again.
    """
    saved = answers.with_step(step_name, given)
    if step_name == "address":
        saved = saved.with_register(register or RegisterAnswer())
        if saved.address_key() != answers.address_key():
            saved = saved.without_step("municipality")
    if step_name == "for-whom" and given.get("for_whom") == "self":
        saved = saved.without_step("helper")
    return saved
