"""What a question's page shows besides its own fields: lists to choose from, and what follows from other answers."""

from __future__ import annotations

from typing import Any

from citizen_portal.directory.municipality import Directory, Municipality
from citizen_portal.journey import languages
from citizen_portal.journey.answers import Answers
from citizen_portal.journey.steps import contact_ways


class Blank(dict[str, Any]):
    """Values by field name for a template: what was not answered is empty, never an error."""

    def __missing__(self, _name: str) -> str:
        return ""


_AS_ROWS = 12
"""So few municipalities are shown as rows that can be hit anywhere; more are a list to open."""

_LONGEST_SEARCH = 100


def step_context(step_name: str, answers: Answers, directory: Directory, search: str) -> dict[str, Any]:
    """The values that the template of this step uses."""
    if step_name == "for-whom":
        return {"as_helper": answers.started_as_helper}
    if step_name == "municipality":
        return _municipality_context(answers, directory, search)
    if step_name == "urgent":
        settled, started = answers.settled_municipality, answers.started_for
        other = directory.get(started) if settled and started and settled != started else None
        return {"came_by": other, "settled": directory.get(settled) if settled else None}
    if step_name == "contact":
        return {"ways": contact_ways(answers), "languages": languages.own_names(), "other_language": languages.OTHER}
    return {}


def _municipality_context(answers: Answers, directory: Directory, search: str) -> dict[str, Any]:
    searched = bool(search.strip())
    found = directory.search(search) if searched else directory.all()
    codes = answers.register.municipality_codes
    return {
        "search": search[:_LONGEST_SEARCH],
        "searched": searched,
        "nothing_found": not found,
        "options": [_option(one) for one in found or directory.all()],
        "rows": [(*_option(one), one.province) for one in found] if len(found) <= _AS_ROWS else [],
        # A postcode that lies in two municipalities: these first, the others still below.
        "likely": [_option(one) for code in codes if (one := directory.get(code))],
        "suggested": answers.municipality or answers.started_for or (found[0].code if len(found) == 1 else ""),
    }


def _option(municipality: Municipality) -> tuple[str, str]:
    return municipality.code, municipality.name
