"""Pages that explain: what to do when a letter, a call or a bailiff comes, and what the pause is and is not."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from citizen_portal.web.access import ANYONE, access
from citizen_portal.web.kept import kept_page

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
