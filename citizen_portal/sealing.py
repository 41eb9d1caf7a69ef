"""Sealing: keys derived from secrets, and AES-256-GCM around everything that names a person.

Pure: no web, no database. Two kinds of key exist. A key that only a link holds (drafts) is derived from the link
itself, so the server cannot read what it keeps. A key per row (outbox) is random and wrapped by the server's secrets,
so that erasing the wrapped key makes the row unreadable.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12
_KEY_ID_BYTES = 8


class SealBroken(Exception):
    """What was opened is not what was sealed: another key, another row, or a changed byte."""


def derive(secret: bytes, label: str, length: int = KEY_BYTES) -> bytes:
    """`length` bytes that depend on `secret` and `label` alone (HKDF-SHA256, RFC 5869, without salt)."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=label.encode()).derive(secret)


def seal(key: bytes, plaintext: bytes, context: bytes) -> bytes:
    """Nonce and AES-256-GCM ciphertext of `plaintext`; it opens only with the same `key` and `context`."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, context)


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """The plaintext that `seal` was given. Raises SealBroken for anything else."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


def from_base64url(text: str) -> bytes | None:
    """The bytes that `text` spells, or None. Only one spelling counts: no padding, no spare bits, nothing in between.

    Python's own decoder skips what it does not know and ignores spare bits, so a link would have many spellings.
    """
    try:
        spelled = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return spelled if base64.urlsafe_b64encode(spelled).rstrip(b"=").decode() == text else None


@dataclass(frozen=True, slots=True)
class SealedBody:
    """A body sealed with a key of its own, and that key wrapped by the newest server secret."""

    body: bytes
    wrapped_key: bytes


class KeyRing:
    """The keys that follow from `PORTAL_SECRET_KEYS`, newest first: the newest seals, every one opens."""

    def __init__(self, secrets: Sequence[str]) -> None:
        if not secrets:
            raise ValueError("a key ring needs at least one secret")
        self._secrets = [secret.encode() for secret in secrets]
        # Derived once for each purpose: a press needs several.
        self._derived: dict[str, list[bytes]] = {}
        self._wrapping = {self._key_id(key): key for key in reversed(self.keys("wrap row keys"))}

    def keys(self, label: str) -> list[bytes]:
        """One 32-byte key for each secret, newest first, for the purpose that `label` names."""
        found = self._derived.get(label)
        if found is None:
            found = self._derived[label] = [derive(secret, label) for secret in self._secrets]
        return found

    def seal_body(self, plaintext: bytes, context: bytes) -> SealedBody:
        """Seal `plaintext` under a fresh row key, bound to `context` (the row's id and kind)."""
        row_key = os.urandom(KEY_BYTES)
        return SealedBody(seal(row_key, plaintext, context), self._wrap(row_key, context))

    def open_body(self, sealed: SealedBody, context: bytes) -> bytes:
        """The plaintext of `seal_body`. Raises SealBroken when no secret of the ring fits or a byte was changed."""
        return unseal(self._unwrap(sealed.wrapped_key, context), sealed.body, context)

    def rewrap(self, wrapped_key: bytes, context: bytes) -> bytes:
        """The same row key, wrapped by the newest secret (`keys rotate`). Raises SealBroken as `open_body` does."""
        return self._wrap(self._unwrap(wrapped_key, context), context)

    def wrapped_by_newest(self, wrapped_key: bytes) -> bool:
        """Whether `wrapped_key` no longer depends on an older secret."""
        return wrapped_key[:_KEY_ID_BYTES] == self._key_id(self.keys("wrap row keys")[0])

    def _wrap(self, row_key: bytes, context: bytes) -> bytes:
        key_id, key = next(reversed(self._wrapping.items()))
        return key_id + seal(key, row_key, b"row key:" + context)

    def _unwrap(self, wrapped_key: bytes, context: bytes) -> bytes:
        key = self._wrapping.get(wrapped_key[:_KEY_ID_BYTES])
        if key is None:
            raise SealBroken("wrapped by a secret that is no longer in PORTAL_SECRET_KEYS")
        return unseal(key, wrapped_key[_KEY_ID_BYTES:], b"row key:" + context)

    @staticmethod
    def _key_id(key: bytes) -> bytes:
        return hashlib.sha256(b"key id:" + key).digest()[:_KEY_ID_BYTES]
