"""Who uses the Kennisgeving: all municipalities as a list that can be searched, and the national picture above it."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from citizen_portal.directory.adoption import picture
from citizen_portal.directory.municipality import Directory
from citizen_portal.directory.spelling import to_show_again
from citizen_portal.web.access import ANYONE, access
from citizen_portal.web.assets import Kept
from citizen_portal.web.context import Portal, portal
from citizen_portal.web.pages import to_html

blueprint = Blueprint("municipalities", __name__)

# One for each language: with a merger come other ones.
_MOST_PAGES = 32
# Nothing here is anybody's: a browser may keep it, and asks whether it is still the same.
_ASK_AGAIN = "no-cache"


@blueprint.get("/<lang:lang>/municipalities")
@access(ANYONE)
def municipalities(lang: str) -> Response:
    """All of them, sent compressed from a kept copy; with `?q=` those that are meant by it."""
    parts = portal()
    search = to_show_again(request.args.get("q", ""))
    if not search:
        return _all(parts, parts.directory, lang).response(_ASK_AGAIN)
    response = Response(_written(parts.directory, search), content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = _ASK_AGAIN
    return response


# The directory is another object once municipalities have merged.
@lru_cache(maxsize=_MOST_PAGES)
def _all(_parts: Portal, directory: Directory, _lang: str) -> Kept:
    return Kept(_written(directory, "").encode(), "text/html; charset=utf-8")


def _written(directory: Directory, search: str) -> str:
    return to_html(
        "municipalities.html",
        municipality=None,
        indexed=not search,
        has_errors=False,
        query=urlencode({"q": search}) if search else "",
        search=search,
        found=directory.search(search),
        seen=picture(directory),
    )
