"""Nonsense gets a clear page: never a 500, never a stack, and what was kept stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.portal import TestPortal
from tests.support.walk import ZOE, begin, press_as

NAMES = {
    "emoji": "Zoë 👩‍👧 🦊",
    "right to left": "محمد الأمين",
    "mixed": "Ali (علي) O'Brien-van der Ŵyżşğ",
    "control characters": "Zo\x00\x07ë\u202e",
    "long word": "Z" * 200,
    "markup": "<script>alert(1)</script>",
    "template": "{{ 7*7 }}${7*7}%(x)s",
    "sql": "Robert'); DROP TABLE draft;--",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_any_name_is_taken_as_it_is(portal: TestPortal, name: str) -> None:
    walk = begin(portal).to_check({"name": {"given_name": name, "family_name": name}})
    assert "<script>alert" not in walk.page.get_data(as_text=True)
    assert "49" not in walk.text or "{{" not in name
    walk.press()
    assert "/s/" in walk.path


@pytest.mark.parametrize("empty", ["", " ", "\u200b", "\x00", "🦊", "12345"])
def test_what_cannot_be_read_is_no_name(portal: TestPortal, empty: str) -> None:
    walk = begin(portal).to_step("name")
    walk.post({"given_name": empty, "family_name": "Jansen"})
    assert walk.page.status_code == 422
    assert "Vul de voornaam in" in walk.text


def test_ten_megabytes_are_too_much_and_nothing_is_lost(portal: TestPortal) -> None:
    walk = begin(portal).to_step("name")
    too_much = walk.client.post(walk.path, data={"given_name": "x" * 10_000_000, "form_token": walk.token})
    assert too_much.status_code == 413
    assert "Wat u eerder bewaarde, staat er nog" in too_much.get_data(as_text=True)
    walk.post(ZOE["name"])
    assert walk.step == "contact"


def test_a_thousand_fields_and_wrong_types_are_only_unanswered(portal: TestPortal) -> None:
    walk = begin(portal).to_step("name")
    fields = {f"field_{number}": "x" for number in range(1000)}
    walk.post({**fields, "given_name": ["a", "b"], "family_name[]": "c"})
    assert walk.page.status_code == 422


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"given_name=\xff\xfe&family_name=Jansen&form_token=%s", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"\x00\x01\x02", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"x" * 1000, "multipart/form-data"),
        (b"given_name=%ED%A0%80&family_name=%C0%AF", "application/x-www-form-urlencoded"),
        (b"a", "text/plain"),
        (b"", ""),
    ],
)
def test_bodies_that_are_no_form_get_a_page(portal: TestPortal, body: bytes, content_type: str) -> None:
    walk = begin(portal).to_step("name")
    response = walk.client.post(walk.path, data=body, content_type=content_type)
    assert response.status_code in {400, 413, 422}


def test_bytes_that_are_no_text_are_asked_for_again(portal: TestPortal) -> None:
    walk = begin(portal).to_step("name")
    body = b"given_name=Zo%FF&family_name=Jansen&form_token=" + walk.token.encode()
    response = walk.client.post(walk.path, data=body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 422
    assert "Wij kunnen een teken niet lezen" in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/xx/",
        "/tlh/privacy",
        "/nl/nope",
        "/nl/s/x",
        "/nl/s/" + "x" * 3000,
        "/nl/d/x/y",
        "/nl/d/%00/name",
        "/nl/d/..%2f..%2fetc/name",
        "/" + "a" * 5000 + "/",
        "/static/000000000000/portal.css",
        "/static/../../etc/passwd",
        "/nl/s/%F0%9F%A6%8A",
    ],
)
def test_addresses_that_lead_nowhere_are_404(portal: TestPortal, path: str) -> None:
    assert portal.client().get(path).status_code == 404


@pytest.mark.parametrize(("method", "path"), [("POST", "/nl/"), ("GET", "/nl/start"), ("DELETE", "/nl/privacy")])
def test_a_wrong_method_is_405_with_a_page(portal: TestPortal, method: str, path: str) -> None:
    response = portal.client().open(path, method=method)
    assert response.status_code == 405
    assert "Allow" in response.headers


@pytest.mark.parametrize("start", ["?gemeente=GM9999", "?gemeente=%00", "?gemeente=GM0363&x=" + "y" * 2000, "?q[]=1"])
def test_the_start_page_takes_any_query(portal: TestPortal, start: str) -> None:
    response = portal.client().get("/nl/" + start)
    assert response.status_code == 200
    assert "yyyy" not in response.get_data(as_text=True)


def test_a_database_that_is_away_is_told_gently(portal: TestPortal, lose_database: Callable[[], None]) -> None:
    walk = press_as(portal)
    portal.database.close()
    lose_database()
    response = portal.client().get(walk.path)
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert portal.client().get("/readyz").status_code == 503
    assert portal.client().get("/healthz").status_code == 200
    assert portal.client().get("/nl/").status_code == 200
