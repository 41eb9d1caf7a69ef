"""A helper who may follow sees how it stands and nothing else; the resident allows it and ends it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from citizen_portal.registration.helpers import INVITE_LIFE
from citizen_portal.registration.links import HELPER, INVITE
from tests.support.databases import on_engine
from tests.support.portal import TestPortal
from tests.support.residents import Resident, deliver, shown_path, words
from tests.support.walk import ZOE, Form

MAY = ZOE["helper"]
MAY_NOTHING: Form = {**MAY, "helper_may_be_contacted": "", "helper_may_follow": ""}
NOBODY = "Er kijkt nu niemand mee"


def _helped(portal: TestPortal, helper: Form = MAY) -> Resident:
    """Somebody for whom a helper pressed, beside them."""
    return Resident(portal, answers={"for-whom": {"for_whom": "other"}, "helper": helper})


def _invited(resident: Resident) -> str:
    """The path of a fresh invite."""
    answer = resident.opens("helper", {"helper": "invite"})
    assert answer.status_code == 200
    assert "<svg" in words(answer)
    return shown_path(resident, answer)


def _follows(resident: Resident, invite: str | None = None) -> str:
    """The path of a helper's own link."""
    answer = resident.opens("", path=invite or _invited(resident))
    assert answer.status_code == 303
    return answer.headers["Location"]


def _status_of(resident: Resident, path: str) -> int:
    return resident.portal.client().get(path).status_code


class TestAnInvite:
    def test_looking_at_it_shows_nothing_and_changes_nothing(self, resident: Resident) -> None:
        invite = _invited(resident)
        for _ in range(2):
            page = resident.sees(path=invite)
            assert "Kijk mee" in page
            for told in ("data-status", "gepauzeerd", resident.record.reference, "Amsterdam", "schuld"):
                assert told not in page
        assert NOBODY in resident.sees("helper")

    def test_a_post_gives_a_helpers_link_once(self, resident: Resident) -> None:
        invite = _invited(resident)
        resident.sees(path=invite)
        form = resident.walk.filled({})
        assert [resident.posts("", form, path=invite).status_code for _ in range(2)] == [303, 404]
        assert _status_of(resident, invite) == 404

    def test_without_the_pages_own_token_it_stays_closed(self, resident: Resident) -> None:
        invite = _invited(resident)
        answer = resident.posts("", {"form_token": "forged"}, path=invite)
        assert (answer.status_code, answer.headers["Location"]) == (303, invite)
        assert NOBODY in resident.sees("helper")

    def test_it_lives_a_week(self, resident: Resident) -> None:
        invite = _invited(resident)
        resident.portal.clock.moment += INVITE_LIFE - timedelta(seconds=1)
        assert _status_of(resident, invite) == 200
        resident.portal.clock.moment += timedelta(seconds=1)
        assert _status_of(resident, invite) == 404

    def test_it_is_shown_once_and_a_new_one_replaces_it(self, resident: Resident) -> None:
        first = _invited(resident)
        page = resident.sees("helper")
        assert first not in page and "die nog niemand opende" in page
        second = _invited(resident)
        assert [_status_of(resident, path) for path in (first, second)] == [404, 200]


class TestWhatAHelperSees:
    @pytest.fixture
    def followed(self, resident: Resident) -> tuple[Resident, str]:
        deliver(resident.portal)
        return resident, _follows(resident)

    def test_how_it_stands_and_nothing_of_whose_it_is(self, followed: tuple[Resident, str]) -> None:
        resident, path = followed
        resident.told("ontvangen", ontvangstnummer="Z/2026/118")
        meeting = {"begint": "2026-11-25T09:00:00Z", "vorm": "kantoor", "locatie": "kamer 3.041"}
        resident.told("gesprek-gepland", afspraak=meeting)
        page = resident.sees(path=path)
        assert (
            "Met ‘u’ bedoelen wij" in page and "woensdag 25 november" in page and "Er is nog niets gepauzeerd" in page
        )
        own = resident.sees()
        for told in (resident.record.reference, "Z/2026/118", "kamer 3.041", "/data", "/withdraw", "proof.pdf"):
            assert told in own and told not in page
        assert "<form" not in page and resident.path not in page and "Jansen" not in page
        assert page.index("Met ‘u’ bedoelen wij") < page.index("Er is nog niets gepauzeerd")

    @pytest.mark.parametrize("hours", [30, 24 * 10])
    def test_no_reference_when_the_municipality_is_to_be_called(self, resident: Resident, hours: int) -> None:
        path = _follows(resident)
        resident.portal.clock.pass_by(hours=hours)
        assert resident.record.reference in resident.sees()
        page = resident.sees(path=path)
        assert "Bel uw gemeente" in page and resident.record.reference not in page and "U kunt zeggen" not in page

    def test_a_note_of_the_residents_own_is_not_shown(self, followed: tuple[Resident, str]) -> None:
        resident, path = followed
        resident.portal.clock.pass_by(days=5)
        resident.sees()
        resident.posts("called", resident.walk.filled({"called": "yes"}))
        assert "U noteerde" in resident.sees()
        assert "U noteerde" not in resident.sees(path=path)

    @pytest.mark.parametrize("ending", ["verhuisd", "geen-contact", "ingetrokken", "afgesloten"])
    def test_it_is_over_by_itself_when_the_registration_ends(self, followed: tuple[Resident, str], ending: str) -> None:
        resident, path = followed
        invite = _invited(resident)
        resident.told("contact-gelegd")
        assert _status_of(resident, path) == 200
        resident.told(ending)
        assert [_status_of(resident, link) for link in (path, invite, resident.path)] == [404, 404, 200]
        assert "Een helper ziet niets meer" in resident.sees("helper")
        assert resident.posts("helper", resident.walk.filled({"helper": "invite"})).status_code == 422

    def test_it_is_over_when_the_resident_asks_to_stop(self, followed: tuple[Resident, str]) -> None:
        resident, path = followed
        assert resident.opens("withdraw").status_code == 303
        assert _status_of(resident, path) == 404


class TestWhatTheResidentSays:
    def test_without_a_helper_somebody_can_be_invited_all_the_same(self, resident: Resident) -> None:
        page = resident.sees("helper")
        assert NOBODY in page and "Niemand vulde dit voor u in" in page
        resident.portal.clock.pass_by(hours=1)
        _follows(resident)
        assert 'Iemand kijkt mee sinds <time datetime="2026-11-23T10:04:00Z">' in resident.sees("helper")
        assert resident.record.helper_may_follow is True

    def test_stopping_ends_it_for_every_helper_and_can_be_allowed_again(self, resident: Resident) -> None:
        helpers, invite = [_follows(resident), _follows(resident)], _invited(resident)
        answer = resident.opens("helper", {"helper": "stop"})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{resident.path}/helper")
        assert [_status_of(resident, path) for path in (*helpers, invite)] == [404, 404, 404]
        assert NOBODY in resident.sees("helper") and resident.record.helper_may_follow is False
        assert _status_of(resident, _follows(resident)) == 200

    def test_that_nobody_may_be_called_is_kept_and_the_page_says_who_has_to_be_told(self, portal: TestPortal) -> None:
        resident = _helped(portal)
        sent = resident.lanes()
        page = resident.sees("helper")
        assert "Dat hebben wij doorgegeven" in page and resident.record.reference in page and "14 020" in page
        assert resident.opens("helper", {"helper": "no-contact"}).status_code == 303
        page = resident.sees("helper")
        assert "mag van u niet met uw helper praten" in page and "Zij weet het nog niet van ons" in page
        assert resident.record.reference in page
        assert resident.record.helper_may_be_contacted is False
        assert resident.lanes() == sent

    def test_both_are_told_in_the_export(self, portal: TestPortal) -> None:
        resident = _helped(portal, MAY_NOTHING)
        said = resident.portal.client().get(f"{resident.path}/data/export.json").get_json()["helper"]
        assert said == {"gemeenteMagMetHelperPraten": False, "helperMagMeekijken": False, "kijktMeeSinds": []}
        resident = _helped(portal)
        _follows(resident)
        said = resident.portal.client().get(f"{resident.path}/data/export.json").get_json()["helper"]
        since = ["2026-11-23T09:04:00Z"]
        assert said == {"gemeenteMagMetHelperPraten": True, "helperMagMeekijken": True, "kijktMeeSinds": since}


class TestOnAHelpersDevice:
    def test_a_helper_who_may_follow_gets_an_invite_that_lives_briefly(self, portal: TestPortal) -> None:
        resident = _helped(portal)
        invite = _invited(resident)
        path = _follows(resident, invite)
        again = _invited(resident)
        portal.clock.pass_by(minutes=30)
        assert [_status_of(resident, link) for link in (path, again)] == [200, 404]

    def test_a_helper_who_may_not_cannot_allow_it(self, portal: TestPortal) -> None:
        resident = _helped(portal, MAY_NOTHING)
        assert "Dat regelt u op uw eigen telefoon" in resident.sees("helper")
        answer = resident.posts("helper", resident.walk.filled({"helper": "invite"}))
        assert answer.status_code == 422 and resident.record.helper_may_follow is False

    def test_an_invite_that_nobody_opened_is_dead_when_the_device_is_left(self, portal: TestPortal) -> None:
        resident = _helped(portal)
        helper, invite = _follows(resident), _invited(resident)
        page = resident.sees()
        token = re.search(r'/next".*?name="form_token" value="([^"]+)"', page, re.DOTALL)
        assert token
        assert resident.posts("next", {"form_token": token[1]}).status_code == 303
        assert [_status_of(resident, path) for path in (helper, invite)] == [200, 404]

    def test_the_way_to_leave_it_stands_beside_the_invite(self, portal: TestPortal) -> None:
        resident = _helped(portal)
        for page in (resident.sees("helper"), words(resident.opens("helper", {"helper": "invite"}))):
            assert f'action="{resident.path}/next"' in page


@on_engine("sqlite")
class TestWhatIsSentByMistake:
    @pytest.mark.parametrize("decision", ["invite", "stop", "no-contact", ""])
    def test_without_the_pages_own_token_nothing_happens(self, portal: TestPortal, decision: str) -> None:
        resident = _helped(portal)
        for token in ("", "forged"):
            assert resident.posts("helper", {"helper": decision, "form_token": token}).status_code == 422
        assert (resident.record.helper_may_follow, resident.record.helper_may_be_contacted) == (True, True)

    @pytest.mark.parametrize("decision", ["", "INVITE", "<b>", "no_contact"])
    def test_an_unknown_decision_is_none(self, resident: Resident, decision: str) -> None:
        assert resident.opens("helper", {"helper": decision}).status_code == 422
        assert resident.record.helper_may_follow is None

    @pytest.mark.parametrize("scope", [HELPER, INVITE])
    @pytest.mark.parametrize("act", ["device", "helper", "next", "urgent", "withdraw", "data", "messages", "replace"])
    def test_a_helper_can_do_nothing(self, resident: Resident, scope: str, act: str) -> None:
        path = resident.link(scope)
        assert resident.posts(act, {"helper": "invite", "way": "screen"}, path=path).status_code == 404
