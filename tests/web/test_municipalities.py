"""The public list: every municipality with its truth, searchable, light, and honest about what nobody knows."""

from __future__ import annotations

import gzip
import re

import pytest

from tests.support.databases import on_engine
from tests.support.portal import TestPortal

# Nothing here hangs on the database.
pytestmark = on_engine("sqlite")

PATH = "/nl/municipalities"
MOST_BYTES = 8 * 1024
"""Of the whole list, as sent (gzip): with the style sheet it comes in one round trip of 14 KB."""


def rows(html: str) -> list[str]:
    """The words of each municipality's row."""
    found = re.findall(r'<li class="[^"]*"><span><a href="/nl/\?gemeente=.*?</li>', html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def html(portal: TestPortal, query: str = "", lang: str = "nl") -> str:
    response = portal.client().get(f"/{lang}/municipalities{query}")
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_all_stand_there_each_with_its_own_truth(portal: TestPortal) -> None:
    listed = rows(html(portal))
    assert len(listed) == 342
    hier_nu_bij = "Hier hoort nu bij: Weesp."
    assert f"Amsterdam Gebruikt de Kennisgeving De pauzeknop werkt hier. {hier_nu_bij}" in listed
    assert "Groningen Nog niet De pauzeknop werkt hier." in listed
    assert "Den Haag Nog niet De pauzeknop werkt hier nog niet." in listed
    assert "Zwolle Weten wij niet De pauzeknop werkt hier nog niet." in listed


def test_the_picture_is_told_in_numbers_that_add_up(portal: TestPortal) -> None:
    page = html(portal)
    numbers = [int(count) for count in re.findall(r"(\d+) van de 342 gemeenten", page)]
    assert numbers == [1, 2, 339] and sum(numbers) == 342
    assert "Er is geen openbare lijst." in page


def test_the_bar_is_as_wide_as_the_page_and_only_decoration(portal: TestPortal) -> None:
    [bar] = re.findall(r'<svg width="100%".*?</svg>', html(portal), re.DOTALL)
    assert 'aria-hidden="true"' in bar
    parts = [(float(x), float(width)) for x, width in re.findall(r'x="([\d.]+)%" width="([\d.]+)%"', bar)]
    assert parts == [(0, 0.3), (0.3, 0.6), (0.9, 99.1)]


def test_a_search_shows_what_is_meant_and_how_many(portal: TestPortal) -> None:
    page = html(portal, "?q=uden")
    assert rows(page)[0].startswith("Maashorst ")
    assert "2 gemeenten gevonden." in page and 'value="uden"' in page
    assert "339 van de 342 gemeenten" in page


def test_a_search_without_a_find_says_so(portal: TestPortal) -> None:
    page = html(portal, "?q=xyzzy")
    assert "Wij vinden geen gemeente met deze naam." in page and rows(page) == []


@pytest.mark.parametrize("query", ["?q=", "?q=%20", "?x=1"])
def test_an_empty_search_is_the_whole_list(portal: TestPortal, query: str) -> None:
    assert len(rows(html(portal, query))) == 342


@pytest.mark.parametrize("query", ["?q=%3Cscript%3Ealert(1)%3C/script%3E", "?q=%00%FF%ED%A0%80", f"?q={'a' * 5000}"])
def test_a_search_takes_anything(portal: TestPortal, query: str) -> None:
    page = html(portal, query)
    assert "<script>alert" not in page and "a" * 101 not in page


def test_the_search_goes_along_to_the_other_languages(portal: TestPortal) -> None:
    assert '/en/municipalities?q=%26+uden"' in html(portal, "?q=%26+uden")
    assert '/en/municipalities"' in html(portal)


def test_the_whole_list_is_light_and_kept(portal: TestPortal) -> None:
    response = portal.client().get(PATH, headers={"Accept-Encoding": "gzip"})
    body = response.get_data()
    assert len(rows(gzip.decompress(body).decode())) == 342
    assert len(body) <= MOST_BYTES
    again = portal.client().get(PATH, headers={"Accept-Encoding": "gzip", "If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_every_name_leads_to_the_button_of_that_municipality(portal: TestPortal) -> None:
    assert '<a href="/nl/?gemeente=GM0363">Amsterdam</a>' in html(portal)
    assert "Gemeente Amsterdam" in portal.client().get("/nl/?gemeente=GM0363").get_data(as_text=True)
