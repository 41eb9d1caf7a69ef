"""Pages that are the same for everybody, rendered once for each language and municipality and kept compressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from flask import Response, request

from citizen_portal.web.assets import Kept
from citizen_portal.web.context import Portal, portal
from citizen_portal.web.pages import to_html

# Most visitors name no municipality; a campaign names a few hundred, on the start page.
_MOST_PAGES = 512
# Nothing here is personal: a browser may keep it, and asks whether it is still the same.
_ASK_AGAIN = "no-cache"

Given = Callable[[Portal, str, str], Mapping[str, object]]
"""What a template is given besides its page: by the portal, the language, and the municipality's code ("" for none)."""


def _nothing(_parts: Portal, _lang: str, _code: str) -> Mapping[str, object]:
    return {}


def kept_page(template: str, lang: str, *, along: str = "", given: Given = _nothing) -> Response:
    """This template as a public page, for the municipality that `?gemeente=GM0363` names, if it does.

    The template is given nothing that belongs to the request: no token, no day. `given` is asked once for each copy,
    not once for each visitor. Only `along` (a query that makes this another page, `helper=1`) and the municipality go
    along to the other languages: what else stood in the address is nobody's.
    """
    chosen = portal().directory.get(request.args.get("gemeente", ""))
    return _rendered(portal(), template, lang, chosen.code if chosen else "", along=along, given=given).response(
        _ASK_AGAIN
    )


@lru_cache(maxsize=_MOST_PAGES)
def _rendered(parts: Portal, template: str, lang: str, code: str, *, along: str, given: Given) -> Kept:
    html = to_html(
        template,
        municipality=parts.directory.get(code),
        indexed=True,
        has_errors=False,
        menu_open=False,
        query="&".join(part for part in (along, f"gemeente={code}" if code else "") if part),
        **given(parts, lang, code),
    )
    return Kept(html.encode(), "text/html; charset=utf-8")
