"""A page cannot be tested without being looked at: every answer that the test client sees is linted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.wrappers import Response

from citizen_portal.web.i18n import catalogue

_HTML = "{http://www.w3.org/1999/xhtml}"
_LABELLED = {"input", "select", "textarea"}
_NAMELESS_INPUTS = {"hidden", "submit", "button"}
# What a title must not say: it shows in the browser's history. Debts and bailiffs, in every language that is offered.
_NOT_NEUTRAL = re.compile(
    r"schuld|deurwaarder|incasso|debt|bailiff|dług|komornik|borç|haciz|борг|виконав|ديون|بدهی|ዕዳ", re.IGNORECASE
)
_STACK = re.compile(r"Traceback|File \"|werkzeug|jinja2|sqlalchemy", re.IGNORECASE)


def lint(response: Response, html: str) -> list[str]:
    """What is wrong with a page; empty when nothing is."""
    found = [f"the page sets a cookie: {name}" for name in response.headers.getlist("Set-Cookie")]
    if not html.lstrip().lower().startswith("<!doctype html>"):
        found.append("no doctype")
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"))
    root = parser.parse(html)
    found += [f"invalid HTML at {position}: {code} {data}" for position, code, data in parser.errors]
    found += _document(root, html)
    found += _ids(root)
    found += _fields(root)
    found += _forms(root)
    found += _nothing_inline(root)
    if response.headers.get("Content-Security-Policy", "").count("unsafe-"):
        found.append("the policy allows something unsafe")
    if "Content-Security-Policy" not in response.headers:
        found.append("no Content-Security-Policy")
    if response.headers.get("Referrer-Policy") != "no-referrer":
        found.append("no Referrer-Policy")
    return found


def _document(root: Element, html: str) -> Iterator[str]:
    if not root.get("lang"):
        yield "no lang"
    if root.get("dir") not in {"ltr", "rtl"}:
        yield "no dir"
    titles = [_text(one) for one in _all(root, "title") if _parent_tag(root, one) == "head"]
    if len(titles) != 1 or not titles[0].strip():
        yield f"not one title: {titles}"
    if _NOT_NEUTRAL.search(titles[0] if titles else ""):
        yield f"the title is not neutral: {titles[0]}"
    headings = [_text(one) for one in _all(root, "h1")]
    if len(headings) != 1 or not headings[0].strip():
        yield f"not one h1: {headings}"
    if len(list(_all(root, "main"))) != 1:
        yield "not one main"
    if _STACK.search(html):
        yield "something of the inside shows"
    if "None" in _text(next(_all(root, "main"), root)).split():
        yield "the word None"
    faulty = any(one.get("id", "").endswith("-error") for one in _with_attribute(root, "id"))
    wrong_prefix = faulty != titles[0].startswith(f"{_word_for_mistake(root.get('lang', ''))} ")
    if wrong_prefix:
        yield f"title and errors disagree: {titles[0]}"


def _ids(root: Element) -> Iterator[str]:
    ids = Counter(one.get("id") for one in _with_attribute(root, "id"))
    yield from (f"id {name} stands {count} times" for name, count in ids.items() if count > 1)
    for name in ("for", "aria-describedby", "aria-labelledby"):
        for one in _with_attribute(root, name):
            yield from (f"{name}={target} points nowhere" for target in one.get(name, "").split() if target not in ids)
    for link in _all(root, "a"):
        target = link.get("href", "")
        if target.startswith("#") and target[1:] not in ids:
            yield f"{target} points nowhere"
        if not _text(link).strip() and not link.get("aria-label"):
            yield "a link without words"


def _fields(root: Element) -> Iterator[str]:
    labelled = {one.get("for") for one in _all(root, "label")}
    inside = {field for label in _all(root, "label") for field in label.iter()}
    for field in root.iter():
        tag = _tag(field)
        if tag not in _LABELLED or field.get("type") in _NAMELESS_INPUTS:
            continue
        if field.get("id") not in labelled and field not in inside and not field.get("aria-label"):
            yield f"no label for {tag} {field.get('name')}"
        if not field.get("name"):
            yield f"{tag} {field.get('id')} has no name"
        if field.get("aria-invalid") and not field.get("aria-describedby"):
            yield f"{field.get('name')} is wrong but does not say why"
    for group in _all(root, "fieldset"):
        if not list(_all(group, "legend")):
            yield "a fieldset without a legend"


def _forms(root: Element) -> Iterator[str]:
    main = next(_all(root, "main"), None)
    primary = [
        form
        for form in (_all(main, "form") if main is not None else [])
        if form.get("method", "get").lower() == "post" and form.get("data-secondary") is None
    ]
    if len(primary) > 1:
        yield "more than one primary form"
    for form in primary:
        buttons = [one for one in _all(form, "button") if one.get("type", "submit") == "submit"]
        if len(buttons) != 1:
            yield f"{len(buttons)} submit buttons in the primary form"


def _nothing_inline(root: Element) -> Iterator[str]:
    for one in root.iter():
        tag = _tag(one)
        if tag == "style" or (tag == "script" and (one.text or "").strip()):
            yield f"inline {tag}"
        if one.get("style") is not None:
            yield f"a style attribute on {tag}"
        yield from (f"{name} on {tag}" for name in one.attrib if name.startswith("on"))
        is_loaded = tag == "link" and one.get("rel") != "alternate"
        address = one.get("src") or (one.get("href") if is_loaded else None) or ""
        if address.startswith(("http:", "https:", "//")):
            yield f"{tag} loads {address}"


@lru_cache
def _word_for_mistake(language: str) -> str:
    return catalogue(language).gettext("Fout:")


def _all(root: Element, tag: str) -> Iterator[Element]:
    return root.iter(_HTML + tag)


def _with_attribute(root: Element, name: str) -> Iterator[Element]:
    return (one for one in root.iter() if one.get(name) is not None)


def _tag(one: Element) -> str:
    return one.tag.removeprefix(_HTML) if isinstance(one.tag, str) else ""


def _text(one: Element) -> str:
    return "".join(one.itertext())


def _parent_tag(root: Element, child: Element) -> str:
    return next((_tag(one) for one in root.iter() if child in list(one)), "")
