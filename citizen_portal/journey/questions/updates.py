"""Whether the resident wants messages, and where: a separate explicit choice (Wmebv), never a filled e-mail field."""

from __future__ import annotations

from typing import Any

from citizen_portal.directory.municipality import Directory
from citizen_portal.forms import inputs
from citizen_portal.forms.base import Blank
from citizen_portal.forms.updates import UpdatesFields
from citizen_portal.journey.answers import Answers, StepAnswers
from citizen_portal.journey.forms import StepForm


class UpdatesForm(UpdatesFields, StepForm):
    """Whether the resident wants messages, and where."""

    @property
    def ways(self) -> tuple[str, ...]:
        """What the portal can send."""
        return self.before.can_send

    def answers(self) -> StepAnswers:
        chosen = self.chosen()
        return {
            "updates_by": chosen.way if chosen else "none",
            "updates_email": chosen.to if chosen and chosen.way == "email" else "",
            "updates_phone": chosen.to if chosen and chosen.way == "sms" else "",
        }

    @classmethod
    def beside(cls, answers: Answers, directory: Directory, search: str) -> dict[str, Any]:
        phone = answers.text("contact", "phone")
        contact = {
            "updates_email": answers.text("contact", "email"),
            "updates_phone": inputs.phone_as_read(phone) if phone else "",
        }
        return {"ways": answers.can_send, "of_contact": Blank(contact)}
