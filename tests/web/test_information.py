"""The pages that explain, and what start, check and letter say of each kind of municipality."""

from __future__ import annotations

import gzip
import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from citizen_portal import resources
from citizen_portal.web.information import SITUATIONS
from tests.support.databases import on_engine
from tests.support.portal import TestPortal
from tests.support.walk import ZOE, Form, Walk, begin

# Nothing here hangs on the database.
pytestmark = on_engine("sqlite")

IN_USE, UNKNOWN, NOT_YET, NOT_CONNECTED = "GM0363", "GM0344", "GM0014", "GM0518"
WITHOUT_SETTINGS = "GM0599"
PAGES = (
    "about",
    "accessibility",
    "helpers",
    "privacy",
    "safety",
    "what-if/",
    *(f"what-if/{situation}" for situation in SITUATIONS),
)

# What only the municipality knows, or only a creditor decides: said plainly, it would be a promise.
PROMISES = ("wordt gepauzeerd", "zijn gepauzeerd", "stopt met", "moeten wachten", "mogen niet", "altijd")
PAUSE_IS_ASKED = "Uw gemeente kan daarna om een pauze vragen."
NOT_ASKED_YET = "Uw gemeente doet nog niet mee met de pauze. Hulp vragen kan wel."
NOBODY_KNOWS = "Wij weten niet of uw gemeente met de pauze meedoet."
NOT_FROM_ALL = "Veel gemeenten kunnen daarna om een pauze vragen. Nog niet alle."
ADOPTION = {
    IN_USE: PAUSE_IS_ASKED,
    NOT_YET: NOT_ASKED_YET,
    UNKNOWN: NOBODY_KNOWS,
    NOT_CONNECTED: NOT_ASKED_YET,
    WITHOUT_SETTINGS: NOBODY_KNOWS,
    "": NOT_FROM_ALL,
}
NOT_URGENT: Form = {"urgent": "none", "urgent_date_day": "", "urgent_date_month": "", "urgent_date_year": ""}
FOOT = ("", "status", "what-if/", "about", "helpers", "safety", "municipalities", "privacy", "accessibility")


def _words(answer: TestResponse | Walk) -> str:
    """What `main` says, in one line."""
    page = answer.page if isinstance(answer, Walk) else answer
    data = page.get_data()
    html = (gzip.decompress(data) if page.content_encoding == "gzip" else data).decode()
    main = html.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", main.partition(">")[2])))


def _page(portal: TestPortal, path: str) -> str:
    answer = portal.client().get(f"/nl/{path}")
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def _half(html: str, name: str) -> str:
    """The section of this id."""
    return unescape(html.partition(f'<section id="{name}">')[2].partition("</section>")[0])


def test_every_situation_has_a_page_and_every_page_a_situation(portal: TestPortal) -> None:
    folder = resources.folder("templates") / "information" / "situation"
    written = {path.stem for path in folder.glob("[a-z]*.html")}
    assert written == set(SITUATIONS)
    assert {portal.client().get(f"/nl/what-if/{situation}").status_code for situation in written} == {200}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_before_and_after_each_have_two_or_three_steps_and_a_sentence_to_say(
    portal: TestPortal, situation: str
) -> None:
    html = _page(portal, f"what-if/{situation}")
    for half in ("before", "after"):
        said = _half(html, half)
        assert 2 <= said.count("<li>") <= 3, half
        assert said.count("U kunt zeggen:") == 1 and "<br>‘" in said, half
    assert "nog niets gepauzeerd" in _half(html, "before")
    assert "Andere mogen nee zeggen" in _half(html, "after")


@pytest.mark.parametrize("situation", ["bailiff", "energy", "wages", "eviction"])
def test_what_is_urgent_begins_with_a_call_today(portal: TestPortal, situation: str) -> None:
    html = unescape(_page(portal, f"what-if/{situation}"))
    first = html.partition("<main")[2].partition('<section id="before">')[0]
    for words in ("Bel vandaag nog uw gemeente", "Het is dringend", "3 werkdagen", "dringend geworden"):
        assert words in first


@pytest.mark.parametrize("path", PAGES)
def test_no_page_promises_what_others_decide(portal: TestPortal, path: str) -> None:
    html = _page(portal, path)
    assert [promise for promise in PROMISES if promise in unescape(html)] == []


@pytest.mark.parametrize("path", PAGES)
def test_sentences_are_short(portal: TestPortal, path: str) -> None:
    """Twelve words on average, twenty at most (domain.md, 7)."""
    main = _page(portal, path).partition("<main")[2].partition("</main>")[0].partition(">")[2]
    blocks = re.split(r"<(?:/?(?:p|li|h1|h2|ul|ol|section|blockquote|div|svg|button|br))\b[^>]*>", main)
    texts = [" ".join(unescape(re.sub(r"<[^>]+>", "", block)).split()) for block in blocks]
    lengths = {
        sentence: len(sentence.split()) for text in texts for sentence in re.split(r"(?<=[.?!:])[’”]? ", text) if text
    }
    assert len(lengths) > 7
    assert sum(lengths.values()) / len(lengths) <= 12
    assert [sentence for sentence, length in lengths.items() if length > 20] == []


def test_an_unknown_situation_is_a_page_that_is_not_there(portal: TestPortal) -> None:
    for path in ("what-if/lottery", "what-if/_situation", "what-if/letter/", "what-if/..%2Fabout"):
        answer = portal.client().get(f"/nl/{path}")
        assert answer.status_code == 404, path
        assert "Deze pagina is er niet" in answer.get_data(as_text=True)


def test_the_list_leads_to_every_situation_and_keeps_the_municipality(portal: TestPortal) -> None:
    html = _page(portal, f"what-if/?gemeente={IN_USE}")
    for situation in SITUATIONS:
        assert f'href="/nl/what-if/{situation}?gemeente={IN_USE}"' in html
    assert f'href="/en/what-if/?gemeente={IN_USE}"' in html


@pytest.mark.parametrize(
    ("sent", "anchor"), [("none", ""), ("false", "#before"), ("true", "#after")], ids=["nobody knows", "not", "sent"]
)
def test_the_links_lead_to_the_half_that_holds_now(portal: TestPortal, sent: str, anchor: str) -> None:
    environment = portal.app.extensions["citizen_portal"].environments["nl"]
    html = environment.from_string(
        '{% import "information/situations.html" as situations %}'
        f'{{{{ situations.links("/nl/what-if/", {sent}, "GM0363") }}}}'
    ).render()
    found = re.findall(r'href="([^"]+)"', html)
    assert found == [f"/nl/what-if/{situation}?gemeente=GM0363{anchor}" for situation in SITUATIONS]


def test_with_a_municipality_the_number_to_call_is_on_the_page(portal: TestPortal) -> None:
    for situation in SITUATIONS:
        assert "tel:14020" in _page(portal, f"what-if/{situation}?gemeente={IN_USE}")
        assert "tel:" not in _page(portal, f"what-if/{situation}?gemeente=GM9999")


@pytest.mark.parametrize("path", PAGES)
def test_what_explains_is_kept_and_asks_nothing_of_others(portal: TestPortal, path: str) -> None:
    first = portal.client().get(f"/nl/{path}", headers={"Accept-Encoding": "gzip"})
    assert first.content_encoding == "gzip" and first.headers["Cache-Control"] == "no-cache"
    again = portal.client().get(
        f"/nl/{path}", headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    html = re.sub(r'<link rel="alternate"[^>]*>', "", _page(portal, path))
    loaded = re.findall(r'(?:src|<link[^>]* href)="([^"]+)"', html)
    assert loaded and all(address.startswith("/static/") for address in loaded)


def test_links_to_others_tell_them_nothing(portal: TestPortal) -> None:
    for path in PAGES:
        for link in re.findall(r"<a [^>]*href=\"https://[^>]*>", _page(portal, path)):
            assert 'rel="noreferrer"' in link, link


def test_about_says_what_the_kennisgeving_is_not_and_whom_a_municipality_can_ask(portal: TestPortal) -> None:
    html = _page(portal, "about")
    for word in ("stabilisatieovereenkomst", "moratorium", "kinderopvangtoeslag", "convenant", "ten hoogste 8 maanden"):
        assert word in html.replace("Ten hoogste", "ten hoogste")
    for address in ("https://www.pauzeknop.nl", "mailto:serviceteam@nvvk.nl"):
        assert f'href="{address}"' in html


def test_privacy_names_every_term(portal: TestPortal) -> None:
    words = _words(portal.client().get("/nl/privacy"))
    for term in ("24 uur", "72 uur", "4 weken na het einde", "8 weken", "15 maanden", "30 minuten"):
        assert term in words


def test_the_foot_is_the_same_on_every_page(portal: TestPortal) -> None:
    pages = {portal.client().get(path).get_data(as_text=True) for path in ("/nl/", "/nl/about", "/nope")}
    pages.add(begin(portal).text)
    for html in pages:
        foot = html.partition("<footer")[2]
        assert re.findall(r'href="/nl/([^"]*)"', foot) == list(FOOT)


@pytest.mark.parametrize("code", ADOPTION)
def test_the_start_page_is_true_for_every_kind_of_municipality(portal: TestPortal, code: str) -> None:
    words = _words(portal.client().get(f"/nl/?gemeente={code}"))
    assert "De knop zet nog niets op pauze." in words
    _says_only(words, ADOPTION[code])
    assert ("Uw gemeente krijgt uw vraag" in words) == (code in {IN_USE, NOT_YET, UNKNOWN})
    assert ("doet nog niet mee met deze knop. U maakt hier een brief." in words) == (
        code in {NOT_CONNECTED, WITHOUT_SETTINGS}
    )
    assert ("Doet zij nog niet mee? Dan maakt u hier een brief." in words) == (code == "")


@pytest.mark.parametrize("code", [code for code in ADOPTION if code])
def test_before_the_press_the_truth_is_told_of_every_kind_of_municipality(portal: TestPortal, code: str) -> None:
    walk = begin(portal).to_check({"municipality": {"municipality": code}})
    words = _words(walk)
    assert "nog niets gepauzeerd" in words
    _says_only(words, ADOPTION[code])


def test_about_is_true_for_every_kind_of_municipality(portal: TestPortal) -> None:
    for code, said in ADOPTION.items():
        _says_only(_words(portal.client().get(f"/nl/about?gemeente={code}")), said)


def _says_only(words: str, said: str) -> None:
    assert [one for one in sorted(set(ADOPTION.values())) if one in words] == [said]


def test_who_does_not_report_back_is_named_before_the_press(portal: TestPortal) -> None:
    said = "Uw gemeente meldt later niet aan ons"
    silent = begin(portal).to_check({"municipality": {"municipality": NOT_YET}})
    assert said in _words(silent)
    assert said not in _words(begin(portal).to_check())


def test_without_a_connection_there_is_something_to_read_out_on_the_phone(portal: TestPortal) -> None:
    walk = begin(portal).to_check({"municipality": {"municipality": NOT_CONNECTED}})
    spoken = walk.text.partition('<blockquote class="say" lang="nl"')[2].partition("</blockquote>")[0]
    for own in ("Zoë", "Jansen", "Ik moet mijn huis uit", "Mijn gas wordt afgesloten", "3-12-2026", "drie werkdagen"):
        assert own in spoken
    assert "vier weken" not in spoken


def test_what_is_not_urgent_asks_for_four_weeks_on_the_phone_too(portal: TestPortal) -> None:
    given: dict[str, Form] = {"municipality": {"municipality": NOT_CONNECTED}, "urgent": NOT_URGENT}
    walk = begin(portal).to_check(given)
    spoken = walk.text.partition('<blockquote class="say" lang="nl"')[2].partition("</blockquote>")[0]
    assert "vier weken" in spoken and "dringend" not in spoken


def test_a_name_is_only_text_in_what_is_read_out(portal: TestPortal) -> None:
    given: dict[str, Form] = {
        "municipality": {"municipality": NOT_CONNECTED},
        "name": {**ZOE["name"], "given_name": "<b>Zoë</b>"},
    }
    html = begin(portal).to_check(given).page.get_data(as_text=True)
    assert "<b>Zoë" not in html and html.count("&lt;b&gt;Zoë") == 3
