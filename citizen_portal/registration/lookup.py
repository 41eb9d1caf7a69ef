"""Keyed hashes of what a resident typed: they can be compared with, never read back (design.md, promise 3c). Pure.

The keys follow from `PORTAL_SECRET_KEYS`: the newest makes what is kept, every one is tried when something is compared.
"""

from __future__ import annotations

import hmac
import unicodedata
from datetime import date
from hashlib import sha256
from uuid import UUID

from citizen_portal.registration.model import Resident
from citizen_portal.sealing import KeyRing


class Lookups:
    """Makes and compares the hashes of one portal."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys.keys("look-up hashes")

    def address(self, registration_id: UUID, postcode: str, house_number: int) -> list[bytes]:
        """Of an address in one registration, one for each key, newest first. `postcode` as `1234AB`.

        Bound to the registration: two households at one address cannot be told to be that by their hashes.
        """
        return self._all("address", str(registration_id), postcode, str(house_number))

    def birth(self, registration_id: UUID, birth_date: date) -> list[bytes]:
        """Of a birth date in one registration, one for each key, newest first."""
        return self._all("birth", str(registration_id), birth_date.isoformat())

    def person(self, resident: Resident) -> list[bytes]:
        """Of who this looks like, whatever the registration: the same for the same name, birth date and postcode.

        Empty when there is only a name: that is no person yet. Case, accents and signs do not count.
        """
        postcode = resident.address.postcode if resident.address else ""
        born = resident.birth_date.isoformat() if resident.birth_date else ""
        name = _letters(resident.given_name + resident.family_name)
        return self._all("person", name, born, postcode) if name and (postcode or born) else []

    def _all(self, *parts: str) -> list[bytes]:
        # A length before each part: no two lists of parts spell the same text.
        text = "".join(f"{len(part)}:{part}" for part in parts).encode()
        return [hmac.new(key, text, sha256).digest() for key in self._keys]


def agrees(kept: bytes | None, candidates: list[bytes]) -> bool:
    """Whether `kept` is one of `candidates`; it takes as long when it is not. Nothing agrees with None."""
    return sum(hmac.compare_digest(kept or b"", candidate) for candidate in candidates) > 0


def _letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in decomposed if sign.isalnum())
