"""Where the resident lives, or that this is secret or nowhere."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import ValidationError

from citizen_portal.forms import inputs
from citizen_portal.forms.fields import ANY_TEXT, Box, FreeText, Text
from citizen_portal.journey.answers import StepAnswers
from citizen_portal.journey.forms import StepForm

_ADDITION_LENGTH = 10


class AddressForm(StepForm):
    """Where the resident lives, or that this is secret or nowhere."""

    postcode = Text()
    house_number = Text(validators=[FreeText(2 * _ADDITION_LENGTH)])
    house_number_addition = Text(validators=[FreeText(_ADDITION_LENGTH)])
    no_fixed_address = Box()

    def validate_postcode(self, field: Field) -> None:
        if not self.no_fixed_address.data and inputs.postcode(field.data[:ANY_TEXT]) is None:
            raise ValidationError(_("Vul uw postcode in, bijvoorbeeld 1234 AB."))

    def validate_house_number(self, field: Field) -> None:
        if not self.no_fixed_address.data and inputs.house_number(field.data[:ANY_TEXT]) is None:
            raise ValidationError(_("Vul uw huisnummer in, bijvoorbeeld 12."))

    def answers(self) -> StepAnswers:
        # A secret address stays secret: what was typed before the box was ticked is dropped.
        if self.no_fixed_address.data:
            return {"no_fixed_address": "yes"}
        number, addition = inputs.house_number(self.house_number.data) or ("", "")
        return {
            "postcode": inputs.postcode(self.postcode.data) or "",
            "house_number": number,
            "house_number_addition": self.house_number_addition.data or addition,
        }
