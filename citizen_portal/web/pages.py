"""A page: the frame that all share (language, title, municipality, links) around a template."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import quote

from flask import Response, g, request

from citizen_portal.directory.municipality import Municipality
from citizen_portal.web.context import Portal, portal
from citizen_portal.web.i18n import direction, own_name


class LanguageLink(NamedTuple):
    """The same page in another language, named in that language."""

    code: str
    own_name: str
    dir: str
    href: str
    is_current: bool


class Page(NamedTuple):
    """What templates/base.html needs to know."""

    lang: str
    dir: str
    languages: tuple[LanguageLink, ...]
    municipality: Municipality | None
    indexed: bool
    has_errors: bool

    def href(self, path: str = "") -> str:
        """The address of a page in this language."""
        return f"/{self.lang}/{path}"


def render(
    template: str,
    *,
    status: int = 200,
    municipality: Municipality | None = None,
    indexed: bool = False,
    has_errors: bool = False,
    **context: Any,
) -> Response:
    """A page in the language of the request. `has_errors` puts "Fout:" before the title."""
    html = to_html(template, municipality=municipality, indexed=indexed, has_errors=has_errors, **context)
    return Response(html, status=status, content_type="text/html; charset=utf-8")


def to_html(
    template: str,
    *,
    municipality: Municipality | None,
    indexed: bool,
    has_errors: bool,
    query: str = "",
    **context: Any,
) -> str:
    """The page as text, to be kept by who can. `query` is what its language links carry along."""
    parts = portal()
    lang: str = g.lang
    page = Page(lang, direction(lang), _links(parts, lang, query), municipality, indexed, has_errors)
    return parts.environments[lang].get_template(template).render(page=page, municipality=municipality, **context)


def _links(parts: Portal, current: str, query: str) -> tuple[LanguageLink, ...]:
    path, own = request.path, f"/{current}/"
    rest = quote(path[len(own) :]) if path.startswith(own) else ""
    if query:
        rest += f"?{query}"
    return tuple(
        LanguageLink(code, own_name(code), direction(code), f"/{code}/{rest}", code == current)
        for code in parts.settings.languages
    )
