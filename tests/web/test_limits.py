"""Limits: counted for all processes together, without an address that could be read back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from limits import RateLimitItemPerMinute
from sqlalchemy import select

from citizen_portal.storage import rates
from citizen_portal.storage.database import Database
from citizen_portal.storage.rates import RateStorage
from citizen_portal.storage.tables import rate_window
from citizen_portal.web import limits
from citizen_portal.web.context import Portal
from citizen_portal.web.context import portal as portal_of_request
from citizen_portal.web.limits import allow, seconds_to_wait
from tests.support.portal import SetClock, TestPortal, make_portal


def parts_of(app: Flask) -> Portal:
    with app.app_context():
        return portal_of_request()


@pytest.fixture
def limited(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestPortal]:
    """A portal that allows two starts in a minute from one network, and two events from one municipality."""
    for name, by in (("start", limits._Key.NETWORK), ("events", limits._Key.PLAIN)):
        monkeypatch.setitem(limits._LIMITS, name, limits._Limit(RateLimitItemPerMinute(2, namespace=name), by))
    made = make_portal(tmp_path, database_url, environ={"PORTAL_LIMITS": "on"})
    yield made
    made.database.close()


def kept_keys(portal: TestPortal) -> list[str]:
    with portal.database.reading() as connection:
        return list(connection.execute(select(rate_window.c.key)).scalars())


def kept_hits(portal: TestPortal) -> list[int]:
    with portal.database.reading() as connection:
        return list(connection.execute(select(rate_window.c.hits)).scalars())


def test_what_is_beyond_the_limit_is_refused_until_the_window_ends(limited: TestPortal) -> None:
    parts = parts_of(limited.app)
    assert [allow(parts, "start", "192.0.2.1") for _ in range(3)] == [True, True, False]
    limited.clock.pass_by(seconds=45.5)
    assert not allow(parts, "start", "192.0.2.1")
    assert seconds_to_wait(parts, "start", "192.0.2.1") == 15
    limited.clock.pass_by(seconds=14.5)
    assert [allow(parts, "start", "192.0.2.1") for _ in range(3)] == [True, True, False]


def test_what_is_refused_is_not_written(limited: TestPortal) -> None:
    for _ in range(9):
        allow(parts_of(limited.app), "start", "192.0.2.1")
    assert kept_hits(limited) == [2]


def test_processes_count_together(limited: TestPortal, database_url: str, tmp_path: Path) -> None:
    beside = make_portal(tmp_path, database_url, environ={"PORTAL_LIMITS": "on"})
    answers = [allow(parts_of(app), "start", "192.0.2.1") for app in (limited.app, beside.app, limited.app)]
    assert answers == [True, True, False]
    beside.database.close()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("", "not an address", True),
    ],
)
def test_a_network_is_an_ipv4_address_or_an_ipv6_64(limited: TestPortal, one: str, other: str, same: bool) -> None:
    parts = parts_of(limited.app)
    assert [allow(parts, "start", one) for _ in range(2)] == [True, True]
    assert allow(parts, "start", other) is not same


def test_no_address_can_be_read_back(limited: TestPortal) -> None:
    for address in ("192.0.2.1", "2001:db8:1:2::1"):
        allow(parts_of(limited.app), "start", address)
    keys = kept_keys(limited)
    assert len(keys) == 2
    assert not any("192.0.2" in key or "db8" in key for key in keys)


def test_without_the_portals_secret_no_address_can_be_tried(tmp_path: Path) -> None:
    keys = []
    for folder, secret in (("a", "a" * 40), ("b", "b" * 40)):
        (tmp_path / folder).mkdir()
        made = make_portal(tmp_path / folder, environ={"PORTAL_LIMITS": "on", "PORTAL_SECRET_KEYS": secret})
        allow(parts_of(made.app), "start", "192.0.2.1")
        keys += kept_keys(made)
        made.database.close()
    assert len(set(keys)) == 2


def test_each_limit_counts_for_itself(limited: TestPortal) -> None:
    parts = parts_of(limited.app)
    assert [allow(parts, "events", "GM0363") for _ in range(3)] == [True, True, False]
    assert allow(parts, "events", "GM0344")
    assert allow(parts, "start", "192.0.2.1")
    assert seconds_to_wait(parts, "start", "192.0.2.9") == 1


def test_switched_off_they_allow_everything_and_write_nothing(portal: TestPortal) -> None:
    assert all(allow(parts_of(portal.app), "refused-events", "192.0.2.1") for _ in range(200))
    assert kept_keys(portal) == []


def test_a_limit_without_a_name_is_a_mistake(portal: TestPortal) -> None:
    with pytest.raises(KeyError):
        allow(parts_of(portal.app), "nonsense", "192.0.2.1")


@pytest.mark.parametrize("name", sorted(limits._LIMITS))
def test_every_key_fits_its_column(tmp_path: Path, name: str) -> None:
    made = make_portal(tmp_path, environ={"PORTAL_LIMITS": "on"})
    assert allow(parts_of(made.app), name, "GM0363")
    assert len(kept_keys(made)[0]) <= 200
    made.database.close()


class TestStorage:
    @pytest.fixture
    def storage(self, portal: TestPortal) -> RateStorage:
        return RateStorage(portal.database, portal.clock)

    def test_counts_in_a_window_that_its_first_hit_began(self, storage: RateStorage, portal: TestPortal) -> None:
        assert storage.get("key") == 0
        ends = portal.clock().timestamp() + 60
        assert storage.incr("key", 60) == 1
        portal.clock.pass_by(seconds=59)
        assert storage.incr("key", 60, amount=4) == 5
        assert (storage.get("key"), storage.get_expiry("key")) == (5, ends)
        portal.clock.pass_by(seconds=1)
        assert storage.get("key") == 0
        assert storage.incr("key", 60) == 1

    def test_forgets_one_or_all(self, storage: RateStorage) -> None:
        storage.incr("one", 60)
        storage.incr("other", 60)
        storage.clear("one")
        assert (storage.get("one"), storage.get("other")) == (0, 1)
        assert storage.reset() == 1
        assert storage.get("other") == 0

    def test_purging_forgets_what_is_over(self, storage: RateStorage, portal: TestPortal) -> None:
        storage.incr("short", 60)
        storage.incr("long", 120)
        portal.clock.pass_by(seconds=60)
        with portal.database.writing() as connection:
            assert rates.purge(connection, now=portal.clock()) == 1
        assert kept_keys(portal) == ["long"]

    def test_tells_whether_the_database_answers(self, storage: RateStorage, tmp_path: Path) -> None:
        assert storage.check()
        nowhere = Database(f"sqlite:///{tmp_path}")
        assert not RateStorage(nowhere, SetClock()).check()
