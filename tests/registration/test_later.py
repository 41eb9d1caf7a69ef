"""What a resident may still do, each in one transaction with the message that it makes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.registration.deadlines import conversation_due, due_once_urgent
from citizen_portal.registration.later import NotThereAnyMore, erase, note_call, tell_urgent, withdraw
from citizen_portal.registration.model import UrgentKind
from citizen_portal.sealing import KeyRing
from citizen_portal.storage.database import Database
from tests.support.deliveries import MONDAY, SECRET
from tests.support.portal import TestPortal
from tests.support.residents import Resident, deliver

KEYS = KeyRing([SECRET])
_MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(_MOMENTS, st.lists(st.timedeltas(timedelta(), timedelta(days=9)), min_size=10, max_size=10), st.booleans())
def test_told_ten_times_the_day_never_becomes_later(pressed: datetime, waits: list[timedelta], urgent: bool) -> None:
    due, now = conversation_due(pressed, urgent=urgent), pressed
    for wait in waits:
        now += wait
        before, due = due, due_once_urgent(due, told_at=now)
        assert due <= before
        assert due <= conversation_due(now, urgent=True)
    first_told = pressed + waits[0]
    assert due == min(conversation_due(pressed, urgent=urgent), conversation_due(first_told, urgent=True))


def test_what_is_not_there_any_more_is_told(database: Database) -> None:
    with pytest.raises(NotThereAnyMore):
        tell_urgent(database, KEYS, uuid4(), (UrgentKind.GAS,), None, now=MONDAY)
    with pytest.raises(NotThereAnyMore):
        withdraw(database, KEYS, uuid4(), before=None, now=MONDAY)
    note_call(database, uuid4(), called=True, now=MONDAY)
    assert erase(database, uuid4())


def test_what_was_erased_while_its_page_was_open_is_gone_like_any_link(portal: TestPortal) -> None:
    resident = Resident(portal)
    deliver(portal)
    resident.sees("urgent")
    form = resident.walk.filled({"urgent": ["gas"]})
    assert erase(portal.database, resident.id)
    for act in ("urgent", "withdraw", "called", "messages", "data"):
        assert resident.posts(act, form).status_code == 404


def test_a_day_that_a_royal_decree_adds_counts_for_what_became_urgent(portal: TestPortal) -> None:
    resident = Resident(portal, urgent=False)
    extra = {(MONDAY + timedelta(days=days)).date() for days in (1, 2)}
    kinds = (UrgentKind.GAS,)
    due = tell_urgent(portal.database, portal.keys, resident.id, kinds, None, now=MONDAY, extra_holidays=extra)
    assert due == resident.record.conversation_due == datetime(2026, 11, 30).date()
