"""What is asked, in order. How to add a question stands in docs/architecture.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from citizen_portal.journey.answers import Answers

Rule = Callable[[Answers], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """One page with one question.

    `applies`: it is asked. `answered`: what is kept still is an answer, given all the others. `may_be_changed`: it can
    be opened from the check page although it is not asked.
    """

    name: str
    applies: Rule
    answered: Rule
    may_be_changed: Rule = lambda _answers: False


def _always(_answers: Answers) -> bool:
    return True


def _kept(step: str) -> Rule:
    return lambda answers: answers.has(step)


def for_somebody_else(answers: Answers) -> bool:
    """Whether a helper began to fill in the form for the resident."""
    return answers.text("for-whom", "for_whom") == "other"


def in_helpers_hands(answers: Answers) -> bool:
    """Whether a helper holds the device, and not (yet) the resident."""
    return for_somebody_else(answers) and not answers.taken_over


def has_address(answers: Answers) -> bool:
    """Whether the resident gave an address (and not: no fixed address, or a secret one)."""
    return bool(answers.text("address", "postcode"))


def contact_ways(answers: Answers) -> tuple[str, ...]:
    """The ways of contact that can be offered: post needs an address, a helper needs to be there and to agree."""
    ways = ["phone", "email"]
    if has_address(answers):
        ways.append("post")
    if for_somebody_else(answers) and answers.text("helper", "helper_may_be_contacted") == "yes":
        ways.append("helper")
    return (*ways, "self")


def _contact_still_possible(answers: Answers) -> bool:
    chosen = answers.several("contact", "contact_by")
    return bool(chosen) and set(chosen) <= set(contact_ways(answers))


def _updates_still_possible(answers: Answers) -> bool:
    return answers.text("updates", "updates_by") in {"none", *answers.can_send}


STEPS: tuple[Step, ...] = (
    Step("for-whom", applies=_always, answered=_kept("for-whom")),
    Step("helper", applies=for_somebody_else, answered=_kept("helper")),
    Step("address", applies=_always, answered=_kept("address")),
    Step(
        "municipality",
        applies=lambda answers: answers.settled_municipality is None,
        answered=_kept("municipality"),
        may_be_changed=lambda answers: answers.has("address"),
    ),
    Step("urgent", applies=_always, answered=_kept("urgent")),
    Step("name", applies=_always, answered=_kept("name")),
    Step("contact", applies=_always, answered=_contact_still_possible),
    Step("updates", applies=lambda answers: bool(answers.can_send), answered=_updates_still_possible),
)

BY_NAME = {step.name: step for step in STEPS}
CHECK = "check"
