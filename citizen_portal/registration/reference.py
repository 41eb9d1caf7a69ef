"""The reference of a registration: short enough to read out, with a character that catches a slip."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford base 32: no I, L, O and U, which are mistaken for 1, 0 and V."""

_BASE = len(ALPHABET)
_BITS = 5
_RANDOM_CHARACTERS = 7
_LONGEST_TYPED = 4 * len("P-XXXX-XXXX")


def new_reference() -> str:
    """A fresh reference `P-XXXX-XXXX`: seven random characters (35 bits) and a check character."""
    body = crockford(secrets.randbits(_RANDOM_CHARACTERS * _BITS), _RANDOM_CHARACTERS)
    return _written(body + check_character(body))


def crockford(number: int, characters: int) -> str:
    """The lowest `5 * characters` bits of `number` in Crockford base 32."""
    return "".join(ALPHABET[number >> place * _BITS & _BASE - 1] for place in range(characters))


def check_character(body: str) -> str:
    """Luhn mod 32 over `body`: catches every single slip and nearly every swap of neighbours."""
    total = 0
    for position, character in enumerate(reversed(body)):
        doubled = ALPHABET.index(character) * (2 if position % 2 == 0 else 1)
        total += doubled // _BASE + doubled % _BASE
    return ALPHABET[-total % _BASE]


def spelled(text: str, longest: int) -> str | None:
    """The characters of `ALPHABET` that somebody typed or read out, or None when something else stands between.

    Any case, spaces, dashes; O for 0, I and L for 1. None too when `text` is longer than `longest`.
    """
    if len(text) > longest:
        return None
    typed = "".join(character for character in text.upper() if character.isalnum())
    typed = typed.translate(str.maketrans("OIL", "011"))
    return typed if all(character in ALPHABET for character in typed) else None


def parse_reference(text: str) -> str | None:
    """`text` as typed or read out (any case, spaces, dashes; O for 0, I and L for 1), or None when it cannot be one."""
    typed = spelled(text, _LONGEST_TYPED)
    if typed is None:
        return None
    body = typed.removeprefix("P") if len(typed) > _RANDOM_CHARACTERS + 1 else typed
    if len(body) != _RANDOM_CHARACTERS + 1:
        return None
    return _written(body) if check_character(body[:-1]) == body[-1] else None


def spoken(reference: str) -> str:
    """`reference` as it is read out on the telephone, a character at a time: `P, 7, K, 3, M, 9, X, Q, 2`."""
    return ", ".join(reference.replace("-", ""))


def _written(body: str) -> str:
    return f"P-{body[:4]}-{body[4:]}"
