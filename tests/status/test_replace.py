"""Somebody else saw the link: the owner makes a new one, and the old one shows nothing any more."""

from __future__ import annotations

import pytest

from citizen_portal.registration.links import ENVELOPE, OWNER, STOP, VIEW
from tests.support.residents import Resident


def _replaced(resident: Resident) -> str:
    """The path of the new link."""
    answer = resident.opens("replace")
    assert answer.status_code == 303
    return answer.headers["Location"]


@pytest.mark.parametrize("scope", [OWNER, VIEW, ENVELOPE])
def test_every_link_that_shows_something_is_dead_afterwards(resident: Resident, scope: str) -> None:
    other = resident.link(scope)
    own = _replaced(resident)
    client = resident.portal.client()
    assert [client.get(path).status_code for path in (resident.path, other, own)] == [404, 404, 200]


def test_a_link_that_stops_messages_goes_on_working(resident: Resident) -> None:
    stop = resident.link(STOP)
    _replaced(resident)
    assert resident.portal.client().get(f"{stop}/messages").status_code == 200


def test_the_copy_of_the_answers_goes_along_with_the_new_link(resident: Resident) -> None:
    own = _replaced(resident)
    assert "Jansen" in resident.sees("data/export.json", path=own)


def test_a_link_that_never_opened_the_copy_does_not_open_it_after_being_replaced(resident: Resident) -> None:
    resident.path = resident.link(OWNER)
    own = _replaced(resident)
    assert "Jansen" not in resident.sees("data/export.json", path=own)


def test_looking_and_a_form_without_its_token_change_nothing(resident: Resident) -> None:
    resident.sees("replace")
    assert resident.posts("replace", {}).status_code == 422
    assert resident.portal.client().get(resident.path).status_code == 200


def test_of_two_taps_one_makes_a_link(resident: Resident) -> None:
    resident.sees("replace")
    form = resident.walk.filled({})
    assert [resident.posts("replace", form).status_code for _ in range(2)] == [303, 404]
