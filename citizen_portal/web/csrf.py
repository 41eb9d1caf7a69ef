"""Form tokens: proof that a form came from a page of this draft, without a session and without a cookie.

A token signs purpose, the draft's row id, its revision and the time. It keeps another site from pressing with a guessed
form, and an old page from pressing what its reader never saw.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from itsdangerous import BadSignature, TimestampSigner
from wtforms import Field
from wtforms.csrf.core import CSRF
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from citizen_portal.clock import Clock
from citizen_portal.sealing import KeyRing, from_base64url

FORM_TOKEN = "form_token"  # noqa: S105 - the field's name
LIFE = timedelta(hours=24)


class _Signer(TimestampSigner):
    def __init__(self, keys: list[bytes], clock: Clock) -> None:
        # The keys are derived for this purpose already.
        super().__init__(keys, key_derivation="none", digest_method=sha256)
        self._clock = clock

    def get_timestamp(self) -> int:
        return int(self._clock().timestamp())


class FormTokens:
    """Makes and checks the tokens of one portal."""

    def __init__(self, keys: KeyRing, clock: Clock) -> None:
        # itsdangerous signs with the last key of its list; ours has the newest first.
        self._signer = _Signer(list(reversed(keys.keys("form tokens"))), clock)

    def make(self, purpose: str, row_id: bytes, revision: int) -> str:
        """A token for a form with this purpose (a step's name) on this draft."""
        return self._signer.sign(f"{_about(purpose, row_id)}:{revision}").decode()

    def revision_in(self, token: str, purpose: str, row_id: bytes) -> int | None:
        """The revision that a token of ours was made for; None when it is old, of another form or forged."""
        if from_base64url(token.rpartition(".")[2]) is None:
            return None
        try:
            about, _, revision = self._signer.unsign(token, max_age=int(LIFE.total_seconds())).decode().rpartition(":")
        except (BadSignature, ValueError):
            return None
        return int(revision) if about == _about(purpose, row_id) else None


@dataclass(frozen=True, slots=True)
class TokenContext:
    """What a form has to know to check its token."""

    tokens: FormTokens
    purpose: str
    row_id: bytes
    revision: int


class LinkCsrf(CSRF):
    """The WTForms side of the tokens."""

    def setup_form(self, form: BaseForm) -> list[tuple[str, UnboundField[Any]]]:
        """Take the context along and add the token's field."""
        context = form.meta.csrf_context
        assert isinstance(context, TokenContext)  # noqa: S101 - every form of ours is made with one
        self._context = context
        return super().setup_form(form)

    def generate_csrf_token(self, csrf_token_field: Any) -> str:
        """The token that a page with this form carries."""
        context = self._context
        return context.tokens.make(context.purpose, context.row_id, context.revision)

    def validate_csrf_token(self, form: BaseForm, field: Field) -> None:
        """Raises ValidationError when the token is missing, old or not ours."""
        context = self._context
        if context.tokens.revision_in(field.data or "", context.purpose, context.row_id) is None:
            raise ValidationError("form token")


def _about(purpose: str, row_id: bytes) -> str:
    return f"{purpose}:{urlsafe_b64encode(row_id).decode()}"
