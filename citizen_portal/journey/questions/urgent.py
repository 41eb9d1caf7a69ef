"""What cannot wait, and until when."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import ValidationError

from citizen_portal.directory.municipality import Directory
from citizen_portal.forms.base import day_fields
from citizen_portal.forms.fields import Several, Text
from citizen_portal.forms.urgency import check_urgent_day
from citizen_portal.journey.answers import Answers, StepAnswers
from citizen_portal.journey.forms import StepForm
from citizen_portal.registration.model import UrgentKind


class UrgentForm(StepForm):
    """What cannot wait, and until when."""

    urgent = Several((*UrgentKind, "none"))
    urgent_date_day = Text()
    urgent_date_month = Text()
    urgent_date_year = Text()

    def validate_urgent(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Kies wat er dringend is, of kies ‘Nee, of ik weet het niet’."))
        if "none" in field.data and len(field.data) > 1:
            raise ValidationError(_("U koos iets dringends en ook ‘Nee’. Haal één van de twee weg."))

    def validate_urgent_date_day(self, _field: Field) -> None:
        found = None if "none" in self.urgent.data else self.day_of("urgent_date")
        check_urgent_day(found, self.today)

    def answers(self) -> StepAnswers:
        kept: StepAnswers = {"urgent": self.urgent.data}
        if "none" not in self.urgent.data:
            kept |= day_fields(self.day_of("urgent_date"), "urgent_date")
        return kept

    @classmethod
    def beside(cls, answers: Answers, directory: Directory, search: str) -> dict[str, Any]:
        settled, started = answers.settled_municipality, answers.started_for
        other = directory.get(started) if settled and started and settled != started else None
        return {"came_by": other, "settled": directory.get(settled) if settled else None}
