"""A link is used up once, whoever comes at the same moment."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from citizen_portal.registration.links import ENVELOPE, OWNER, LinkToken
from citizen_portal.registration.new_link import LinkUsed, open_envelope, replace_link
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import links
from citizen_portal.storage.database import Database
from tests.support.deliveries import MONDAY, SECRET, another_registration, press, seconds_after


@pytest.mark.parametrize(("make", "scope"), [(open_envelope, ENVELOPE), (replace_link, OWNER)])
def test_a_link_gives_way_to_one_new_link(database: Database, make: Callable[..., bytes], scope: str) -> None:
    registration, seen = another_registration(), LinkToken(os.urandom(16), scope)
    press(database, KeyRing([SECRET]), registration)
    later = seconds_after(MONDAY, 3600)
    with database.writing() as connection:
        links.add(connection, seen.hash, registration.id, scope, now=MONDAY, expires_at=later)
    bits = make(database, seen, registration.id, now=MONDAY)
    with pytest.raises(LinkUsed):
        make(database, seen, registration.id, now=MONDAY)
    with database.reading() as connection:
        assert links.follow(connection, LinkToken(bits, OWNER).hash, OWNER, now=later) is not None
