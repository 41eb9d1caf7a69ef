"""Pages that explain: what to do when a letter, a call or a bailiff comes, what the pause is, how to help safely."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from citizen_portal.web.access import ANYONE, access
from citizen_portal.web.accessibility import results
from citizen_portal.web.context import Portal
from citizen_portal.web.kept import kept_page
from citizen_portal.web.public import HELPING

blueprint = Blueprint("information", __name__)

SITUATIONS = ("letter", "call", "bailiff", "energy", "wages", "eviction")
"""What residents fear, in the order of the list; each has a template in `templates/information/situation/`."""


@blueprint.get("/<lang:lang>/what-if/")
@access(ANYONE)
def situations(lang: str) -> Response:
    """All situations."""
    return kept_page("information/what_if.html", lang)


@blueprint.get("/<lang:lang>/what-if/<situation>")
@access(ANYONE)
def what_if(lang: str, situation: str) -> Response:
    """What to do now: before the Kennisgeving was sent (`#before`) and after it (`#after`). To be printed too."""
    if situation not in SITUATIONS:
        abort(404)
    return kept_page(f"information/situation/{situation}.html", lang)


@blueprint.get("/<lang:lang>/about")
@access(ANYONE)
def about(lang: str) -> Response:
    """What the Kennisgeving is and is not, who promised to honour it, and what is asked of the resident."""
    return kept_page("information/about.html", lang)


@blueprint.get("/<lang:lang>/helpers")
@access(ANYONE)
def helpers(lang: str) -> Response:
    """For who helps: what the button does, how to fill in together, who decides. One sheet of paper, with a QR code."""
    return kept_page("information/helpers.html", lang, given=_start_for_helpers)


@blueprint.get("/<lang:lang>/safety")
@access(ANYONE)
def safety(lang: str) -> Response:
    """For who shares a phone or is watched: what stays behind on it, and what to do about that."""
    return kept_page("information/safety.html", lang)


@blueprint.get("/<lang:lang>/accessibility")
@access(ANYONE)
def accessibility(lang: str) -> Response:
    """The accessibility statement, with the results of the last full run and every shortcoming that is known."""
    return kept_page("information/accessibility.html", lang, given=_results)


def _results(_parts: Portal, _lang: str, _code: str) -> dict[str, object]:
    return {"results": results()}


def _start_for_helpers(parts: Portal, lang: str, code: str) -> dict[str, object]:
    """Where a helper begins, as a path and as a whole address."""
    path = f"/{lang}/?{HELPING}" + (f"&gemeente={code}" if code else "")
    return {"start": path, "address": parts.settings.base_url + path}
