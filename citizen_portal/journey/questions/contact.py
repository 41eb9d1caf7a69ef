"""How the municipality can reach the resident safely."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import ValidationError

from citizen_portal.directory.municipality import Directory
from citizen_portal.forms import inputs
from citizen_portal.forms.fields import Box, Several, Text, check_email, check_phone
from citizen_portal.journey import languages
from citizen_portal.journey.answers import Answers, StepAnswers
from citizen_portal.journey.forms import StepForm
from citizen_portal.journey.languages import CONTACT_LANGUAGES
from citizen_portal.journey.steps import contact_ways
from citizen_portal.registration.model import DayPart


class ContactForm(StepForm):
    """How the municipality can reach the resident safely."""

    contact_by = Several(("phone", "email", "post", "helper", "self"))
    phone = Text()
    safe_times = Several(tuple(DayPart))
    voicemail = Text()
    email = Text()
    contact_language = Text()
    interpreter = Box()

    def validate_contact_by(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Kies hoe de gemeente u kan bereiken. U kunt ook zelf bellen of langsgaan."))
        possible = contact_ways(self.before)
        if "post" in field.data and "post" not in possible:
            raise ValidationError(_("Voor post is een adres nodig. Kies iets anders."))
        if "helper" in field.data and "helper" not in possible:
            raise ValidationError(_("Uw helper kan niet gebeld worden. Kies iets anders."))

    def validate_phone(self, field: Field) -> None:
        if "phone" in self.contact_by.data:
            if not field.data:
                raise ValidationError(_("Vul een telefoonnummer in, of haal het vinkje bij bellen weg."))
            check_phone(field)

    def validate_email(self, field: Field) -> None:
        if "email" in self.contact_by.data:
            if not field.data:
                raise ValidationError(_("Vul een e-mailadres in, of haal het vinkje bij e-mail weg."))
            check_email(field)

    def validate_voicemail(self, field: Field) -> None:
        if field.data not in {"", "yes", "no"}:
            raise ValidationError(_("Kies ja of nee, of laat dit open."))

    def validate_contact_language(self, field: Field) -> None:
        if field.data and field.data not in CONTACT_LANGUAGES:
            raise ValidationError(_("Kies een taal uit de lijst."))

    def unchecked(self, page_language: str) -> StepAnswers:
        typed = super().unchecked(page_language)
        # The list begins at the language of the page: left like that, nobody chose it.
        if typed["contact_language"] == page_language and not self.before.has("contact"):
            del typed["contact_language"]
        return typed

    def answers(self) -> StepAnswers:
        ways = self.contact_by.data
        return {
            "contact_by": ways,
            "phone": (inputs.phone(self.phone.data) or "") if "phone" in ways else "",
            "safe_times": self.safe_times.data,
            "voicemail": self.voicemail.data,
            "email": (inputs.email(self.email.data) or "") if "email" in ways else "",
            "contact_language": self.contact_language.data,
            "interpreter": self.interpreter.data,
        }

    @classmethod
    def beside(cls, answers: Answers, directory: Directory, search: str) -> dict[str, Any]:
        return {"ways": contact_ways(answers), "languages": languages.own_names(), "other_language": languages.OTHER}
