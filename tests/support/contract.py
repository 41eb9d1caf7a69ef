"""The contract's schema for a registration, as a municipality's system would check it."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker

from citizen_portal.intake import message

SCHEMA_FILE = Path(message.__file__).parent / "schemas" / "registration.schema.json"
_VALIDATOR = Draft202012Validator(
    json.loads(SCHEMA_FILE.read_text(encoding="utf-8")),
    format_checker=FormatChecker(["uuid", "date", "date-time", "email"]),
)


def mistakes_in(body: bytes) -> list[str]:
    """What keeps this body from being a registration by the schema; empty when nothing does."""
    return [error.message for error in _VALIDATOR.iter_errors(json.loads(body))]
