"""Somebody else's device: the resident takes a link along, and nothing stays behind."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from citizen_portal.acknowledgement.qr import qr_svg
from citizen_portal.registration.devices import PAPER_LIFE
from citizen_portal.registration.links import BRIEF_LIFE, STOP, VIEW
from tests.support.databases import on_engine
from tests.support.portal import TestPortal
from tests.support.residents import NO_MESSAGES, Resident, links_in, shown_address, shown_path, words
from tests.support.walk import ZOE, Form, begin

HELPED: dict[str, Form] = {"for-whom": {"for_whom": "other"}, "helper": ZOE["helper"]}
CARD = "Neem uw eigen link mee"
NOT_TAKEN = "u nam nog geen eigen link mee"
CLEARED = {"Clear-Site-Data": '"cache", "storage"', "Cache-Control": "no-store"}


@pytest.fixture
def borrower(resident: Resident) -> Resident:
    """Somebody who pressed on a borrowed phone, and says so."""
    assert resident.opens("device", {"way": "lend"}).status_code == 303
    return resident


@pytest.fixture
def helped(portal: TestPortal) -> Resident:
    """Somebody for whom a helper pressed, beside them."""
    return Resident(portal, answers=HELPED)


def _is_there(resident: Resident, path: str | None = None) -> bool:
    return resident.portal.client().get(path or resident.path).status_code == 200


def _shown(resident: Resident, way: str) -> str:
    """The path of the envelope that is shown when a link is taken along this way."""
    answer = resident.opens("device", {"way": way})
    assert answer.status_code == 200
    return shown_path(resident, answer)


def _opened(resident: Resident, envelope: str) -> str:
    """The path of the owner's link that the envelope gives on another device."""
    own = resident.opens("", path=envelope).headers["Location"]
    assert CARD not in resident.sees(path=own)
    return own


def _leaves(resident: Resident, path: str | None = None) -> TestResponse:
    """Presses the last button of the status page."""
    page = resident.sees(path=path)
    form = page[page.index("/next") :]
    token = re.search(r'name="form_token" value="([^"]+)"', form)
    assert token
    return resident.posts("next", {"form_token": token[1]}, path=path)


class TestALinkThatIsLent:
    def test_of_an_own_link_the_page_says_first_what_it_means_to_lend_it(self, resident: Resident) -> None:
        assert CARD not in resident.sees()
        assert "Dit is niet mijn apparaat" in resident.walk.text
        page = resident.sees("device")
        assert "ook niet op uw eigen telefoon" in page and "/next" not in page
        resident.portal.clock.pass_by(hours=2)
        assert _is_there(resident)

    def test_it_is_over_in_half_an_hour_and_says_when(self, borrower: Resident) -> None:
        assert CARD in borrower.sees() and ">10:34</time>" in borrower.walk.text
        borrower.portal.clock.moment += BRIEF_LIFE - timedelta(seconds=1)
        assert _is_there(borrower)
        borrower.portal.clock.moment += timedelta(seconds=1)
        assert not _is_there(borrower)

    def test_whoever_pressed_for_somebody_else_has_a_lent_link(self, helped: Resident) -> None:
        page = helped.sees()
        assert CARD in page and ">10:34</time>" in page and "Volgende persoon: wis dit" in page
        assert page.index(CARD) < page.index("<h1")

    def test_there_is_nothing_to_keep_on_it(self, borrower: Resident) -> None:
        page = borrower.sees()
        for kept in ("Bewaar deze pagina", "proof.pdf", "calendar.ics", "/replace", "/data"):
            assert kept not in page

    def test_it_is_not_made_an_own_link_by_replacing_it(self, borrower: Resident) -> None:
        form = {"form_token": borrower.walk.token}
        for answer in (borrower.portal.client().get(f"{borrower.path}/replace"), borrower.posts("replace", form)):
            assert (answer.status_code, answer.headers["Location"]) == (303, f"{borrower.path}/device")
        assert CARD in borrower.sees()


class TestTakingALinkAlong:
    @pytest.mark.parametrize(("way", "life"), [("screen", BRIEF_LIFE), ("paper", PAPER_LIFE)])
    def test_it_opens_the_owners_page_on_another_device_once_and_in_time(
        self, borrower: Resident, way: str, life: timedelta
    ) -> None:
        first, second = _shown(borrower, way), None
        if way == "paper":
            second = _shown(borrower, way)
        borrower.portal.clock.moment += life - timedelta(seconds=1)
        own = _opened(borrower, first)
        assert not _is_there(borrower, first)
        borrower.portal.clock.moment += timedelta(seconds=1)
        assert second is None or not _is_there(borrower, second)
        borrower.portal.clock.pass_by(days=200)
        assert _is_there(borrower, own)

    @pytest.mark.parametrize("way", ["screen", "paper"])
    def test_the_picture_holds_the_address(self, borrower: Resident, way: str) -> None:
        page = borrower.opens("device", {"way": way}).get_data(as_text=True)
        assert qr_svg(shown_address(page)) in page

    def test_what_is_shown_stands_on_no_page_that_can_be_loaded_again(self, borrower: Resident) -> None:
        envelope = _shown(borrower, "screen")
        for act in ("", "device", "helper"):
            assert envelope not in borrower.sees(act).replace("<wbr>", "")

    def test_the_copy_of_the_answers_goes_along_and_stays_behind_for_nobody(self, borrower: Resident) -> None:
        assert "Jansen" in borrower.sees("data/export.json")
        own = _opened(borrower, _shown(borrower, "screen"))
        assert "Jansen" in borrower.sees("data/export.json", path=own)
        assert "Jansen" not in borrower.sees("data/export.json")

    def test_the_copy_goes_along_on_paper_when_the_device_was_left_long_ago(self, borrower: Resident) -> None:
        envelope = _shown(borrower, "paper")
        _leaves(borrower)
        borrower.portal.clock.pass_by(hours=70)
        assert "Jansen" in borrower.sees("data/export.json", path=_opened(borrower, envelope))

    def test_what_is_shown_again_replaces_what_was_shown(self, borrower: Resident) -> None:
        first, second = (_shown(borrower, "screen") for _ in range(2))
        assert [_is_there(borrower, path) for path in (first, second)] == [False, True]

    def test_paper_says_where_it_leads_and_carries_the_reference(self, borrower: Resident) -> None:
        page = words(borrower.opens("device", {"way": "paper"}))
        assert borrower.record.reference in page and "maandag 7 december, 10:04" in page and "data-print" in page

    def test_a_message_goes_to_the_address_that_was_chosen(self, sending_portal: TestPortal) -> None:
        resident = Resident(sending_portal)
        resident.opens("device", {"way": "lend"})
        assert "onderweg" not in resident.sees("device")
        answer = resident.opens("device", {"way": "message"})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{resident.path}/device")
        sent = resident.notices()[-1]
        assert sent.to == "zoe@example.nl"
        assert "Er is een link naar u onderweg" in resident.sees("device") and NOT_TAKEN not in resident.walk.text
        own = _opened(resident, f"/nl/s/{links_in(sent.text)[0]}")
        assert "Jansen" not in resident.sees("data/export.json", path=own)

    def test_without_an_address_messages_are_chosen_first(self, sending_portal: TestPortal) -> None:
        resident = Resident(sending_portal, answers=NO_MESSAGES)
        resident.opens("device", {"way": "lend"})
        assert f"{resident.path}/messages" in resident.sees("device")
        answer = resident.opens("device", {"way": "message"})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{resident.path}/messages")
        assert resident.notices() == []

    def test_where_nothing_can_be_sent_no_message_is_offered(self, borrower: Resident) -> None:
        assert "Met een bericht" not in borrower.sees("device")

    def test_nobody_is_flooded_with_messages(self, limited: TestPortal) -> None:
        resident = Resident(limited)
        resident.opens("device", {"way": "lend"})
        before = len(resident.notices())
        answers = [resident.opens("device", {"way": "message"}).status_code for _ in range(5)]
        assert answers == [303, 303, 303, 429, 429]
        assert len(resident.notices()) == before + 3


class TestLeaving:
    def test_nothing_of_this_device_opens_anything_afterwards(self, borrower: Resident) -> None:
        shown, form = _shown(borrower, "screen"), borrower.walk.filled({})
        answer = _leaves(borrower)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/nl/")
        assert {name: answer.headers[name] for name in CLEARED} == CLEARED
        assert not _is_there(borrower) and not _is_there(borrower, shown)
        for act in ("next", "device", "helper", "data", "urgent", "withdraw"):
            assert borrower.posts(act, {**form, "way": "screen"}).status_code == 404

    def test_a_helpers_next_resident_begins_with_a_helper(self, helped: Resident) -> None:
        assert _leaves(helped).headers["Location"] == "/nl/?helper=1"

    def test_the_press_that_is_sent_again_leads_to_nothing(self, portal: TestPortal) -> None:
        walk = begin(portal).to_check(HELPED)
        check, form = walk.path, walk.filled({"press": "yes"})
        status = walk.press().path
        token = re.search(r'/next".*?name="form_token" value="([^"]+)"', walk.text, re.DOTALL)
        assert token
        assert walk.post({}, path=f"{status}/next", token=token[1]).page.status_code == 200
        assert walk.get(check).page.status_code == 404
        answer = portal.client().post(check, data=form)
        assert answer.headers["Location"] == status
        assert portal.client().get(status).status_code == 404

    def test_links_of_the_owners_own_go_on(self, borrower: Resident) -> None:
        own, paper = _opened(borrower, _shown(borrower, "screen")), _shown(borrower, "paper")
        view, stop = borrower.link(VIEW), borrower.link(STOP)
        _leaves(borrower)
        assert all(_is_there(borrower, path) for path in (own, paper, view, f"{stop}/messages"))

    @pytest.mark.parametrize(
        "takes", [lambda one: _opened(one, _shown(one, "screen")), lambda one: _shown(one, "paper")]
    )
    def test_beside_the_button_it_says_plainly_when_nothing_was_taken_along(
        self, borrower: Resident, takes: Callable[[Resident], str]
    ) -> None:
        for act in ("", "device", "helper"):
            assert NOT_TAKEN in borrower.sees(act)
        _shown(borrower, "screen")
        assert NOT_TAKEN in borrower.sees()
        takes(borrower)
        for act in ("", "device", "helper"):
            assert NOT_TAKEN not in borrower.sees(act)

    def test_the_button_stands_where_a_link_is_shown_too(self, borrower: Resident) -> None:
        for way in ("screen", "paper"):
            assert f'action="{borrower.path}/next"' in words(borrower.opens("device", {"way": way}))

    def test_a_link_that_is_not_lent_is_not_ended(self, resident: Resident) -> None:
        resident.sees("device")
        answer = resident.posts("next", resident.walk.filled({}))
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{resident.path}/device")
        assert _is_there(resident)

    def test_a_form_from_elsewhere_ends_nothing(self, borrower: Resident) -> None:
        borrower.sees("device")
        for form in ({}, {"form_token": "forged"}, borrower.walk.filled({})):
            answer = borrower.posts("next", form)
            assert (answer.status_code, answer.headers["Location"]) == (303, f"{borrower.path}/device")
        assert _is_there(borrower)


@on_engine("sqlite")
class TestWhatIsSentByMistake:
    @pytest.mark.parametrize("form", [{}, {"way": "lend"}, {"way": "screen", "form_token": "forged"}])
    def test_without_the_pages_own_token_nothing_happens(self, resident: Resident, form: dict[str, str]) -> None:
        assert resident.posts("device", form).status_code == 422
        assert CARD not in resident.sees()

    @pytest.mark.parametrize("way", ["screen", "paper", "message", "", "lent", "<b>"])
    def test_an_own_link_is_not_multiplied(self, resident: Resident, way: str) -> None:
        answer = resident.opens("device", {"way": way})
        assert answer.status_code == 422 and "Er is nog niets veranderd" in words(answer)
        assert CARD not in resident.sees()

    @pytest.mark.parametrize("way", ["", "fax", "<b>"])
    def test_an_unknown_way_is_none(self, borrower: Resident, way: str) -> None:
        assert borrower.opens("device", {"way": way}).status_code == 422
        assert NOT_TAKEN in borrower.sees()

    def test_a_token_of_another_link_is_none(self, borrower: Resident) -> None:
        own = _opened(borrower, _shown(borrower, "screen"))
        borrower.sees("device", path=own)
        assert borrower.posts("device", borrower.walk.filled({"way": "screen"})).status_code == 422
