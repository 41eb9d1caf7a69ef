"""The start page for who helps somebody else, and the pages for helpers and for who is watched."""

from __future__ import annotations

import re
from html import unescape

import pytest

from citizen_portal import resources
from tests.support.databases import on_engine
from tests.support.portal import TestPortal

# Nothing here hangs on the database.
pytestmark = on_engine("sqlite")

CONNECTED, NOT_CONNECTED = "GM0363", "GM0518"
HELPS = "U helpt iemand anders."
_HELD_BY_HELPER = '<button class="pause" type="submit" name="for_whom" value="other">'
_STARTS = ("?helper=1", f"?helper=1&gemeente={CONNECTED}", f"?gemeente={NOT_CONNECTED}&helper=1")


def _page(portal: TestPortal, path: str) -> str:
    answer = portal.client().get(f"/nl/{path}")
    assert answer.status_code == 200, path
    return unescape(answer.get_data(as_text=True))


@pytest.mark.parametrize("start", _STARTS)
def test_the_button_of_a_helper_begins_for_somebody_else(portal: TestPortal, start: str) -> None:
    html = _page(portal, start)
    assert HELPS in html and _HELD_BY_HELPER in html
    # The other way out is a link: nothing else on this page begins a form.
    assert html.count("<form") == 1
    chosen = re.findall(r'name="gemeente" value="(GM\d{4})"', html)
    begun = portal.client().post("/nl/start", data={"for_whom": "other", "gemeente": chosen}, follow_redirects=True)
    assert re.search(r'value="other"[^>]* checked', begun.get_data(as_text=True))


def test_a_helper_goes_on_as_one_in_another_language(portal: TestPortal) -> None:
    assert 'href="/en/?helper=1"' in _page(portal, "?helper=1")
    for start in _STARTS[1:]:
        code = CONNECTED if CONNECTED in start else NOT_CONNECTED
        html = _page(portal, start)
        assert f'href="/en/?helper=1&gemeente={code}"' in html
        assert f'href="/nl/?gemeente={code}"' in html


def test_the_copies_for_helpers_and_for_residents_are_kept_apart(portal: TestPortal) -> None:
    for _twice in range(2):
        for start in ("", f"?gemeente={CONNECTED}", "?helper=", "?helper=0", "?helper=11", "?helper=true"):
            html = _page(portal, start)
            assert HELPS not in html and _HELD_BY_HELPER not in html and "helper=1" not in html, start
        for start in _STARTS:
            assert HELPS in _page(portal, start), start


def test_without_a_connection_a_helper_reads_of_the_letter_before_beginning(portal: TestPortal) -> None:
    said = "Deze gemeente doet nog niet mee met deze knop. U maakt samen een brief."
    assert [said in _page(portal, start) for start in _STARTS] == [False, False, True]


def test_the_start_page_leads_to_where_a_code_is_typed(portal: TestPortal) -> None:
    for start in ("", "?helper=1"):
        assert 'href="/nl/handover"' in _page(portal, start)
    assert portal.client().get("/nl/handover").status_code == 200


def test_the_page_for_helpers_says_who_decides_and_promises_nothing(portal: TestPortal) -> None:
    html = _page(portal, "helpers")
    for words in ("De ander beslist", "BSN, DigiD", "nog niets</strong> op pauze", "Beloof niets", "Volgende persoon"):
        assert words in html


def test_leaving_is_explained_before_it_is_used_and_does_not_claim_to_erase(portal: TestPortal) -> None:
    html = _page(portal, "")
    assert "Uw geschiedenis blijft wel staan." in html.partition("<main")[2].partition("</main>")[0]
    assert 'href="/nl/safety#leave"' in html.partition("</header>")[0]
    safety = _page(portal, "safety")
    assert '<section id="leave">' in safety and "<strong>wist niets</strong>" in safety


def test_the_page_about_watched_phones_has_numbers_to_call_and_a_neutral_name(portal: TestPortal) -> None:
    html = _page(portal, "safety")
    for number in ("112", "08002000"):
        assert f'href="tel:{number}"' in html
    assert "<title>Uw telefoon - " in html


def test_the_way_out_works_without_script_and_says_nothing_to_where_it_leads(portal: TestPortal) -> None:
    [link] = re.findall(r"<a [^>]*data-leave[ >][^>]*>", _page(portal, ""))
    assert 'target="_top"' in link and 'rel="noreferrer"' in link and 'href="https://' in link


def test_the_script_of_the_way_out_is_the_one_that_the_pages_load(portal: TestPortal) -> None:
    """Every word that it looks for stands on the link."""
    script = (resources.folder("static") / "leave.js").read_text(encoding="utf-8")
    [link] = re.findall(r"<a [^>]*data-leave[ >][^>]*>", _page(portal, ""))
    asked = set(re.findall(r'getAttribute\("(data-[a-z]+)"\)', script)) | {"data-after-1", "data-after-2"}
    assert len(asked) == 4
    assert {name for name in asked if f'{name}="' not in link} == set()
