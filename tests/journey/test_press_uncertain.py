"""The database goes away during the press: the resident presses once more, and it is one registration."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from citizen_portal.journey import press_views
from citizen_portal.registration.press import press
from citizen_portal.storage import registrations
from citizen_portal.storage.database import FateUnknown
from tests.support.portal import TestPortal
from tests.support.walk import begin


def kept(portal: TestPortal) -> int:
    with portal.database.reading() as connection:
        return registrations.count(connection)


@pytest.mark.parametrize("was_kept", [True, False])
def test_the_same_press_once_more_leads_to_the_status_page(
    portal: TestPortal, monkeypatch: pytest.MonkeyPatch, was_kept: bool
) -> None:
    def breaks(*arguments: object, **more: object) -> None:
        if was_kept:
            press(*arguments, **more)  # type: ignore[arg-type]
        raise FateUnknown

    walk = begin(portal).to_check()
    with monkeypatch.context() as patch:
        patch.setattr(press_views, "press", breaks)
        walk.press()
    assert walk.page.status_code == 503
    assert walk.page.headers["Retry-After"] == "30"
    assert "Wij weten niet of uw aanvraag is bewaard" in walk.text
    assert kept(portal) == was_kept
    walk.press()
    assert "/s/" in walk.path, walk.text
    assert kept(portal) == 1


def test_with_the_database_away_the_page_keeps_the_button(
    portal: TestPortal, lose_database: Callable[[], None]
) -> None:
    walk = begin(portal).to_check()
    portal.database.close()
    lose_database()
    walk.press()
    assert walk.page.status_code == 503
    assert 'name="form_token"' in walk.text
    assert 'name="press"' in walk.text
