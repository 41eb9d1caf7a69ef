"""What the forms of all questions share beyond any form; what is its own is in questions/."""

from __future__ import annotations

from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field

from citizen_portal.directory.municipality import Directory
from citizen_portal.forms import inputs
from citizen_portal.forms.base import TokenForm
from citizen_portal.forms.fields import ANY_TEXT, FreeText
from citizen_portal.journey.answers import Answers, StepAnswers
from citizen_portal.web.csrf import TokenContext


class StepForm(TokenForm):
    """What all steps share: what was answered before, and `answers` once it is valid."""

    def __init__(
        self, given: MultiDict[str, str], *, token: TokenContext, before: Answers, directory: Directory, today: date
    ) -> None:
        self.before, self.directory = before, directory
        super().__init__(given, token=token, today=today)

    @classmethod
    def beside(cls, answers: Answers, directory: Directory, search: str) -> dict[str, Any]:
        """What the page shows besides its own fields: lists to choose from, what follows from other answers.

        `search` is what was typed in the search field of the page, if it has one.
        """
        return {}

    def unchecked(self, _page_language: str) -> StepAnswers:
        """What was typed on a page in this language, to be shown again in another, valid or not.

        A BSN is left out where it would be refused: it is never kept, not even for a moment.
        """
        return {name: _as_may_be_kept(self._fields[name], value) for name, value in self.typed().items()}

    def answers(self) -> StepAnswers:
        """What is kept. Only after `validate` said yes."""
        return self.typed()


def _as_may_be_kept(field: Field, value: str | list[str]) -> str | list[str]:
    if isinstance(value, list):
        return value
    refuses_bsn = any(isinstance(check, FreeText) for check in field.validators)
    return "" if refuses_bsn and inputs.holds_bsn(value) else value[:ANY_TEXT]
