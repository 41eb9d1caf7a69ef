"""Where messages go: the separate explicit choice of the Wmebv, asked on the way and changed afterwards."""

from __future__ import annotations

from typing import Protocol

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import ValidationError

from citizen_portal.forms import inputs
from citizen_portal.forms.fields import Text, check_email, check_phone
from citizen_portal.registration.model import MessageAddress


class _Offers(Protocol):
    @property
    def ways(self) -> tuple[str, ...]: ...


class UpdatesFields:
    """The fields, for a form that has `ways`: what the portal can send (`email`, `sms`)."""

    updates_by = Text()
    updates_email = Text()
    updates_phone = Text()

    def validate_updates_by(self: _Offers, field: Field) -> None:
        if field.data not in {"none", *self.ways}:
            raise ValidationError(_("Kies of u berichten wilt. ‘Nee’ mag ook."))

    def validate_updates_email(self, field: Field) -> None:
        if self.updates_by.data == "email":
            if not field.data:
                raise ValidationError(_("Vul een e-mailadres in, of kies ‘Nee’."))
            check_email(field)

    def validate_updates_phone(self, field: Field) -> None:
        if self.updates_by.data == "sms":
            if not field.data:
                raise ValidationError(_("Vul een mobiel nummer in, of kies ‘Nee’."))
            check_phone(field)

    def chosen(self) -> MessageAddress | None:
        """What was chosen; None for no messages. Only after `validate` said yes."""
        if self.updates_by.data == "email":
            return MessageAddress("email", inputs.email(self.updates_email.data) or "")
        if self.updates_by.data == "sms":
            return MessageAddress("sms", inputs.phone(self.updates_phone.data) or "")
        return None
