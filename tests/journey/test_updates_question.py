"""The question whether messages are wanted offers what was given before, and chooses nothing itself."""

from __future__ import annotations

from pathlib import Path

from tests.support.portal import CAN_SEND, make_portal
from tests.support.walk import begin


def test_what_was_given_for_contact_is_offered_as_people_write_it(tmp_path: Path, database_url: str) -> None:
    portal = make_portal(tmp_path, database_url, environ=CAN_SEND)
    try:
        page = begin(portal).to_step("updates").text
    finally:
        portal.database.close()
    assert 'value="06 12345678"' in page and 'value="zoe@example.nl"' in page
    assert " checked" not in page
