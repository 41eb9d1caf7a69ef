"""The same help in the same order on every page (WCAG 2.2, 3.2.6). Needs no browser: it is what the portal sent."""

from __future__ import annotations

import re
from collections import defaultdict

from tests.browser.states.catalogue import Catalogue

_TAG = re.compile(r"<[^>]+>")
_CHOSEN = re.compile(r"\?gemeente=GM\d{4}")


def _foot(html: str) -> tuple[list[str], str]:
    """The paragraphs of the foot, and its links without the municipality that they keep."""
    foot = html.partition('<footer class="foot">')[2].partition("</footer>")[0]
    paragraphs = re.findall(r"<p>(.*?)</p>", foot.partition("<nav")[0], re.DOTALL)
    return paragraphs, _CHOSEN.sub("", foot.partition("<nav")[2])


def _words(html: str) -> str:
    return " ".join(_TAG.sub("", html).split())


def _without_what_is_its_own(paragraph: str) -> str:
    """The number and the website of a municipality are its own: who gave none is pointed to its website."""
    return re.sub(r'href="https?://[^"]*"', "", re.sub(r'<a class="phone".*?</a>', "(number)", paragraph))


def test_every_page_has_one_foot_with_a_phone_and_then_something_for_who_does_not_call(catalogue: Catalogue) -> None:
    """Each in one form with what the municipality gave, and one without: no page has another."""
    calls: dict[str, set[str]] = defaultdict(set)
    writes: dict[str, set[str]] = defaultdict(set)
    links: dict[str, set[str]] = defaultdict(set)
    for seen in catalogue.pages.values():
        assert seen.html.count("<footer") == 1, seen.name
        paragraphs, navigation = _foot(seen.html)
        call, write = paragraphs[-2:]
        calls[seen.lang].add(_words(_without_what_is_its_own(call)))
        writes[seen.lang].add(_words(write))
        # On the page that a link leads to, languages differ; in one language all pages have the same.
        links[seen.lang].add(_words(navigation) + " ".join(re.findall(r'href="([^"]*)"', navigation)))
    for lang, forms in calls.items():
        assert len(forms) == 2, forms
        assert sum("(number)" in form for form in forms) == 1
        assert len(writes[lang]) == 1, writes[lang]
        assert len(links[lang]) == 1, links[lang]
    assert writes["nl"] == {
        "Liever schrijven? Op de website van uw gemeente staat hoe dat kan. Of laat iemand u helpen."
    }


def test_every_page_can_be_left_quickly_and_says_how_that_works(catalogue: Catalogue) -> None:
    for seen in catalogue.pages.values():
        head = seen.html.partition("<main")[0]
        assert len(re.findall(r"<a [^>]*data-leave[ >]", head)) == 1, seen.name
        assert re.search(rf'<a href="/{seen.lang}/safety[^"]*#leave">', head), seen.name
        assert re.search(r'<script src="[^"]*leave\.js" defer>', head), seen.name
