"""The fields that the forms are made of: they clean what comes in; their markup is in templates/macros.html."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import StopValidation, ValidationError

from citizen_portal.forms import inputs

NAME_LENGTH = 200
ANY_TEXT = 2000
"""So much of a text is looked at where a form (a postcode, a number) is asked for."""


class Text(Field):
    """One line, cleaned as it comes in. Like all fields here it needs no widget: its markup is a macro's."""

    data: str

    def process_data(self, value: Any) -> None:
        self.data = ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = inputs.clean_text(valuelist[0]) if valuelist else ""


class Box(Text):
    """One box to tick: `yes`, or nothing."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = "yes" if "yes" in valuelist else ""


class Several(Field):
    """Boxes: values that were not offered do not count."""

    data: list[str]

    def __init__(self, offered: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offered = offered

    def process_data(self, value: Any) -> None:
        self.data = []

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [value for value in self.offered if value in valuelist]


class FreeText:
    """A text field: not too long, readable, and without a BSN (domain: it is never asked, so never kept)."""

    def __init__(self, length: int = NAME_LENGTH) -> None:
        self.length = length

    def __call__(self, _form: Any, field: Field) -> None:
        text = field.data or ""
        if len(text) > self.length:
            raise StopValidation(_("Dit is te lang. Gebruik ten hoogste %(number)s tekens.", number=self.length))
        if inputs.unreadable(text):
            raise StopValidation(_("Wij kunnen een teken niet lezen. Typ het nog een keer."))
        if inputs.holds_bsn(text):
            raise StopValidation(_("Dit lijkt op een burgerservicenummer (BSN). Haal het weg. Wij vragen het nooit."))


def check_phone(field: Field) -> None:
    """Raises ValidationError when something was typed that is no phone number."""
    if field.data and inputs.phone(field.data[:ANY_TEXT]) is None:
        raise ValidationError(_("Dit telefoonnummer klopt niet. Een nummer heeft tien cijfers, zoals 06 12345678."))


def check_email(field: Field) -> None:
    """Raises ValidationError when something was typed that is no e-mail address."""
    if field.data and inputs.email(field.data[:ANY_TEXT]) is None:
        raise ValidationError(_("Dit e-mailadres klopt niet. Het ziet eruit als naam@voorbeeld.nl."))
