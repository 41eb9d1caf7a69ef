"""The answers of one draft, as typed and cleaned: the document that is sealed. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

StepAnswers = dict[str, str | list[str]]
"""Field name to one value, or to the values chosen where several may be."""


@dataclass(frozen=True, slots=True)
class RegisterAnswer:
    """What the address register said of the address in the draft. No codes: it did not know, or did not answer.

    `candidates` are then the codes that the postcode suggests; they are shown first, and settle nothing.
    """

    municipality_codes: tuple[str, ...] = ()
    street: str | None = None
    town: str | None = None
    confirmed: bool = False
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything a draft holds. Immutable: a save makes a new one from the latest, so that two tabs lose nothing."""

    steps: dict[str, StepAnswers] = field(default_factory=dict)
    register: RegisterAnswer = field(default_factory=RegisterAnswer)
    started_for: str | None = None
    started_as_helper: bool = False
    taken_over: bool = False
    """The resident went on with it on a device of their own."""
    typed: dict[str, StepAnswers] = field(default_factory=dict)
    """What was typed in a step and not yet looked at, kept while somebody changes language. Never an answer."""
    can_send: tuple[str, ...] = ()
    """The ways on which messages can be sent now (`email`, `sms`). Not kept: it is the portal's, not the draft's."""

    def text(self, step: str, name: str) -> str:
        """The one value of a field, or an empty text."""
        value = self.steps.get(step, {}).get(name, "")
        return value if isinstance(value, str) else ""

    def several(self, step: str, name: str) -> tuple[str, ...]:
        """The chosen values of a field."""
        value = self.steps.get(step, {}).get(name, [])
        return tuple(value) if isinstance(value, list) else ()

    def has(self, step: str) -> bool:
        """Whether this step was answered at all."""
        return step in self.steps

    def with_step(self, step: str, answers: StepAnswers) -> Answers:
        """The same answers with this step's replaced."""
        return replace(self, steps={**self.steps, step: answers}, typed=_without(self.typed, step))

    def without_step(self, step: str) -> Answers:
        """The same answers with this step open again."""
        return replace(self, steps=_without(self.steps, step), typed=_without(self.typed, step))

    def with_typed(self, step: str, typed: StepAnswers) -> Answers:
        """The same answers, and what stands in this step's fields now."""
        return replace(self, typed={**self.typed, step: typed})

    def to_show(self, step: str) -> StepAnswers:
        """What this step's fields show: what was typed last, else the answer, if there is one."""
        return self.typed.get(step, self.steps.get(step, {}))

    def with_register(self, register: RegisterAnswer) -> Answers:
        """The same answers with what the address register says now."""
        return replace(self, register=register)

    def address_key(self) -> tuple[str, ...]:
        """What the register was asked: equal as long as the address is the same."""
        names = ("postcode", "house_number", "house_number_addition", "no_fixed_address")
        return tuple(self.text("address", name) for name in names)

    @property
    def settled_municipality(self) -> str | None:
        """The municipality that the address settles by itself, if it does."""
        codes = self.register.municipality_codes
        return codes[0] if len(codes) == 1 else None

    @property
    def municipality(self) -> str | None:
        """The municipality that this request goes to: the resident's own choice, else the address's."""
        return self.text("municipality", "municipality") or self.settled_municipality

    def to_bytes(self) -> bytes:
        """The document as it is sealed."""
        document = {
            "steps": self.steps,
            "register": [
                list(self.register.municipality_codes),
                self.register.street,
                self.register.town,
                self.register.confirmed,
                list(self.register.candidates),
            ],
            "started_for": self.started_for,
            "started_as_helper": self.started_as_helper,
            "taken_over": self.taken_over,
            "typed": self.typed,
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, document: bytes) -> Answers:
        """The answers that `to_bytes` wrote; the seal vouches for their form."""
        read: dict[str, Any] = json.loads(document)
        codes, street, town, confirmed, *candidates = read["register"]
        return cls(
            steps=read["steps"],
            register=RegisterAnswer(tuple(codes), street, town, confirmed, *map(tuple, candidates)),
            started_for=read["started_for"],
            started_as_helper=read["started_as_helper"],
            # Drafts that are older than the question live for a day.
            taken_over=read.get("taken_over", False),
            typed=read.get("typed", {}),
        )


def _without(steps: dict[str, StepAnswers], step: str) -> dict[str, StepAnswers]:
    return {name: kept for name, kept in steps.items() if name != step}
