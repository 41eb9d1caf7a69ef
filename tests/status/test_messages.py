"""Messages come only after the explicit choice, carry links that can do little, and stop from anywhere."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from citizen_portal.registration.links import STOP, VIEW
from citizen_portal.storage.outbox import EMAIL_LANE, NOTICE, SMS_LANE
from tests.progress.sending import document, send
from tests.support.databases import on_engine
from tests.support.portal import TestPortal
from tests.support.residents import NO_MESSAGES, Resident, bounce, deliver
from tests.support.walk import Form, begin

BY_SMS: Form = {"updates_by": "sms", "updates_phone": "06 12345678"}
BY_EMAIL: Form = {"updates_by": "email", "updates_email": "other@example.nl"}
NONE: Form = {"updates_by": "none"}


@pytest.fixture
def chosen(sending_portal: TestPortal) -> Resident:
    """Somebody who chose e-mail on the way; the first message has arrived."""
    resident = Resident(sending_portal)
    deliver(sending_portal)
    return resident


def _path(link: str) -> str:
    return link[link.index("/nl/s/") :]


def _scope(portal: TestPortal, link: str) -> str:
    token = re.search(r"/s/([\w.-]+)", link)
    assert token
    scope: str = portal.app.extensions["citizen_portal"].links.read(token[1]).scope
    return scope


def _mentions_of(portal: TestPortal, *words: str) -> None:
    raw = (portal.folder / "portal.db").read_bytes() if portal.database.is_sqlite else b""
    assert not any(word.encode() in raw for word in words)


class TestTheChoice:
    def test_a_filled_contact_address_is_no_choice(self, sending_portal: TestPortal) -> None:
        resident = Resident(sending_portal, answers=NO_MESSAGES)
        assert resident.queued("registration")[0]["inwoner"]["contact"]["email"] == "zoe@example.nl"
        resident.told("contact-gelegd")
        assert resident.choice is None and resident.notices() == []
        assert "U krijgt nu geen berichten" in resident.sees("messages")

    def test_who_goes_on_without_choosing_is_asked(self, sending_portal: TestPortal) -> None:
        walk = begin(sending_portal).to_step("updates")
        assert "checked" not in walk.text.split("<main")[1]
        answer = walk.client.post(walk.path, data=walk.filled({"updates_email": "zoe@example.nl"}))
        assert answer.status_code == 422 and "Kies of u berichten wilt" in answer.get_data(as_text=True)

    def test_the_chosen_address_gets_a_first_message_at_once(self, sending_portal: TestPortal) -> None:
        resident = Resident(sending_portal)
        [notice] = resident.notices()
        assert (notice.way, notice.to, notice.language, notice.kind) == ("email", "zoe@example.nl", "nl", "news")
        assert [(kind, lane) for kind, lane, _ in resident.lanes()][1] == (NOTICE, EMAIL_LANE)

    def test_the_address_is_kept_sealed_only(self, chosen: Resident) -> None:
        assert chosen.choice is not None
        _mentions_of(chosen.portal, "zoe@example.nl")


class TestNews:
    def test_each_status_is_told_once_however_often_it_comes(self, chosen: Resident) -> None:
        event = document("contact-gelegd", subject=chosen.id, at=chosen.portal.clock())
        for _ in range(3):
            assert send(chosen.portal, event).status_code == 204
        assert len(chosen.notices()) == 1
        chosen.told("contact-gelegd")
        assert len(chosen.notices()) == 1
        chosen.told("herroepen", herroept=event["id"])
        chosen.told("contact-gelegd")
        assert len(chosen.notices()) == 1
        chosen.portal.clock.pass_by(hours=1)
        chosen.told("kennisgeving-verstuurd")
        assert len(chosen.notices()) == 2

    def test_it_is_on_its_way_only_once_the_event_is_kept(self, chosen: Resident) -> None:
        event = document("contact-gelegd", subject=chosen.id, at="2026-11-20T09:00:00Z")
        assert send(chosen.portal, event).status_code == 400
        parked = document("contact-gelegd", subject=chosen.id, sender="GM0344", at=chosen.portal.clock())
        assert send(chosen.portal, parked).status_code == 202
        assert chosen.notices() == []

    def test_its_links_can_look_and_stop_and_nothing_else(self, chosen: Resident) -> None:
        chosen.told("contact-gelegd")
        [notice] = chosen.notices()
        assert notice.stop_link is not None
        assert (_scope(chosen.portal, notice.link), _scope(chosen.portal, notice.stop_link)) == (VIEW, STOP)
        found = re.findall(r"/s/[\w.-]+", notice.text)
        assert [_scope(chosen.portal, one) for one in found] == [VIEW, STOP]
        page = chosen.sees(path=_path(notice.link))
        assert 'data-status="contact-gelegd"' in page and "U ziet een deel" in page

    def test_nothing_is_said_of_what_the_news_is(self, chosen: Resident) -> None:
        chosen.told("kennisgeving-verstuurd", pauzeTot="2027-07-20", aantalSchuldeisers=14)
        [notice] = chosen.notices()
        for told in ("2027", "juli", "14", "kennisgeving", "Amsterdam", "Jansen", chosen.record.reference):
            assert told.lower() not in notice.text.lower().replace(notice.link.lower(), "").replace(
                (notice.stop_link or "").lower(), ""
            )

    def test_it_is_written_in_the_language_that_was_chosen_in(self, sending_portal: TestPortal) -> None:
        resident = Resident(sending_portal, lang="en")
        [notice] = resident.notices()
        assert notice.language == "en" and "/en/s/" in notice.link

    def test_it_goes_by_the_way_that_was_chosen(self, sending_portal: TestPortal) -> None:
        resident = Resident(sending_portal, answers={"updates": BY_SMS})
        [notice] = resident.notices()
        assert (notice.way, notice.to) == ("sms", "+31612345678")
        assert resident.lanes()[1][:2] == (NOTICE, SMS_LANE)


class TestStopping:
    def _stop_path(self, chosen: Resident) -> str:
        chosen.told("contact-gelegd")
        [notice] = chosen.notices()
        return _path(notice.stop_link or "").removesuffix("/messages")

    def _stop(self, chosen: Resident, path: str, form: Form | None = None) -> TestResponse:
        return chosen.opens("messages", {"updates_by": "none"} if form is None else form, path=path)

    def test_whatever_only_opens_the_link_stops_nothing(self, chosen: Resident) -> None:
        path = self._stop_path(chosen)
        for _ in range(2):
            page = chosen.sees("messages", path=path)
            assert "Stop de berichten" in page and "data-status" not in page
            assert "example.nl" not in page and "Amsterdam" not in page
        assert chosen.choice is not None and len(chosen.notices()) == 1

    def test_a_post_stops_and_leaves_no_address_anywhere(self, chosen: Resident) -> None:
        path = self._stop_path(chosen)
        answer = self._stop(chosen, path)
        assert answer.status_code == 200 and "U krijgt geen berichten meer" in answer.get_data(as_text=True)
        assert chosen.choice is None
        assert chosen.notices() == [], "what was not sent carries the address, and would still arrive"
        chosen.portal.clock.pass_by(hours=1)
        chosen.told("kennisgeving-verstuurd")
        assert chosen.notices() == []
        assert "U krijgt geen berichten meer" in chosen.sees("messages", path=path)

    def test_a_stop_link_cannot_choose(self, chosen: Resident) -> None:
        before = chosen.choice
        path = self._stop_path(chosen)
        for form in (BY_EMAIL, BY_SMS, {}):
            self._stop(chosen, path, form)
        assert chosen.posts("messages", {"updates_by": "none"}, path=path).status_code == 200
        assert chosen.choice == before


class TestChanging:
    def test_from_the_status_page_to_another_address_which_gets_a_message_at_once(self, chosen: Resident) -> None:
        answer = chosen.opens("messages", BY_EMAIL)
        assert (answer.status_code, answer.headers["Location"]) == (303, chosen.path)
        assert [notice.to for notice in chosen.notices()] == ["other@example.nl"]

    def test_what_was_on_its_way_to_the_address_before_does_not_arrive(self, chosen: Resident) -> None:
        chosen.told("contact-gelegd")
        chosen.opens("messages", BY_SMS)
        assert [notice.to for notice in chosen.notices()] == ["+31612345678"]

    def test_off_and_on_again(self, chosen: Resident) -> None:
        chosen.opens("messages", NONE)
        assert chosen.choice is None and "U krijgt nu geen berichten" in chosen.sees("messages")
        chosen.opens("messages", BY_SMS)
        assert "U krijgt nu een sms" in chosen.sees("messages")

    @pytest.mark.parametrize(
        "wrong",
        [
            {},
            {"updates_by": "email", "updates_email": ""},
            {"updates_by": "email", "updates_email": "no address"},
            {"updates_by": "email", "updates_email": "a@example.nl\r\nBcc: b@example.nl"},
            {"updates_by": "sms", "updates_phone": "12"},
            {"updates_by": "pigeon"},
        ],
        ids=str,
    )
    @on_engine("sqlite")
    def test_a_mistake_keeps_the_choice_and_what_was_typed(self, chosen: Resident, wrong: Form) -> None:
        before = chosen.choice
        assert chosen.opens("messages", wrong).status_code == 422
        assert chosen.choice == before and chosen.notices() == []

    def test_a_page_that_was_open_too_long_changes_nothing(self, chosen: Resident) -> None:
        before = chosen.choice
        chosen.sees("messages")
        form = chosen.walk.filled(BY_EMAIL)
        chosen.portal.clock.pass_by(hours=25)
        answer = chosen.posts("messages", form)
        assert answer.status_code == 422 and 'value="other@example.nl"' in answer.get_data(as_text=True)
        assert chosen.choice == before


class TestFailure:
    def test_a_refusal_by_the_mail_server_shows_and_a_new_choice_takes_it_away(self, chosen: Resident) -> None:
        assert "Een bericht kwam niet aan" not in chosen.sees()
        chosen.told("contact-gelegd")
        assert bounce(chosen.portal) == [NOTICE]
        page = chosen.sees()
        assert "Een bericht kwam niet aan" in page and "maandag 23 november" in page
        assert "Een bericht kwam niet aan" not in chosen.sees(path=chosen.link(VIEW))
        chosen.opens("messages", BY_EMAIL)
        assert "Een bericht kwam niet aan" not in chosen.sees()


def test_where_nothing_can_be_sent_the_page_says_so(portal: TestPortal) -> None:
    resident = Resident(portal)
    assert "Deze website verstuurt nu geen berichten" in resident.sees("messages")
    assert resident.notices() == [] and resident.choice is None
