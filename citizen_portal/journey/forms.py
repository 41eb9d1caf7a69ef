"""One form for each step: what is accepted, and what to do when it is not. Field markup is in templates/macros.html."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.validators import ValidationError

from citizen_portal.directory.municipality import Directory
from citizen_portal.journey import inputs
from citizen_portal.journey.answers import Answers, StepAnswers
from citizen_portal.journey.fields import ANY_TEXT, Box, FreeText, Several, Text, check_email, check_phone
from citizen_portal.journey.languages import CONTACT_LANGUAGES
from citizen_portal.journey.steps import contact_ways
from citizen_portal.registration.model import DayPart, UrgentKind
from citizen_portal.web.csrf import FORM_TOKEN, DraftCsrf, TokenContext

_OLDEST_AGE_YEARS = 125
_ADDITION_LENGTH = 10


class StepForm(FlaskForm):
    """What all steps share: the form token, what was answered before, and `answers` once it is valid."""

    class Meta(FlaskForm.Meta):
        csrf = True
        csrf_class = DraftCsrf
        csrf_field_name = FORM_TOKEN

    def __init__(
        self, given: MultiDict[str, str], *, token: TokenContext, before: Answers, directory: Directory, today: date
    ) -> None:
        self.before, self.directory, self.today = before, directory, today
        super().__init__(formdata=given, meta={"csrf_context": token})

    def answers(self) -> StepAnswers:
        """What is kept. Only after `validate` said yes."""
        return self.typed()

    def typed(self) -> StepAnswers:
        """What was typed, to be shown again."""
        return {name: field.data or "" for name, field in self._fields.items() if name != FORM_TOKEN}

    def problems(self) -> list[tuple[str, str]]:
        """Field and what to do, in the order of the page; without the form token's."""
        return [
            (name, str(field.errors[0])) for name, field in self._fields.items() if field.errors and name != FORM_TOKEN
        ]

    @property
    def token_failed(self) -> bool:
        """Whether the page was too old, or not ours."""
        return bool(self._fields[FORM_TOKEN].errors)

    def _day_of(self, prefix: str) -> date | None:
        """The date in three fields; None when all are empty. Raises ValidationError when it is no date."""
        day, month, year = (self._fields[f"{prefix}_{part}"].data or "" for part in ("day", "month", "year"))
        if not (day or month or year):
            return None
        found = inputs.day(day, month, year)
        if found is None:
            raise ValidationError(_("Deze datum klopt niet. Vul dag, maand en jaar in, bijvoorbeeld 5 3 1980."))
        return found


class ForWhomForm(StepForm):
    for_whom = Text()

    def validate_for_whom(self, field: Field) -> None:
        if field.data not in {"self", "other"}:
            raise ValidationError(_("Kies voor wie u dit invult."))


class HelperForm(StepForm):
    helper_name = Text(validators=[FreeText()])
    helper_organisation = Text(validators=[FreeText()])
    helper_phone = Text()
    helper_email = Text()
    helper_consent = Box()
    helper_may_be_contacted = Box()

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
        }


class AddressForm(StepForm):
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


class MunicipalityForm(StepForm):
    municipality = Text()

    def validate_municipality(self, field: Field) -> None:
        if self.directory.get(field.data) is None:
            raise ValidationError(_("Kies uw gemeente uit de lijst."))


class UrgentForm(StepForm):
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
        found = None if "none" in self.urgent.data else self._day_of("urgent_date")
        if found is not None and not self.today - timedelta(days=366) <= found <= self.today + timedelta(days=731):
            raise ValidationError(_("Deze datum is te ver weg. Kijk nog een keer naar het jaar."))

    def answers(self) -> StepAnswers:
        kept: StepAnswers = {"urgent": self.urgent.data}
        if "none" not in self.urgent.data:
            kept |= _day_fields(self._day_of("urgent_date"), "urgent_date")
        return kept


class NameForm(StepForm):
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
        found = self._day_of("birth_date")
        if found is not None and not self.today.year - _OLDEST_AGE_YEARS <= found.year <= self.today.year:
            raise ValidationError(_("Deze geboortedatum klopt niet. Kijk nog een keer naar het jaar."))
        if found is not None and found > self.today:
            raise ValidationError(_("Deze geboortedatum is nog niet geweest. Kijk nog een keer."))

    def answers(self) -> StepAnswers:
        return {
            "given_name": self.given_name.data,
            "family_name": self.family_name.data,
            **_day_fields(self._day_of("birth_date"), "birth_date"),
        }


class ContactForm(StepForm):
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


FORMS: dict[str, type[StepForm]] = {
    "for-whom": ForWhomForm,
    "helper": HelperForm,
    "address": AddressForm,
    "municipality": MunicipalityForm,
    "urgent": UrgentForm,
    "name": NameForm,
    "contact": ContactForm,
}


def _day_fields(day: date | None, prefix: str) -> StepAnswers:
    parts = ("day", "month", "year")
    return {f"{prefix}_{part}": str(getattr(day, part)) if day else "" for part in parts}
