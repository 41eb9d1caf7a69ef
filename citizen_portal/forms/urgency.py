"""What cannot wait, and by when: asked on the way to the button, and afterwards when it became urgent."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import gettext as _
from wtforms.validators import ValidationError

_AGO = timedelta(days=366)
_AHEAD = timedelta(days=731)


def check_urgent_day(day: date | None, today: date) -> None:
    """Raises ValidationError when `day` is so far from `today` that the year must be a slip."""
    if day is not None and not today - _AGO <= day <= today + _AHEAD:
        raise ValidationError(_("Deze datum is te ver weg. Kijk nog een keer naar het jaar."))
