"""Which municipality, where the address does not settle it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import ValidationError

from citizen_portal.directory.municipality import Directory, Municipality
from citizen_portal.directory.spelling import to_show_again
from citizen_portal.forms.fields import Text
from citizen_portal.journey.answers import Answers
from citizen_portal.journey.forms import StepForm

_AS_ROWS = 12
"""So few municipalities are shown as rows that can be hit anywhere; more are a list to open."""


class MunicipalityForm(StepForm):
    """Which municipality, where the address does not settle it."""

    municipality = Text()

    def validate_municipality(self, field: Field) -> None:
        if self.directory.get(field.data) is None:
            raise ValidationError(_("Kies uw gemeente uit de lijst."))

    @classmethod
    def beside(cls, answers: Answers, directory: Directory, search: str) -> dict[str, Any]:
        search = to_show_again(search)
        searched = bool(search)
        found = directory.search(search) if searched else directory.all()
        codes = answers.register.municipality_codes or answers.register.candidates
        by_postcode = codes[0] if len(codes) == 1 else None
        return {
            "search": search,
            "searched": searched,
            "nothing_found": not found,
            "options": [_option(one) for one in found or directory.all()],
            "rows": [(*_option(one), one.province) for one in found] if len(found) <= _AS_ROWS else [],
            # What the postcode suggests, or several that it lies in: these first, the others still below.
            "likely": [_option(one) for code in codes if (one := directory.get(code))],
            "guessed": by_postcode is not None and not searched and not answers.municipality,
            "suggested": answers.municipality
            or by_postcode
            or answers.started_for
            or (found[0].code if len(found) == 1 else ""),
        }


def _option(municipality: Municipality) -> tuple[str, str]:
    return municipality.code, municipality.name
