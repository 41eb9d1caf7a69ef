"""Which municipality an address lies in: the address register knows, the postcode table only has an idea."""

from __future__ import annotations

from collections.abc import Iterable

from citizen_portal.directory.address import Found
from citizen_portal.directory.municipality import Directory
from citizen_portal.journey.answers import Answers, RegisterAnswer
from citizen_portal.journey.steps import has_address
from citizen_portal.storage import postcodes
from citizen_portal.web.context import Portal


def look_up(parts: Portal, answers: Answers) -> RegisterAnswer:
    """What the address register says. It helps, it is never a gate: no answer is an answer too.

    Without one the postcode gives candidates, of which the resident chooses: where a postcode lies is not where each of
    its addresses lies.
    """
    if not has_address(answers):
        return RegisterAnswer()
    postcode, number, addition, _ = answers.address_key()
    found = parts.addresses.find(postcode, int(number), addition or None)
    if isinstance(found, Found):
        codes = _of_today(found.municipality_codes, parts.directory)
        return RegisterAnswer(codes, found.street, found.town, found.confirmed)
    with parts.database.reading() as connection:
        candidates = postcodes.candidates(connection, postcode)
    return RegisterAnswer(candidates=_of_today(candidates, parts.directory))


def _of_today(codes: Iterable[str], directory: Directory) -> tuple[str, ...]:
    """These municipalities, or what they are part of by now."""
    return tuple(sorted({each.code for code in codes if (each := directory.get(code))}))
