"""Links after the press: signature and row, both needed. The signature is a cheap filter, the row can be revoked."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import timedelta

from itsdangerous import BadSignature, Signer

from citizen_portal.sealing import KeyRing, from_base64url

OWNER = "owner"
"""The scope that sees and may do everything."""

OWNER_LIFE = timedelta(days=16 * 31)
"""Sixteen months: longer than a registration is kept, so a link never dies before what it shows."""

VIEW = "view"
"""The scope that sees stations and dates, and may do nothing."""

STOP = "stop"
"""The scope that switches messages off, and sees nothing."""

ENVELOPE = "envelope"
"""The scope of a link in a message that its reader asked for: by a POST it becomes an owner's link, once."""

HELPER = "helper"
"""The scope of a helper who may follow: sees the stations, no reference, and nothing once the registration ended."""

INVITE = "invite"
"""The scope of a link that the resident gives a helper: by a POST it becomes a helper's link, once."""

BRIEF_LIFE = timedelta(minutes=30)
"""For so long a link lives that was given for little: reference and postcode, or an address for messages."""

_SCOPES = {OWNER: b"o", VIEW: b"v", STOP: b"s", ENVELOPE: b"e", HELPER: b"h", INVITE: b"i"}
SCOPES = frozenset(_SCOPES)
"""All that a link can be for."""

LINK_BITS = 16
"""Bytes of chance in a link."""

_LONGEST = 128


@dataclass(frozen=True, slots=True)
class LinkToken:
    """What a token says once its signature is right. Whether it opens anything, only the row tells."""

    bits: bytes
    scope: str

    @property
    def hash(self) -> bytes:
        """The key of the link's row."""
        return token_hash(self.bits, self.scope)


def token_hash(bits: bytes, scope: str) -> bytes:
    """What is stored of a link."""
    return hashlib.sha256(b"link:" + _SCOPES[scope] + bits).digest()


class LinkSigner:
    """Writes and reads tokens with the keys that follow from the secrets."""

    def __init__(self, keys: KeyRing) -> None:
        ring = list(reversed(keys.keys("status links")))
        self._signer = Signer(ring, salt=b"status link", key_derivation="hmac", digest_method=hashlib.sha256)

    def write(self, bits: bytes, scope: str) -> str:
        """The token for a path: about 70 characters, the same for the same bits and scope."""
        payload = base64.urlsafe_b64encode(_SCOPES[scope] + bits).rstrip(b"=")
        return self._signer.sign(payload).decode()

    def read(self, token: str) -> LinkToken | None:
        """What a token says, or None when it was not written here."""
        if len(token) > _LONGEST:
            return None
        payload, _, signature = token.rpartition(".")
        raw = from_base64url(payload)
        if raw is None or from_base64url(signature) is None:
            return None
        try:
            self._signer.unsign(token)
        except BadSignature:
            return None
        scope = next((name for name, code in _SCOPES.items() if raw[:1] == code), None)
        if scope is None or len(raw) != LINK_BITS + 1:
            return None
        return LinkToken(raw[1:], scope)
