"""The pages of handing over, and of leaving a device to the next person. Every page is linted by the client."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.journey.test_views import sent
from tests.support.portal import TestPortal, make_portal
from tests.support.walk import ZOE, Form, Walk, begin

OTHER: dict[str, Form] = {"for-whom": {"for_whom": "other"}}
GO_ON = "Verder op dit apparaat"


def helping(portal: TestPortal, step: str = "check") -> Walk:
    """A helper on the way, at this step."""
    return begin(portal, form={"for_whom": "other"}).to_step(step, OTHER)


def ticket_for(walk: Walk) -> tuple[str, str]:
    """Where the QR code leads, and the code to type; made on the page of this draft."""
    walk.get(walk.path.rpartition("/")[0] + "/handover").post({})
    found = re.search(r'<p class="reference" dir="ltr">([^<]+)</p>', walk.text)
    assert found, walk.text
    return walk.path, found[1]


def elsewhere(portal: TestPortal, path: str = "/nl/handover") -> Walk:
    """Another device that opens this page."""
    return Walk(portal.client(), path, portal.client().get(path)).get(path)


def gone_on(portal: TestPortal, walk: Walk) -> Walk:
    """The resident's own device, after the code was typed and the button pressed."""
    _, code = ticket_for(walk)
    other = elsewhere(portal).post({"code": code})
    assert GO_ON in other.text
    return other.post({})


def test_the_resident_goes_on_where_the_helper_was_and_presses(portal: TestPortal) -> None:
    walk = helping(portal)
    other = gone_on(portal, walk)
    assert other.step == "check"
    assert "hielp met invullen" in other.text
    assert walk.get(walk.path).page.status_code == 404
    other.press()
    assert "/s/" in other.path
    [message] = sent(portal)
    assert message["inzender"]["rol"] == "inwoner"
    assert message["inzender"]["helper"]["naam"] == "Ria de Vries"
    assert message["inzender"]["helper"]["magMeekijken"] is True


def test_a_helper_who_presses_is_named_as_the_one_who_pressed(portal: TestPortal) -> None:
    helping(portal).press()
    [message] = sent(portal)
    assert message["inzender"]["rol"] == "helper"


@pytest.mark.parametrize("step", ["for-whom", "helper", "address", "urgent", "name", "contact", "check"])
def test_it_can_be_handed_over_at_any_step(portal: TestPortal, step: str) -> None:
    walk = begin(portal, form={"for_whom": "other"})
    other = gone_on(portal, walk if step == "for-whom" else walk.to_step(step, OTHER))
    assert other.step == step


def test_whose_form_it_is_stands_on_every_page(portal: TestPortal) -> None:
    walk = begin(portal, form={"for_whom": "other"}).post({"for_whom": "other"})
    for step in ("helper", "address", "municipality", "urgent", "name"):
        assert walk.step == step
        assert "U helpt iemand anders." in walk.text
        walk.post(ZOE[step])
    for _ in range(2):
        assert "U vult dit in voor <strong><bdi>Zoë</bdi></strong>." in walk.text
        walk.to_check(OTHER)
    for page in ("delete", "handover"):
        assert "U vult dit in voor" in elsewhere(portal, walk.path.rpartition("/")[0] + f"/{page}").text


def test_a_look_at_the_ticket_changes_nothing_and_tells_nothing(portal: TestPortal) -> None:
    walk = helping(portal)
    _, code = ticket_for(walk)
    other = elsewhere(portal).post({"code": code})
    for _ in range(3):
        other.get(other.path)
        assert GO_ON in other.text
    assert "Zoë" not in other.text and "Jansen" not in other.text
    assert walk.get(walk.path.rpartition("/")[0] + "/check").page.status_code == 200


def test_a_ticket_opens_no_other_page(portal: TestPortal) -> None:
    _, code = ticket_for(helping(portal))
    other = elsewhere(portal).post({"code": code})
    for page in ("check", "name", "delete"):
        assert portal.client().get(other.path.rpartition("/")[0] + f"/{page}").status_code == 404


def test_a_page_that_stood_open_asks_again(portal: TestPortal) -> None:
    walk = helping(portal)
    handover = walk.path.rpartition("/")[0] + "/handover"
    assert walk.get(handover).post({}, token="of another day").page.status_code == 422
    assert "stond lang open" in walk.text and "<svg" not in walk.text.partition("<h1")[2].partition("</form>")[0]
    _, code = ticket_for(walk)
    other = elsewhere(portal).post({"code": code})
    assert other.post({}, token="of another day").page.status_code == 422
    assert other.post({}).step == "check"


@pytest.mark.parametrize("code", ["", "AAAA-AAAA", "niet goed", "<script>", "A" * 30_000])
def test_a_wrong_code_is_a_page_that_says_what_to_do(portal: TestPortal, code: str) -> None:
    answer = elsewhere(portal).post({"code": code})
    assert answer.page.status_code == 422
    assert "Of vraag om een nieuwe code." in answer.text
    html = answer.page.get_data(as_text=True)
    assert "<script>" not in html and "A" * 100 not in html


def test_a_code_used_twice_opens_nothing_the_second_time(portal: TestPortal) -> None:
    _, code = ticket_for(helping(portal))
    elsewhere(portal).post({"code": code})
    assert elsewhere(portal).post({"code": code}).page.status_code == 422


def test_after_the_press_a_ticket_opens_nothing(portal: TestPortal) -> None:
    walk = helping(portal)
    check = walk.path
    _, code = ticket_for(walk)
    other = elsewhere(portal).post({"code": code})
    token = other.token
    walk.get(check).press()
    assert other.get(other.path).page.status_code == 404
    assert portal.client().post(other.path, data={"form_token": token}).status_code == 404
    assert len(sent(portal)) == 1


def test_who_tries_codes_is_stopped(tmp_path: Path) -> None:
    portal = make_portal(tmp_path, environ={"PORTAL_LIMITS": "on"})
    client = portal.client()
    answers = [client.post("/nl/handover", data={"code": "AAAA-AAAA"}).status_code for _ in range(61)]
    assert (answers[:60], answers[60]) == ([422] * 60, 429)
    portal.database.close()


def test_the_next_person_finds_nothing(portal: TestPortal) -> None:
    walk = helping(portal)
    base = walk.path.rpartition("/")[0]
    _, code = ticket_for(walk)
    answer = portal.client().post(f"{base}/next", data={"form_token": _next_token(walk)})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/nl/?helper=1"
    assert '"cache"' in answer.headers["Clear-Site-Data"]
    for page in ("check", "name", "handover", "delete"):
        assert portal.client().get(f"{base}/{page}").status_code == 404
    assert elsewhere(portal).post({"code": code}).page.status_code == 422


def test_an_old_button_for_the_next_person_asks_before_it_erases(portal: TestPortal) -> None:
    walk = helping(portal)
    base = walk.path.rpartition("/")[0]
    answer = portal.client().post(f"{base}/next", data={"form_token": "of another day"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{base}/delete")
    assert walk.get(f"{base}/check").page.status_code == 200


def test_browsers_are_told_to_offer_nothing_to_the_next_person(portal: TestPortal) -> None:
    walk = begin(portal, form={"for_whom": "other"}).post({"for_whom": "other"})
    for step in ("address", "urgent", "name", "contact"):
        walk.to_step(step, OTHER)
        assert re.search(r'<form method="post" id="answers"[^>]* autocomplete="off">', walk.text)
        assert set(re.findall(r'autocomplete="([^"]+)"', walk.text)) == {"off"}


def test_residents_are_offered_what_their_browser_knows(portal: TestPortal) -> None:
    walk = begin(portal).to_step("name")
    assert set(re.findall(r'autocomplete="([^"]+)"', walk.text)) == {
        "given-name",
        "family-name",
        "bday-day",
        "bday-month",
        "bday-year",
    }


def test_a_resident_who_went_on_may_still_change_what_the_helper_may_do(portal: TestPortal) -> None:
    other = gone_on(portal, helping(portal))
    other.get(other.path.rpartition("/")[0] + "/helper")
    assert "Wie hielp u?" in other.text
    other.post({**ZOE["helper"], "helper_may_be_contacted": "", "helper_may_follow": ""})
    assert other.step == "check" and "De helper kan niet zien hoe het staat" in other.text


def _next_token(walk: Walk) -> str:
    found = re.search(r'action="next"[^>]*>\s*<input type="hidden" name="form_token" value="([^"]+)"', walk.text)
    assert found, walk.text
    return found[1]
