"""A page: the frame that all share (language, title, municipality, links) around a template."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import quote

from flask import Response, g, request

from citizen_portal.config.languages import SOURCE_LANGUAGE, written
from citizen_portal.directory.municipality import Municipality
from citizen_portal.web.context import Portal, portal

SWITCH = "switch"
"""The field of a form that is sent to be shown in another language: what was typed, by the language of its page."""
MENU = "menu"
"""In the query: show the list of languages open."""
_LONGEST_PATH = 256


class LanguageLink(NamedTuple):
    """The same page in another language, named in that language."""

    code: str
    own_name: str
    dir: str
    href: str
    is_current: bool


class Alternate(NamedTuple):
    """The same page for search engines: `hreflang` and an absolute address."""

    hreflang: str
    href: str


class Page(NamedTuple):
    """What templates/base.html needs to know."""

    lang: str
    dir: str
    languages: tuple[LanguageLink, ...]
    alternates: tuple[Alternate, ...]
    is_reviewed: bool
    municipality: Municipality | None
    indexed: bool
    has_errors: bool
    menu_open: bool

    @property
    def source(self) -> LanguageLink:
        """The same page in Dutch, whose text counts."""
        return next(link for link in self.languages if link.code == SOURCE_LANGUAGE)

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
    menu_open: bool = False,
    **context: Any,
) -> Response:
    """A page in the language of the request. `has_errors` puts "Fout:" before the title."""
    html = to_html(
        template, municipality=municipality, indexed=indexed, has_errors=has_errors, menu_open=menu_open, **context
    )
    return Response(html, status=status, content_type="text/html; charset=utf-8")


def to_html(
    template: str,
    *,
    municipality: Municipality | None,
    indexed: bool,
    has_errors: bool,
    menu_open: bool = False,
    query: str = "",
    **context: Any,
) -> str:
    """The page as text, to be kept by who can. `query` is what its language links carry along."""
    parts = portal()
    lang: str = g.lang
    links = _links(parts, lang, query)
    page = Page(
        lang,
        written(lang).direction,
        links,
        _alternates(parts, links) if indexed else (),
        lang in parts.settings.reviewed_languages,
        municipality,
        indexed,
        has_errors,
        menu_open,
    )
    return parts.environments[lang].get_template(template).render(page=page, municipality=municipality, **context)


def _links(parts: Portal, current: str, query: str) -> tuple[LanguageLink, ...]:
    path, own = request.path, f"/{current}/"
    # What is no page of ours, or far longer than any, is not repeated: those links lead to the start.
    is_ours = request.url_rule is not None and path.startswith(own) and len(path) < _LONGEST_PATH
    rest = quote(path[len(own) :]) if is_ours else ""
    if query:
        rest += f"?{query}"
    return tuple(
        LanguageLink(code, *written(code), f"/{code}/{rest}", code == current) for code in parts.settings.languages
    )


def _alternates(parts: Portal, links: tuple[LanguageLink, ...]) -> tuple[Alternate, ...]:
    """Every language, and for all others: `/`, which goes by the browser, else the page in Dutch."""
    base = parts.settings.base_url
    found = [Alternate(link.code, base + link.href) for link in links]
    start = f"/{SOURCE_LANGUAGE}/"
    dutch = next(link.href for link in links if link.code == SOURCE_LANGUAGE)
    others = "/" + dutch.removeprefix(start) if dutch.partition("?")[0] == start else dutch
    return (*found, Alternate("x-default", base + others))
