"""The code of a proof: anybody who has it may check that help was asked for, and learns nothing else. Pure.

A code is 15 characters that follow from the registration and a key (75 bits: not to be guessed) and one that catches a
slip. Only its hash is kept; whoever may show it works it out again.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from uuid import UUID

from citizen_portal.registration.reference import check_character, crockford, spelled
from citizen_portal.sealing import KeyRing

_RANDOM_CHARACTERS = 15
_GROUP = 4
_LONGEST_TYPED = 100


class ProofCodes:
    """Works out the codes of one portal."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys.keys("proof codes")

    def new(self, registration_id: UUID) -> str:
        """The code of a registration that is made now, as `XXXX-XXXX-XXXX-XXXX`."""
        return _code(self._keys[0], registration_id)

    def of(self, registration_id: UUID, kept_hash: bytes | None) -> str | None:
        """The code whose hash was kept when the registration was made; None when its key is no longer there."""
        codes = (_code(key, registration_id) for key in self._keys)
        return next((code for code in codes if proof_hash(code) == kept_hash), None)


def proof_hash(code: str) -> bytes:
    """What is stored of a code."""
    return sha256(b"proof:" + code.encode()).digest()


def parse_code(text: str) -> str | None:
    """`text` as typed or read out (any case, spaces, dashes; O for 0, I and L for 1), or None when it cannot be one."""
    body = spelled(text, _LONGEST_TYPED)
    if body is None or len(body) != _RANDOM_CHARACTERS + 1 or check_character(body[:-1]) != body[-1]:
        return None
    return _grouped(body)


def _code(key: bytes, registration_id: UUID) -> str:
    digest = hmac.new(key, registration_id.bytes, sha256).digest()
    body = crockford(int.from_bytes(digest, "big"), _RANDOM_CHARACTERS)
    return _grouped(body + check_character(body))


def _grouped(body: str) -> str:
    return "-".join(body[start : start + _GROUP] for start in range(0, len(body), _GROUP))
