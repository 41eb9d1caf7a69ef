"""What every page stands on: headers, hosts, weight, languages, and what operators ask for."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from tests.support.portal import TestPortal, make_portal
from tests.support.walk import begin, press_as

PRODUCTION = {"PORTAL_BASE_URL": "https://pauzeknop.example.nl", "PORTAL_LIMITS": "on"}
_FIRST_PAGE = 14 * 1024


def test_every_answer_carries_the_headers(portal: TestPortal) -> None:
    for path in ("/nl/", "/nl/privacy", "/nope", "/healthz", "/", "/.well-known/security.txt"):
        headers = portal.client().get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in headers


def test_personal_pages_are_never_kept_nor_compressed(portal: TestPortal) -> None:
    draft, status = begin(portal), press_as(portal)
    for path in (draft.path, status.path):
        headers = portal.client().get(path, headers={"Accept-Encoding": "gzip"}).headers
        assert headers["Cache-Control"] == "no-store"
        assert "Content-Encoding" not in headers


def test_the_first_page_weighs_less_than_14_kb_with_all_it_loads(portal: TestPortal) -> None:
    client = portal.client()
    page = client.get("/nl/?gemeente=GM0363", headers={"Accept-Encoding": "gzip"})
    weight = len(page.get_data())
    html = gzip.decompress(page.get_data()).decode()
    for address in set(re.findall(r'"(/static/[^"]+)"', html)):
        asset = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert "immutable" in asset.headers["Cache-Control"]
        weight += len(asset.get_data())
    assert 2000 < weight < _FIRST_PAGE


def test_a_kept_page_is_asked_for_again_and_not_sent_again(portal: TestPortal) -> None:
    first = portal.client().get("/nl/")
    again = portal.client().get("/nl/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.get_data()


@pytest.mark.parametrize(
    ("accepts", "goes_to"),
    [("nl", "/nl/"), ("en-GB,en;q=0.9", "/en/"), ("xx", "/nl/"), ("", "/nl/"), (";;q=x", "/nl/")],
)
def test_the_root_goes_by_the_language_of_the_browser(portal: TestPortal, accepts: str, goes_to: str) -> None:
    response = portal.client().get("/?gemeente=GM0363", headers={"Accept-Language": accepts})
    assert response.status_code == 303
    assert response.headers["Location"] == f"{goes_to}?gemeente=GM0363"
    assert "Accept-Language" in response.headers["Vary"]


FOREIGN = ["evil.example", "pauzeknop.example.nl.evil.example", "127.0.0.1", "localhost", "[", ""]


@pytest.mark.parametrize("host", FOREIGN)
def test_production_answers_its_own_host_only(tmp_path: Path, host: str) -> None:
    client = make_portal(tmp_path, environ=PRODUCTION).client()
    assert client.get("/nl/", headers={"Host": host}).status_code == 400
    assert client.get("/nl/", headers={"Host": "pauzeknop.example.nl"}).status_code == 200
    assert client.get("/healthz", headers={"Host": host or "x"}).status_code == 200


def test_production_insists_on_https(tmp_path: Path) -> None:
    client = make_portal(tmp_path, environ=PRODUCTION).client()
    headers = client.get("/nl/", headers={"Host": "pauzeknop.example.nl"}).headers
    assert "max-age=" in headers["Strict-Transport-Security"]


def test_one_network_cannot_flood_the_drafts(tmp_path: Path) -> None:
    client = make_portal(tmp_path, environ={"PORTAL_LIMITS": "on"}).client()
    answers = [client.post("/nl/start").status_code for _ in range(400)]
    assert answers[0] == 303 and answers[-1] == 429
    other = client.post("/nl/start", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert other.status_code == 303


def test_security_txt_has_a_contact_and_a_day_to_come(portal: TestPortal) -> None:
    text = portal.client().get("/.well-known/security.txt").get_data(as_text=True)
    assert "Contact: https://" in text
    assert "Expires: 2027-" in text


def test_the_privacy_page_is_linked_from_every_page(portal: TestPortal) -> None:
    walk = press_as(portal)
    for path in ("/nl/", walk.path, "/nope", begin(portal).path):
        assert 'href="/nl/privacy"' in portal.client().get(path).get_data(as_text=True)
    assert "24 uur" in portal.client().get("/nl/privacy").get_data(as_text=True)


def test_in_english_a_page_is_english(portal: TestPortal) -> None:
    walk = press_as(portal, lang="en")
    assert "Nothing is paused" in walk.text or "Nothing has been paused" in walk.text
    assert "Thursday 26 November" in walk.text
    assert "Uw gemeente" not in walk.text
