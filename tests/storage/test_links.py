"""Rows of links: which open something, and which of them end together."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from citizen_portal.registration.links import ENVELOPE, INVITE, OWNER, VIEW
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import links
from citizen_portal.storage.database import Database
from citizen_portal.storage.links import LENT, LOST, PAPER, SHOWN, LiveLink
from tests.support.deliveries import MONDAY, SECRET, another_registration, press

HOUR = timedelta(hours=1)
ALL = ((OWNER, None), (OWNER, LENT), (ENVELOPE, SHOWN), (ENVELOPE, PAPER), (INVITE, SHOWN), (VIEW, LOST))


def _registration(database: Database) -> UUID:
    """With a link of each kind, each a minute after the one before."""
    registration = another_registration()
    press(database, KeyRing([SECRET]), registration)
    with database.writing() as connection:
        for minute, (scope, origin) in enumerate(ALL):
            made = MONDAY + timedelta(minutes=minute)
            token = registration.id.bytes * 2
            token = bytes([minute]) + token[1:]
            links.add(connection, token, registration.id, scope, now=made, expires_at=made + HOUR, origin=origin)
    return registration.id


@pytest.fixture
def registration_id(database: Database) -> UUID:
    return _registration(database)


def _live(database: Database, registration_id: UUID, after: timedelta = timedelta(minutes=10)) -> list[LiveLink]:
    with database.reading() as connection:
        return links.live(connection, registration_id, now=MONDAY + after)


def test_live_are_those_whose_time_is_not_over_the_last_first(database: Database, registration_id: UUID) -> None:
    found = _live(database, registration_id)
    assert [(link.scope, link.origin) for link in found] == list(reversed(ALL))
    assert found[0].expires_at - found[0].created_at == HOUR
    assert len(_live(database, registration_id, HOUR + timedelta(minutes=2))) == 3
    assert _live(database, registration_id, 2 * HOUR) == []


def test_revoked_ones_are_not_live_and_only_those_of_this_registration_are_revoked(
    database: Database, registration_id: UUID
) -> None:
    other = _registration(database)
    with database.writing() as connection:
        links.revoke_shown(connection, registration_id, now=MONDAY)
    assert [(link.scope, link.origin) for link in _live(database, registration_id)] == [
        (scope, origin) for scope, origin in reversed(ALL) if origin != SHOWN
    ]
    with database.writing() as connection:
        links.revoke_all(connection, registration_id, {ENVELOPE, VIEW}, now=MONDAY)
    assert [link.scope for link in _live(database, registration_id)] == [OWNER, OWNER]
    assert len(_live(database, other)) == len(ALL)


def test_a_link_that_is_lent_says_so_and_never_lives_longer_for_it(database: Database, registration_id: UUID) -> None:
    token = bytes([0]) + (registration_id.bytes * 2)[1:]
    with database.writing() as connection:
        links.lend(connection, token, until=MONDAY + 2 * HOUR)
        found = links.follow(connection, token, OWNER, now=MONDAY)
        assert found is not None and (found.origin, found.expires_at) == (LENT, MONDAY + HOUR)
        links.lend(connection, token, until=MONDAY + HOUR / 2)
        found = links.follow(connection, token, OWNER, now=MONDAY)
        assert found is not None and (found.origin, found.expires_at) == (LENT, MONDAY + HOUR / 2)
