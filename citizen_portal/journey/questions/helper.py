"""Who helps, and that the resident agrees."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import ValidationError

from citizen_portal.forms import inputs
from citizen_portal.forms.fields import Box, FreeText, Text, check_email, check_phone
from citizen_portal.journey.answers import StepAnswers
from citizen_portal.journey.forms import StepForm


class HelperForm(StepForm):
    """Who helps, and that the resident agrees."""

    helper_name = Text(validators=[FreeText()])
    helper_organisation = Text(validators=[FreeText()])
    helper_phone = Text()
    helper_email = Text()
    helper_consent = Box()
    helper_may_be_contacted = Box()
    helper_may_follow = Box()

    def validate_helper_name(self, field: Field) -> None:
        if not inputs.has_letters(field.data):
            raise ValidationError(_("Vul uw naam in."))

    def validate_helper_phone(self, field: Field) -> None:
        if not field.data and not self.helper_email.data:
            raise ValidationError(_("Vul uw telefoonnummer of uw e-mailadres in."))
        check_phone(field)

    def validate_helper_email(self, field: Field) -> None:
        check_email(field)

    def validate_helper_consent(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Vraag of de ander het goed vindt. Zet dan een vinkje."))

    def answers(self) -> StepAnswers:
        return {
            "helper_name": self.helper_name.data,
            "helper_organisation": self.helper_organisation.data,
            "helper_phone": inputs.phone(self.helper_phone.data) or "",
            "helper_email": inputs.email(self.helper_email.data) or "",
            "helper_consent": "yes",
            "helper_may_be_contacted": self.helper_may_be_contacted.data,
            "helper_may_follow": self.helper_may_follow.data,
        }
