"""Pages that are the same for everybody, rendered once for each language and municipality and kept compressed."""

from __future__ import annotations

from functools import lru_cache

from flask import Response, request

from citizen_portal.web.assets import Kept
from citizen_portal.web.context import Portal, portal
from citizen_portal.web.pages import to_html

# Most visitors name no municipality; a campaign names a few hundred, on the start page.
_MOST_PAGES = 512
# Nothing here is personal: a browser may keep it, and asks whether it is still the same.
_ASK_AGAIN = "no-cache"


def kept_page(template: str, lang: str) -> Response:
    """This template as a public page, for the municipality that `?gemeente=GM0363` names, if it does.

    The template is given nothing that belongs to the request: no token, no day. Only the municipality goes along to
    the other languages: what else stood in the address is nobody's.
    """
    chosen = portal().directory.get(request.args.get("gemeente", ""))
    return _rendered(portal(), template, lang, chosen.code if chosen else "").response(_ASK_AGAIN)


@lru_cache(maxsize=_MOST_PAGES)
def _rendered(parts: Portal, template: str, lang: str, code: str) -> Kept:
    html = to_html(
        template,
        municipality=parts.directory.get(code),
        indexed=True,
        has_errors=False,
        query=f"gemeente={code}" if code else "",
    )
    return Kept(html.encode(), "text/html; charset=utf-8")
