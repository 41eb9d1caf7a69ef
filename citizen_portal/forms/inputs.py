"""What people type, made into what is kept. Pure: each function gives the clean value, or None when it cannot be."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

import phonenumbers
from email_validator import EmailNotValidError, validate_email

_UNDECODED_BYTE = re.compile("%[89A-F][0-9A-F]")
_BSN_DIGITS = 9
_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_BSN_LIKE = re.compile(r"(?<!\d)\d(?:[ .\-]?\d){7,8}(?!\d)")
_HOUSE_NUMBER = re.compile(r"([1-9][0-9]{0,4})[ \-]*(.{0,10})")
_TWO_DIGIT_YEAR = 100
_EMAIL_LENGTH = 254


def clean_text(text: str) -> str:
    """One line of text: composed (NFC), control and format characters gone, white space folded.

    The joiners of Arabic, Persian and emoji stay: without them those are spelled wrong.
    """
    joiners = "\u200c\u200d"
    kept = (
        character
        if character in joiners or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        else " "
        if character.isspace()
        else ""
        for character in unicodedata.normalize("NFC", text)
    )
    return " ".join("".join(kept).split())


def has_letters(text: str) -> bool:
    """Whether something can be read in `text`, in any script."""
    return any(character.isalpha() for character in text)


def unreadable(text: str) -> bool:
    """Whether bytes arrived that were no text: the decoders put U+FFFD or the percent-encoded byte in their place."""
    return "\ufffd" in text or _UNDECODED_BYTE.search(text) is not None


def holds_bsn(text: str) -> bool:
    """Whether a citizen service number stands in `text`: 8 or 9 digits, spaced or not, that pass the eleven test."""
    for found in _BSN_LIKE.finditer(unicodedata.normalize("NFKC", text)):
        digits = [int(unicodedata.digit(character)) for character in found.group() if character.isdigit()]
        padded = [0] * (_BSN_DIGITS - len(digits)) + digits
        total = sum(weight * digit for weight, digit in zip(_BSN_WEIGHTS, padded, strict=True))
        if any(padded) and total % 11 == 0:
            return True
    return False


def postcode(text: str) -> str | None:
    """`1234AB` from any spacing, case and width."""
    compact = re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", text)).upper()
    return compact if re.fullmatch(r"[1-9][0-9]{3}[A-Z]{2}", compact) else None


def house_number(text: str) -> tuple[str, str] | None:
    """Number and addition: "12 A", "12-3" and "12" are all typed into the one field."""
    found = _HOUSE_NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return (found[1], found[2].strip()) if found else None


def phone(text: str) -> str | None:
    """E.164, from a Dutch number with or without prefix, or a foreign one with it."""
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text), "NL")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or number.extension:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_as_read(e164: str) -> str:
    """A kept number the way people write it: a Dutch one without prefix, in groups."""
    number = phonenumbers.parse(e164)
    dutch = number.country_code == phonenumbers.country_code_for_region("NL")
    form = phonenumbers.PhoneNumberFormat.NATIONAL if dutch else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def email(text: str) -> str | None:
    """An address that can exist, its domain in lower case; nobody is asked whether it does."""
    try:
        address = validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        return None
    # The contract's format `email` is plain ASCII, as most mail systems still are.
    return address if address.isascii() and len(address) <= _EMAIL_LENGTH else None


def day(day_text: str, month_text: str, year_text: str) -> date | None:
    """The date that three fields name. Two digits for a year are refused: 26 may be 1926 or 2026."""
    texts = [unicodedata.normalize("NFKC", text).strip() for text in (day_text, month_text, year_text)]
    if not all(re.fullmatch(r"[0-9]{1,4}", text) for text in texts):
        return None
    day_number, month_number, year_number = (int(text) for text in texts)
    if year_number < _TWO_DIGIT_YEAR:
        return None
    try:
        return date(year_number, month_number, day_number)
    except ValueError:
        return None
