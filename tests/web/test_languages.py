"""The menu of languages, what search engines are told, and addresses that name no language of ours."""

from __future__ import annotations

import gzip
import re
from html import unescape
from pathlib import Path

import pytest

from citizen_portal.config.languages import MENU_ORDER
from tests.support.portal import TestPortal, make_portal
from tests.support.walk import begin

OWN_NAMES = {
    "nl": "Nederlands",
    "en": "English",
    "pl": "Polski",
    "tr": "Türkçe",
    "uk": "Українська",
    "ar": "العربية",
    "fa": "فارسی",
    "ti": "ትግርኛ",
}
RIGHT_TO_LEFT = {"ar", "fa"}
_LINK = re.compile(
    r'<li><a href="([^"]*)" lang="(\w+)" hreflang="(\w+)" dir="(\w+)"( aria-current="true")?>([^<]+)</a>'
)
_ALTERNATE = re.compile(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">')
_UNREVIEWED = 'hreflang="nl">'


def _menu(html: str) -> list[tuple[str, ...]]:
    return _LINK.findall(html.partition("<nav")[2].partition("</nav>")[0])


@pytest.mark.parametrize("lang", MENU_ORDER)
def test_the_menu_names_every_language_in_itself_in_one_order(portal: TestPortal, lang: str) -> None:
    html = portal.client().get(f"/{lang}/about?gemeente=GM0363&x=y").get_data(as_text=True)
    assert f'<html lang="{lang}" dir="{"rtl" if lang in RIGHT_TO_LEFT else "ltr"}">' in html
    assert _menu(html) == [
        (
            f"/{code}/about?gemeente=GM0363",
            code,
            code,
            "rtl" if code in RIGHT_TO_LEFT else "ltr",
            ' aria-current="true"' if code == lang else "",
            OWN_NAMES[code],
        )
        for code in MENU_ORDER
    ]


def test_the_setting_chooses_languages_and_not_their_order(tmp_path: Path) -> None:
    restricted = make_portal(tmp_path, environ={"PORTAL_LANGUAGES": "ar,uk,en"})
    html = restricted.client().get("/uk/").get_data(as_text=True)
    assert [link[1] for link in _menu(html)] == ["nl", "en", "uk", "ar"]
    assert restricted.client().get("/tr/").status_code == 404


def test_search_engines_find_every_language_of_a_public_page(portal: TestPortal) -> None:
    html = portal.client().get("/ar/about?gemeente=GM0363").get_data(as_text=True)
    base = "http://127.0.0.1:8000"
    assert dict(_ALTERNATE.findall(html)) == {
        **{code: f"{base}/{code}/about?gemeente=GM0363" for code in MENU_ORDER},
        "x-default": f"{base}/nl/about?gemeente=GM0363",
    }
    start = portal.client().get("/nl/?gemeente=GM0363").get_data(as_text=True)
    assert dict(_ALTERNATE.findall(start))["x-default"] == f"{base}/?gemeente=GM0363"


def test_search_engines_are_told_nothing_of_a_draft_or_a_mistake(portal: TestPortal) -> None:
    for html in (begin(portal).text, portal.client().get("/nl/nope").get_data(as_text=True)):
        assert _ALTERNATE.findall(html) == [] and 'content="noindex"' in html


@pytest.mark.parametrize("lang", MENU_ORDER)
def test_the_first_page_weighs_less_than_14_kb_in_every_language(portal: TestPortal, lang: str) -> None:
    client, gzipped = portal.client(), {"Accept-Encoding": "gzip"}
    page = client.get(f"/{lang}/?gemeente=GM0363", headers=gzipped).get_data()
    loaded = set(re.findall(r'"(/static/[^"]+)"', gzip.decompress(page).decode()))
    weights = [len(client.get(address, headers=gzipped).get_data()) for address in loaded]
    assert len(page) + sum(weights) < 14 * 1024


@pytest.mark.parametrize(
    ("accepts", "language"),
    [
        ("uk-UA,uk;q=0.9,en;q=0.1", "uk"),
        ("fa-AF", "fa"),
        ("ti-ER,en;q=0.5", "ti"),
        ("ar-SY,en;q=0.9", "ar"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "en"),
        ("zh", "nl"),
        ("*", "nl"),
        ("tr;q=0,pl", "pl"),
        ("x" * 10_000, "nl"),
        (",".join(["zz;q=0.9"] * 2000), "nl"),
    ],
)
def test_the_start_is_in_a_language_that_the_browser_asks_for(portal: TestPortal, accepts: str, language: str) -> None:
    response = portal.client().get("/", headers={"Accept-Language": accepts})
    assert (response.status_code, response.headers["Location"]) == (303, f"/{language}/")


LONG = "x" * 10_000
NO_LANGUAGES = {
    "/xx/": "nl",
    "/NL/": "nl",
    "/nl-NL/": "nl",
    "/EN/about": "en",
    "/en_US/": "en",
    "/uk-UA/status": "uk",
    "/%00/": "nl",
    "/%0d%0aSet-Cookie:a=b/": "nl",
    "/../": "nl",
    "/ar%E2%80%AE/": "nl",
    f"/{LONG}/": "nl",
    f"/nl{LONG}/": "nl",
    f"/uk/{LONG}": "uk",
    f"/uk/d/{LONG}/name": "uk",
    f"/uk-{LONG}/": "uk",
}


@pytest.mark.parametrize(("path", "lang"), NO_LANGUAGES.items(), ids=[path[:24] for path in NO_LANGUAGES])
def test_an_address_without_a_language_of_ours_is_not_there_and_is_not_repeated(
    portal: TestPortal, path: str, lang: str
) -> None:
    response = portal.client().get(path)
    html = unescape(response.get_data(as_text=True))
    assert response.status_code == 404
    assert f'<html lang="{lang}"' in html and len(html) < 20_000
    assert "xxxx" not in html and "Set-Cookie" not in html and "\x00" not in html
    assert {link[0].strip("/") for link in _menu(html)} == set(MENU_ORDER)


def test_a_browser_that_names_its_language_is_told_in_it_that_there_is_no_such_page(portal: TestPortal) -> None:
    html = portal.client().get("/xx/", headers={"Accept-Language": "fa-AF,en"}).get_data(as_text=True)
    assert '<html lang="fa" dir="rtl">' in html


def test_every_page_in_a_language_nobody_checked_says_so_and_leads_to_the_dutch_one(portal: TestPortal) -> None:
    for lang in MENU_ORDER[1:]:
        for path in (f"/{lang}/privacy", f"/{lang}/nope", begin(portal, lang=lang).path):
            html = portal.client().get(path).get_data(as_text=True)
            foot = html.partition("<footer")[2]
            dutch = next(link[0] for link in _menu(html) if link[1] == "nl")
            assert foot.count(_UNREVIEWED) == 1 and f'<a href="{dutch}" hreflang="nl">' in foot, path


def test_dutch_says_nothing_of_it(portal: TestPortal) -> None:
    assert _UNREVIEWED not in portal.client().get("/nl/").get_data(as_text=True).partition("<footer")[2]


@pytest.mark.parametrize("reviewed", [True, False])
def test_a_language_that_somebody_checked_counts_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reviewed: bool
) -> None:
    monkeypatch.setattr("citizen_portal.config.is_reviewed", lambda code: code == "nl" or reviewed)
    foot = make_portal(tmp_path).client().get("/uk/privacy").get_data(as_text=True).partition("<footer")[2]
    assert (_UNREVIEWED in foot) is not reviewed
