"""What all forms share; what is its own is beside its page. Markup: templates/macros.html."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from citizen_portal.forms import inputs
from citizen_portal.web.csrf import FORM_TOKEN, LinkCsrf, TokenContext

Typed = dict[str, str | list[str]]
"""Field name to one value, or to the values chosen where several may be."""


class TokenForm(FlaskForm):
    """A form that carries a token, bound to the link that it belongs to. `today` is a day in Amsterdam."""

    class Meta(FlaskForm.Meta):
        csrf = True
        csrf_class = LinkCsrf
        csrf_field_name = FORM_TOKEN

        def get_translations(self, _form: BaseForm) -> None:
            """Every message is our own: WTForms' catalogues, which Flask-WTF reads anew for each form, say nothing."""

    def __init__(self, given: MultiDict[str, str], *, token: TokenContext, today: date) -> None:
        self.today = today
        super().__init__(formdata=given, meta={"csrf_context": token})

    def typed(self) -> Typed:
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

    def day_of(self, prefix: str) -> date | None:
        """The date in three fields; None when all are empty. Raises ValidationError when it is no date."""
        day, month, year = (self._fields[f"{prefix}_{part}"].data or "" for part in ("day", "month", "year"))
        if not (day or month or year):
            return None
        found = inputs.day(day, month, year)
        if found is None:
            raise ValidationError(_("Deze datum klopt niet. Vul dag, maand en jaar in, bijvoorbeeld 5 3 1980."))
        return found


def day_fields(day: date | None, prefix: str) -> Typed:
    """A date as the three fields keep it; empty ones for None."""
    parts = ("day", "month", "year")
    return {f"{prefix}_{part}": str(getattr(day, part)) if day else "" for part in parts}


class Blank(dict[str, Any]):
    """Values by field name for a template: what was not answered is empty, never an error."""

    def __missing__(self, _name: str) -> str:
        return ""
