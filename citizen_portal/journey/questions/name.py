"""Who the resident is."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import ValidationError

from citizen_portal.forms import inputs
from citizen_portal.forms.base import day_fields
from citizen_portal.forms.fields import FreeText, Text
from citizen_portal.journey.answers import StepAnswers
from citizen_portal.journey.forms import StepForm

_OLDEST_AGE_YEARS = 125


class NameForm(StepForm):
    """Who the resident is."""

    given_name = Text(validators=[FreeText()])
    family_name = Text(validators=[FreeText()])
    birth_date_day = Text()
    birth_date_month = Text()
    birth_date_year = Text()

    def validate_given_name(self, field: Field) -> None:
        if not inputs.has_letters(field.data):
            raise ValidationError(_("Vul de voornaam in."))

    def validate_family_name(self, field: Field) -> None:
        if not inputs.has_letters(field.data):
            raise ValidationError(_("Vul de achternaam in."))

    def validate_birth_date_day(self, _field: Field) -> None:
        found = self.day_of("birth_date")
        if found is not None and not self.today.year - _OLDEST_AGE_YEARS <= found.year <= self.today.year:
            raise ValidationError(_("Deze geboortedatum klopt niet. Kijk nog een keer naar het jaar."))
        if found is not None and found > self.today:
            raise ValidationError(_("Deze geboortedatum is nog niet geweest. Kijk nog een keer."))

    def answers(self) -> StepAnswers:
        return {
            "given_name": self.given_name.data,
            "family_name": self.family_name.data,
            **day_fields(self.day_of("birth_date"), "birth_date"),
        }
