"""Names and addresses of one direction in pages of the other: each is isolated, so that nothing changes places."""

from __future__ import annotations

from html import unescape

from tests.support.portal import TestPortal
from tests.support.walk import ZOE, Form, begin

ARABIC: Form = {**ZOE["name"], "given_name": "محمد", "family_name": "الأمين (12)"}


def test_an_arabic_name_is_isolated_on_a_dutch_page(portal: TestPortal) -> None:
    walk = begin(portal).to_check({"name": ARABIC})
    assert "<bdi>محمد الأمين (12)</bdi>" in walk.text


def test_a_dutch_name_and_address_are_isolated_on_an_arabic_page(portal: TestPortal) -> None:
    walk = begin(portal, lang="ar").to_check()
    text = unescape(walk.page.get_data(as_text=True))
    for isolated in ("Zoë Jansen", "1012 AB", "Amsterdam", "zoe@example.nl"):
        assert f"<bdi>{isolated}</bdi>" in text, isolated
    assert '<span dir="ltr">06 12345678</span>' in text


def test_a_municipality_in_an_arabic_sentence_is_isolated_and_in_a_dutch_one_it_need_not_be(portal: TestPortal) -> None:
    arabic = portal.client().get("/ar/?gemeente=GM0363").get_data(as_text=True)
    assert "<bdi>Amsterdam</bdi>" in arabic.partition("<header")[2].partition("</header")[0]
    assert "<bdi>" not in portal.client().get("/nl/?gemeente=GM0363").get_data(as_text=True)


def test_what_is_said_to_a_dutch_speaker_stands_in_dutch_below_the_translation(portal: TestPortal) -> None:
    dutch = "‘Ik vroeg hulp bij mijn gemeente. Ik spreek nu nog niets af. Wilt u het mij op papier sturen?’"
    in_arabic = unescape(portal.client().get("/ar/what-if/call").get_data(as_text=True))
    assert in_arabic.count(f'<p lang="nl" dir="ltr">{dutch}</p>') == 1
    in_dutch = unescape(portal.client().get("/nl/what-if/call").get_data(as_text=True))
    assert in_dutch.count(dutch) == 1 and '<p lang="nl"' not in in_dutch
