"""From bytes to an event document: JSON that means one thing only, and the schema of contract/intake.md.

Pure. What comes in is hostile until it went through here: nothing in it can make these functions raise anything but
NotJson. What they say about it never repeats a value or a name from it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn, cast

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend
from rfc3339_validator import validate_rfc3339  # type: ignore[import-untyped]  # it has none

from citizen_portal.clock import amsterdam_day

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parent / "schemas" / "event.schema.json").read_text("utf-8"))
"""The contract's own event.schema.json."""

# An event is four levels deep at most; deeper ones only cost.
_DEEPEST = 32
_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_DETAILS = {
    "type": "moet zijn: {}",
    "const": "moet zijn: {}",
    "enum": "moet zijn: {}",
    "format": "is geen {}",
    "pattern": "past niet geheel op het patroon {}",
    "maxLength": "is langer dan {} tekens",
    "minimum": "moet ten minste {} zijn",
    "maximum": "moet ten hoogste {} zijn",
    "additionalProperties": "heeft velden die het schema hier niet kent",
}
_WORDS = {
    "None": "null",
    "string": "tekst",
    "integer": "geheel getal",
    "uuid": "UUID",
    "date": "datum als 2026-11-23",
    "date-time": "tijdstip als 2026-11-23T09:04:00Z (RFC 3339)",
}


class NotJson(Exception):
    """The bytes are not JSON, or JSON that two readers may read differently (RFC 7493, I-JSON)."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, where (`pointer`: RFC 6901), in a word for programs (`code`) and in Dutch (`detail`)."""

    pointer: str
    code: str
    detail: str


def read_json(body: bytes) -> object:
    """The JSON value in `body` (UTF-8).

    Raises NotJson when it is none, and for what I-JSON forbids: a name twice in one object, an unpaired surrogate, NaN
    or infinity. Also for a number of thousands of digits and for nesting deeper than 32.
    """
    try:
        value: object = json.loads(
            body.decode("utf-8"), object_pairs_hook=_each_name_once, parse_constant=_refuse, parse_float=_finite
        )
        _refuse_depth(value)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        # What it says could quote the body.
        raise NotJson from None
    return value


def schema_mistakes(document: object) -> list[Mistake]:
    """Everything that keeps `document` from being an event by the schema: formats count, patterns match whole."""
    found: dict[tuple[str, str], Mistake] = {}
    for error in _VALIDATOR.iter_errors(document):
        if "allOf" in error.absolute_schema_path and not _has_status(document):
            # Without a status every "if the status is ..." applies: what that asks for would mislead.
            continue
        for mistake in _in_words(error):
            found.setdefault((mistake.pointer, mistake.code), mistake)
    return sorted(found.values(), key=lambda mistake: (mistake.pointer, mistake.code))


def moment(text: str) -> datetime:
    """An RFC 3339 date-time, in UTC. Raises ValueError for anything else, also for a moment that has no Dutch day."""
    capitals = text.upper()
    if not validate_rfc3339(capitals):
        raise ValueError("not an RFC 3339 date-time")
    try:
        utc = datetime.fromisoformat(capitals).astimezone(UTC)
        amsterdam_day(utc)
    except OverflowError:
        raise ValueError("before the year 1 or after 9999") from None
    return utc


def _each_name_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError("a name occurs twice")
    return named


def _refuse(_constant: str) -> NoReturn:
    raise ValueError("not a JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("too large a number")
    return number


def _refuse_depth(value: object) -> None:
    level = [value]
    for _ in range(_DEEPEST):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return
    raise ValueError("nested too deeply")


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _whole_pattern(_validator: object, pattern: str, instance: object, _schema: object) -> Iterator[ValidationError]:
    # `$` alone would let a line end through at the end, in Python.
    if isinstance(instance, str) and not re.fullmatch(pattern, instance):
        yield ValidationError("does not match")


def _formats() -> FormatChecker:
    checker = FormatChecker(["date"])

    @checker.checks("uuid")
    def is_uuid(value: object) -> bool:
        # The library's own also takes underscores and digits of other scripts.
        return not isinstance(value, str) or _UUID.fullmatch(value) is not None

    @checker.checks("date-time", raises=ValueError)
    def is_moment(value: object) -> bool:
        return not isinstance(value, str) or bool(moment(value))

    return checker


_WholePatterns = extend(Draft202012Validator, {"pattern": _whole_pattern})  # type: ignore[no-untyped-call]
_VALIDATOR = _WholePatterns(SCHEMA, format_checker=_formats())


def _has_status(document: object) -> bool:
    data = document.get("data") if isinstance(document, dict) else None
    return isinstance(data, dict) and isinstance(data.get("status"), str)


def _in_words(error: ValidationError) -> Iterator[Mistake]:
    here = "".join(f"/{step}" for step in error.absolute_path)
    keyword, asked = str(error.validator), cast(Any, error.validator_value)
    if keyword == "required" and isinstance(error.instance, dict):
        for name in asked:
            if name not in error.instance:
                yield Mistake(f"{here}/{name}", "required", "ontbreekt")
        return
    yield Mistake(here, keyword, _detail(keyword, asked))


def _detail(keyword: str, asked: Any) -> str:
    """What the schema asks for, in Dutch: words of the schema, never of the sender."""
    words = ", ".join(_WORDS.get(str(one), str(one)) for one in (asked if isinstance(asked, list) else [asked]))
    return _DETAILS.get(keyword, "voldoet niet aan het schema").format(words)
