"""The sealed draft: who holds the link can open it, the server alone cannot. Pure, no database.

The capability is 32 random bytes, base64url, in the path. From it follow, by HKDF with a label each, the look-up id
(whose hash is the row's key), the data key, and the seed of the first status link. None of the three is stored.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from citizen_portal.journey.answers import Answers
from citizen_portal.sealing import derive, from_base64url, seal, unseal

_CAPABILITY_BYTES = 32
_FORMAT = 1
_LENGTH_BYTES = 4
# Sealed documents come in steps of this size, so that their length says nothing about the answers.
_PADDING = 1024


@dataclass(frozen=True, slots=True)
class DraftKeys:
    """What follows from a capability. `row_id` may be stored, the rest may not."""

    capability: bytes
    row_id: bytes
    data_key: bytes

    @property
    def link_bits(self) -> bytes:
        """16 bytes for the first owner's link: a repeated press gives the same link, although neither is stored."""
        return derive(self.capability, "first status link", 16)


def new_capability() -> str:
    """A fresh capability as it stands in the path: 43 characters, 256 bits."""
    return secrets.token_urlsafe(_CAPABILITY_BYTES)


def keys_of(capability: str) -> DraftKeys | None:
    """The keys that follow from a path's capability, or None when it cannot be one (exactly one spelling is)."""
    raw = from_base64url(capability)
    if raw is None or len(raw) != _CAPABILITY_BYTES:
        return None
    row_id = hashlib.sha256(derive(raw, "draft look-up id")).digest()
    return DraftKeys(raw, row_id, derive(raw, "draft data key"))


def seal_answers(keys: DraftKeys, revision: int, answers: Answers) -> bytes:
    """`answers`, sealed for this row and this revision: it opens under no other row, revision or format."""
    document = answers.to_bytes()
    framed = len(document).to_bytes(_LENGTH_BYTES, "big") + document
    padded = framed.ljust(-(-len(framed) // _PADDING) * _PADDING, b"\0")
    return seal(keys.data_key, padded, _context(keys, revision))


def open_answers(keys: DraftKeys, revision: int, sealed: bytes) -> Answers:
    """The answers of `seal_answers`. Raises SealBroken when a bit, the row or the revision is another."""
    padded = unseal(keys.data_key, sealed, _context(keys, revision))
    length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    return Answers.from_bytes(padded[_LENGTH_BYTES : _LENGTH_BYTES + length])


def _context(keys: DraftKeys, revision: int) -> bytes:
    return b"draft:%d:%d:" % (_FORMAT, revision) + keys.row_id
