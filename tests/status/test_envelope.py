"""The link of a message that was asked for: opened by a POST, once; whatever merely looks at links changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from citizen_portal.registration.links import BRIEF_LIFE, ENVELOPE, OWNER
from citizen_portal.storage.tables import link
from tests.support.residents import Resident


@pytest.fixture
def envelope(resident: Resident) -> str:
    """The path of a fresh one."""
    return resident.link(ENVELOPE, lives=BRIEF_LIFE)


def _links(resident: Resident) -> list[tuple[str, bool]]:
    """Scope of every link, and whether it is revoked."""
    with resident.portal.database.reading() as connection:
        rows = connection.execute(select(link.c.scope, link.c.revoked_at).order_by(link.c.scope))
        return [(row.scope, row.revoked_at is not None) for row in rows]


def test_looking_at_it_shows_nothing_of_the_status_and_changes_nothing(resident: Resident, envelope: str) -> None:
    before = _links(resident)
    for _ in range(2):
        page = resident.sees(path=envelope)
        assert "Open mijn pagina" in page
        for told in ("data-status", "gepauzeerd", resident.record.reference, "Amsterdam", "GM0363", "schuld"):
            assert told not in page
    assert _links(resident) == before == [(ENVELOPE, False), (OWNER, False)]


def test_a_post_gives_an_owners_link_and_uses_it_up(resident: Resident, envelope: str) -> None:
    resident.sees(path=envelope)
    form = resident.walk.filled({})
    answer = resident.posts("", form, path=envelope)
    assert answer.status_code == 303
    own = answer.headers["Location"]
    assert own not in {envelope, resident.path}
    assert "Stoppen met uw vraag" in resident.sees(path=own)
    assert resident.posts("", form, path=envelope).status_code == 404
    assert resident.portal.client().get(envelope).status_code == 404
    assert _links(resident) == [(ENVELOPE, True), (OWNER, False), (OWNER, False)]


def test_without_the_pages_own_token_it_stays_closed(resident: Resident, envelope: str) -> None:
    answer = resident.posts("", {}, path=envelope)
    assert (answer.status_code, answer.headers["Location"]) == (303, envelope)
    assert _links(resident) == [(ENVELOPE, False), (OWNER, False)]


def test_it_lives_thirty_minutes(resident: Resident, envelope: str) -> None:
    resident.sees(path=envelope)
    form = resident.walk.filled({})
    resident.portal.clock.moment += timedelta(minutes=29, seconds=59)
    assert "Open mijn pagina" in resident.sees(path=envelope)
    resident.portal.clock.moment += timedelta(seconds=1)
    assert resident.portal.client().get(envelope).status_code == 404
    assert resident.posts("", form, path=envelope).status_code == 404


def test_what_the_owners_link_of_a_message_opens_is_not_the_copy_of_the_answers(
    resident: Resident, envelope: str
) -> None:
    """Only the first link carries the key to it: whoever reads the messages does not read the answers."""
    resident.sees(path=envelope)
    own = resident.posts("", resident.walk.filled({}), path=envelope).headers["Location"]
    assert '"verstuurd": null' in resident.portal.client().get(f"{own}/data/export.json").get_data(as_text=True)
    first = resident.portal.client().get(f"{resident.path}/data/export.json").get_data(as_text=True)
    assert '"achternaam": "Jansen"' in first
