"""For whom the form is filled in: it decides whether the helper is asked about."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import ValidationError

from citizen_portal.directory.municipality import Directory
from citizen_portal.forms.fields import Text
from citizen_portal.journey.answers import Answers
from citizen_portal.journey.forms import StepForm


class ForWhomForm(StepForm):
    """For whom the form is filled in: it decides whether the helper is asked about."""

    for_whom = Text()

    def validate_for_whom(self, field: Field) -> None:
        if field.data not in {"self", "other"}:
            raise ValidationError(_("Kies voor wie u dit invult."))

    @classmethod
    def beside(cls, answers: Answers, directory: Directory, search: str) -> dict[str, Any]:
        return {"as_helper": answers.started_as_helper}
