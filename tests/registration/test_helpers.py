"""What a helper may do is what the resident says, and ends when the resident says so."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest

from citizen_portal.registration.devices import leave, lend
from citizen_portal.registration.helpers import INVITE_LIFE, MayNotFollow, invite, note_no_contact, stop_following
from citizen_portal.registration.links import BRIEF_LIFE, HELPER, INVITE, OWNER, LinkToken
from citizen_portal.registration.new_link import LinkUsed, open_invite, replace_link
from citizen_portal.storage import links, registrations
from citizen_portal.storage.database import Database
from citizen_portal.storage.registrations import RegistrationRecord
from tests.support.databases import on_engine
from tests.support.deliveries import MONDAY, pressed_with_link

SECOND = timedelta(seconds=1)


@dataclass
class Owner:
    """Somebody with a registration and a link to it."""

    database: Database
    id: UUID
    link: LinkToken

    @property
    def record(self) -> RegistrationRecord:
        """What is kept of it now."""
        with self.database.reading() as connection:
            found = registrations.get(connection, self.id)
        assert found is not None
        return found

    def says(self, **values: object) -> None:
        """As it was said at the press."""
        with self.database.writing() as connection:
            registrations.change(connection, self.id, **values)

    def live(self, scope: str, *, after: timedelta = timedelta()) -> int:
        """How many links with this scope open something, so long after the press."""
        with self.database.reading() as connection:
            found = links.live(connection, self.id, now=MONDAY + after)
        return sum(link.scope == scope for link in found)

    def invites(self) -> LinkToken:
        """A fresh invite."""
        return LinkToken(invite(self.database, self.link, self.id, now=MONDAY).bits, INVITE)


@pytest.fixture
def owner(database: Database) -> Owner:
    return Owner(database, *pressed_with_link(database))


def test_an_invite_lives_a_week_and_allows_following(owner: Owner) -> None:
    before = owner.record.helper_may_follow
    fresh = invite(owner.database, owner.link, owner.id, now=MONDAY)
    assert fresh.works_until == MONDAY + INVITE_LIFE
    assert (before, owner.record.helper_may_follow) == (None, True)
    assert [owner.live(INVITE, after=after) for after in (INVITE_LIFE - SECOND, INVITE_LIFE)] == [1, 0]


def test_there_is_one_invite_at_a_time(owner: Owner) -> None:
    first, second = owner.invites(), owner.invites()
    assert owner.live(INVITE) == 1
    with pytest.raises(LinkUsed):
        open_invite(owner.database, first, owner.id, now=MONDAY)
    open_invite(owner.database, second, owner.id, now=MONDAY)
    assert (owner.live(INVITE), owner.live(HELPER)) == (0, 1)


def test_an_invite_is_used_up_once(owner: Owner) -> None:
    fresh = owner.invites()
    open_invite(owner.database, fresh, owner.id, now=MONDAY)
    with pytest.raises(LinkUsed):
        open_invite(owner.database, fresh, owner.id, now=MONDAY)
    assert owner.live(HELPER) == 1


@pytest.mark.parametrize("allowed", [None, False])
def test_on_a_lent_device_nobody_is_allowed_what_the_resident_did_not_allow(owner: Owner, allowed: bool | None) -> None:
    owner.says(helper_may_follow=allowed)
    lend(owner.database, owner.link, now=MONDAY)
    with pytest.raises(MayNotFollow):
        owner.invites()
    assert (owner.record.helper_may_follow, owner.live(INVITE)) == (allowed, 0)


def test_on_a_lent_device_an_invite_lives_half_an_hour_and_dies_when_it_is_left(owner: Owner) -> None:
    owner.says(helper_may_follow=True)
    lend(owner.database, owner.link, now=MONDAY)
    assert invite(owner.database, owner.link, owner.id, now=MONDAY).works_until == MONDAY + BRIEF_LIFE
    assert owner.live(INVITE) == 1
    leave(owner.database, owner.link, owner.id, now=MONDAY)
    assert owner.live(INVITE) == 0


def test_a_helper_goes_on_following_when_the_device_is_left(owner: Owner) -> None:
    owner.says(helper_may_follow=True)
    lend(owner.database, owner.link, now=MONDAY)
    open_invite(owner.database, owner.invites(), owner.id, now=MONDAY)
    leave(owner.database, owner.link, owner.id, now=MONDAY)
    assert owner.live(HELPER, after=timedelta(days=300)) == 1


def test_with_a_link_that_is_revoked_nobody_is_invited(owner: Owner) -> None:
    leave(owner.database, owner.link, owner.id, now=MONDAY)
    with pytest.raises(LinkUsed):
        owner.invites()


def test_stopping_ends_all_following_and_what_is_under_way(owner: Owner) -> None:
    open_invite(owner.database, owner.invites(), owner.id, now=MONDAY)
    open_invite(owner.database, owner.invites(), owner.id, now=MONDAY)
    waiting = owner.invites()
    assert (owner.live(HELPER), owner.live(INVITE)) == (2, 1)
    stop_following(owner.database, owner.id, now=MONDAY)
    assert (owner.live(HELPER), owner.live(INVITE), owner.live(OWNER)) == (0, 0, 1)
    assert owner.record.helper_may_follow is False
    with pytest.raises(LinkUsed):
        open_invite(owner.database, waiting, owner.id, now=MONDAY)


def test_a_new_link_of_the_owner_ends_following_too(owner: Owner) -> None:
    open_invite(owner.database, owner.invites(), owner.id, now=MONDAY)
    owner.invites()
    replace_link(owner.database, owner.link, owner.id, now=MONDAY)
    assert (owner.live(HELPER), owner.live(INVITE), owner.live(OWNER)) == (0, 0, 1)


@pytest.mark.parametrize(("before", "after"), [(True, False), (False, False), (None, None)])
def test_that_nobody_may_be_called_is_noted_where_there_was_a_helper(
    owner: Owner, before: bool | None, after: bool | None
) -> None:
    owner.says(helper_may_be_contacted=before)
    note_no_contact(owner.database, owner.id)
    assert owner.record.helper_may_be_contacted is after


def test_of_what_was_erased_there_is_nothing_to_end(database: Database) -> None:
    stop_following(database, uuid4(), now=MONDAY)
    note_no_contact(database, uuid4())
    with pytest.raises(LinkUsed):
        invite(database, LinkToken(os.urandom(16), OWNER), uuid4(), now=MONDAY)


@on_engine("postgresql")
@pytest.mark.parametrize("ends", ["stop", "replace"])
def test_an_invite_that_is_opened_while_following_ends_leaves_nobody_behind(owner: Owner, ends: str) -> None:
    """Whichever comes first: no helper's link is alive afterwards."""
    for _ in range(10):
        fresh, both = owner.invites(), Barrier(2)

        def opens(fresh: LinkToken = fresh, both: Barrier = both) -> None:
            both.wait()
            try:
                open_invite(owner.database, fresh, owner.id, now=MONDAY)
            except LinkUsed:
                return

        opening = Thread(target=opens)
        opening.start()
        both.wait()
        if ends == "stop":
            stop_following(owner.database, owner.id, now=MONDAY)
        else:
            owner.link = LinkToken(replace_link(owner.database, owner.link, owner.id, now=MONDAY), OWNER)
        opening.join()
        assert owner.live(HELPER) == 0
