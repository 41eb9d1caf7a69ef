"""Messages in the transaction of what they tell: none without it, each once, each with links of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from citizen_portal.config import load
from citizen_portal.intake.outbox import choice_context
from citizen_portal.notices.queueing import Notices, address_of
from citizen_portal.registration.links import BRIEF_LIFE, ENVELOPE, OWNER_LIFE, STOP, VIEW
from citizen_portal.registration.model import MessageAddress
from citizen_portal.sealing import KeyRing, SealBroken
from citizen_portal.storage import events
from citizen_portal.storage.database import Connection
from citizen_portal.storage.tables import link, outbox
from tests.support.databases import sqlite_url
from tests.support.portal import SECRET, TestPortal
from tests.support.residents import NO_MESSAGES, Resident, deliver

EMAIL = MessageAddress("email", "zoe@example.nl")


class Dropped(Exception):
    """Something went wrong before the commit."""


@pytest.fixture
def resident(sending_portal: TestPortal) -> Resident:
    """Somebody who chose no messages (yet)."""
    return Resident(sending_portal, answers=NO_MESSAGES)


@pytest.fixture
def notices(sending_portal: TestPortal) -> Notices:
    return Notices(sending_portal.app.extensions["citizen_portal"])


def choose(notices: Notices, resident: Resident, address: MessageAddress = EMAIL) -> None:
    portal = resident.portal
    with portal.app.test_request_context("/nl/"), portal.database.writing() as connection:
        events.lock_registration(connection, resident.id)
        notices.choose(connection, resident.id, address, language="nl", now=portal.clock())


def announce(notices: Notices, resident: Resident, status: str) -> None:
    portal = resident.portal
    with portal.app.test_request_context("/nl/"), portal.database.writing() as connection:
        events.lock_registration(connection, resident.id)
        notices.announce(connection, resident.id, status, now=portal.clock())


def counted(connection: Connection) -> tuple[int, int]:
    return (
        connection.execute(select(func.count()).select_from(outbox)).scalar_one(),
        connection.execute(select(func.count()).select_from(link)).scalar_one(),
    )


def test_without_a_choice_nothing_is_announced(notices: Notices, resident: Resident) -> None:
    announce(notices, resident, "contact-gelegd")
    assert resident.notices() == []


def test_what_is_not_committed_leaves_neither_message_nor_link_nor_choice(notices: Notices, resident: Resident) -> None:
    portal = resident.portal
    with portal.database.reading() as connection:
        before = counted(connection)
    with pytest.raises(Dropped), portal.app.test_request_context("/nl/"), portal.database.writing() as connection:
        notices.choose(connection, resident.id, EMAIL, language="nl", now=portal.clock())
        raise Dropped
    with portal.database.reading() as connection:
        assert counted(connection) == before
    assert resident.choice is None


def test_each_status_is_announced_once_also_after_it_arrived(notices: Notices, resident: Resident) -> None:
    choose(notices, resident)
    for status in ("contact-gelegd", "contact-gelegd", "toegelaten", "contact-gelegd"):
        announce(notices, resident, status)
    assert len(resident.notices()) == 1 + 2
    deliver(resident.portal)
    announce(notices, resident, "contact-gelegd")
    assert resident.notices() == []


def test_links_of_news_live_as_long_as_the_status_and_the_asked_for_one_thirty_minutes(
    notices: Notices, resident: Resident
) -> None:
    portal = resident.portal
    choose(notices, resident)
    with portal.app.test_request_context("/nl/"), portal.database.writing() as connection:
        assert notices.send_link(connection, resident.id, now=portal.clock())
    with portal.database.reading() as connection:
        rows = connection.execute(select(link.c.scope, link.c.created_at, link.c.expires_at))
        lives = {row.scope: row.expires_at - row.created_at for row in rows}
    assert lives[VIEW] == lives[STOP] == OWNER_LIFE > timedelta(days=460)
    assert lives[ENVELOPE] == BRIEF_LIFE == timedelta(minutes=30)


def test_every_message_has_links_of_its_own(notices: Notices, resident: Resident) -> None:
    choose(notices, resident)
    announce(notices, resident, "toegelaten")
    found = [one for notice in resident.notices() for one in re.findall(r"/s/[\w.-]+", notice.text)]
    assert len(found) == len(set(found)) == 4


def test_without_a_choice_no_link_is_sent(notices: Notices, resident: Resident) -> None:
    portal = resident.portal
    with portal.app.test_request_context("/nl/"), portal.database.writing() as connection:
        assert not notices.send_link(connection, resident.id, now=portal.clock())
    assert resident.notices() == []


def test_an_address_is_sealed_for_its_registration(notices: Notices, resident: Resident) -> None:
    choose(notices, resident)
    choice = resident.choice
    assert choice is not None
    assert b"zoe" not in choice.sealed.body + choice.sealed.wrapped_key
    assert address_of(resident.portal.app.extensions["citizen_portal"], choice) == "zoe@example.nl"
    with pytest.raises(SealBroken):
        resident.portal.keys.open_body(choice.sealed, choice_context(Resident(resident.portal).id))


def test_an_address_whose_secret_is_gone_gets_no_message_and_breaks_nothing(resident: Resident) -> None:
    portal = resident.portal
    choose(Notices(portal.app.extensions["citizen_portal"]), resident)
    deliver(portal)
    without = Notices(replace(portal.app.extensions["citizen_portal"], keys=KeyRing(["another"])))
    announce(without, resident, "toegelaten")
    assert resident.notices() == []


def test_a_way_that_is_switched_off_sends_nothing(resident: Resident) -> None:
    portal = resident.portal
    parts = portal.app.extensions["citizen_portal"]
    choose(Notices(parts), resident)
    deliver(portal)
    cannot_send = load({"PORTAL_DATABASE_URL": sqlite_url(portal.folder), "PORTAL_SECRET_KEYS": SECRET})
    announce(Notices(replace(parts, settings=cannot_send)), resident, "toegelaten")
    assert resident.notices() == []
