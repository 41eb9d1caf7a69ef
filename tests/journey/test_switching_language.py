"""Another language keeps the draft, the place, and what was typed and not looked at yet; it answers nothing."""

from __future__ import annotations

import re
from html import unescape

import pytest

from citizen_portal.journey.answers import Answers
from citizen_portal.journey.drafts import open_draft
from tests.support.portal import TestPortal
from tests.support.walk import ZOE, Form, Walk, begin, press_as

HALF: Form = {"given_name": "Zoë محمد", "family_name": "", "birth_date_day": "31", "birth_date_month": "2"}


def _answers(portal: TestPortal, walk: Walk) -> Answers:
    return open_draft(portal.database, walk.path.split("/")[3], now=portal.clock()).answers


def _value(walk: Walk, name: str) -> str:
    found = re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', walk.page.get_data(as_text=True))
    assert found, name
    return unescape(found[1])


def _other(walk: Walk, lang: str) -> str:
    return walk.path.replace("/nl/", f"/{lang}/")


def test_what_was_typed_stands_there_in_the_other_language_and_is_not_judged(portal: TestPortal) -> None:
    walk = begin(portal).to_step("name")
    path = walk.path
    walk.post({**HALF, "switch": "nl"}, path=_other(walk, "en"))
    assert walk.page.status_code == 200 and walk.path == path.replace("/nl/", "/en/")
    assert [_value(walk, name) for name in HALF] == list(HALF.values())
    assert "Error:" not in walk.text and "<details>" in walk.text


def test_the_button_keeps_the_page_and_opens_the_list_of_languages(portal: TestPortal) -> None:
    walk = begin(portal).to_step("name")
    response = walk.client.post(walk.path, data=walk.filled({**HALF, "switch": "nl"}))
    assert response.status_code == 303 and response.headers["Location"] == f"{walk.path}?menu=open"
    walk.get(response.headers["Location"])
    assert "<details open>" in walk.text and "<summary autofocus>" in walk.text
    links = re.findall(r'<a href="([^"]+)"[^>]* hreflang="en"', walk.text)
    assert links == [_other(walk, "en")]
    walk.get(links[0])
    assert _value(walk, "given_name") == "Zoë محمد"


def test_what_was_typed_is_no_answer(portal: TestPortal) -> None:
    walk = begin(portal).to_step("name")
    walk.post({**ZOE["name"], "switch": "nl"})
    answers = _answers(portal, walk)
    assert not answers.has("name") and answers.typed["name"]["given_name"] == "Zoë"
    assert walk.get(walk.path.replace("/name", "/check")).step == "name"


def test_an_answer_takes_the_place_of_what_was_typed(portal: TestPortal) -> None:
    walk = begin(portal).to_step("name")
    walk.post({**HALF, "switch": "nl"})
    walk.post(ZOE["name"])
    assert walk.step == "contact"
    assert _answers(portal, walk).typed == {}
    assert _value(walk.get(walk.path.replace("/contact", "/name")), "family_name") == "Jansen"


def test_what_was_typed_over_an_answer_leaves_the_answer_until_it_is_saved(portal: TestPortal) -> None:
    walk = begin(portal).to_check()
    walk.get(walk.path.replace("/check", "/name"))
    walk.post({**ZOE["name"], "given_name": "Zoé", "switch": "nl"})
    assert _value(walk, "given_name") == "Zoé"
    assert "Zoë Jansen" in walk.get(walk.path.replace("/name", "/check")).text


def test_boxes_and_choices_come_along_too(portal: TestPortal) -> None:
    walk = begin(portal).to_step("contact")
    walk.post({"contact_by": ["email", "self"], "voicemail": "no", "contact_language": "ti", "switch": "nl"})
    assert set(re.findall(r'value="(\w+)" checked', walk.text)) == {"email", "self", "no"}
    assert re.search(r'<option value="ti"[^>]* selected', walk.text)


def test_a_language_that_nobody_chose_goes_with_the_page(portal: TestPortal) -> None:
    walk = begin(portal).to_step("contact")
    walk.post({"contact_language": "nl", "switch": "nl"}, path=_other(walk, "en"))
    assert re.search(r'<option value="en"[^>]* selected', walk.text)


def test_a_bsn_is_not_kept_for_a_moment(portal: TestPortal) -> None:
    walk = begin(portal).to_step("name")
    walk.post({"given_name": "Zoë", "family_name": "123456782", "switch": "nl"})
    assert _answers(portal, walk).typed["name"]["family_name"] == ""
    assert _value(walk, "given_name") == "Zoë"


@pytest.mark.parametrize("switch", ["", "xx", "nl-NL", "\x00", "<b>", "x" * 10_000, "../../evil"])
def test_a_language_that_is_none_is_neither_followed_nor_repeated(portal: TestPortal, switch: str) -> None:
    walk = begin(portal).to_step("name")
    path = walk.path
    walk.post({**HALF, "switch": switch})
    assert walk.path == path and walk.page.status_code == 200
    assert _value(walk, "given_name") == "Zoë محمد"
    assert not switch.strip("\x00") or f'"{switch}"' not in walk.text


def test_a_page_that_is_not_ours_keeps_nothing(portal: TestPortal) -> None:
    walk = begin(portal).to_step("name")
    walk.post({**HALF, "switch": "nl"}, token="forged")
    assert walk.page.status_code == 422
    assert _answers(portal, walk).typed == {}


def test_changing_whose_form_it_is_forgets_what_was_typed_of_the_helper(portal: TestPortal) -> None:
    walk = begin(portal)
    walk.post({"for_whom": "other"})
    walk.post({**ZOE["helper"], "helper_name": "", "switch": "nl"})
    walk.get(walk.path.replace("/helper", "/for-whom"))
    walk.post({"for_whom": "self"})
    assert _answers(portal, walk).typed == {}


def test_every_question_has_the_button_beside_its_form_and_one_in_it(portal: TestPortal) -> None:
    walk = begin(portal).to_step("name")
    form = walk.text.partition('<form method="post" id="answers"')[2].partition("</form>")
    assert form[0].count("<button") == 1
    button = (
        '<button class="utrecht-button utrecht-button--secondary-action" type="submit" form="answers" name="switch"'
    )
    assert form[2].count(button) == 1


@pytest.mark.parametrize(
    ("page", "typed", "kept"),
    [
        ("urgent", {"urgent": ["gas"], "urgent_date_day": "41"}, 'value="41"'),
        ("messages", {"updates_by": "email", "updates_email": "zoe@"}, 'value="zoe@"'),
    ],
)
def test_forms_after_the_press_show_again_what_was_typed_and_change_nothing(
    sending_portal: TestPortal, page: str, typed: Form, kept: str
) -> None:
    walk = press_as(sending_portal)
    walk.get(f"{walk.path}/{page}")
    walk.post({**typed, "switch": "nl"}, path=_other(walk, "en"))
    assert walk.page.status_code == 200 and kept in walk.text
    assert '<html lang="en"' in walk.text and "Error:" not in walk.text
