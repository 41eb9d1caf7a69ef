"""Whoever guesses gets nowhere: simulated with the limits on, one day at a time, from one network and from many."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from unittest.mock import patch

import pytest
from werkzeug.test import TestResponse

from citizen_portal.registration.reference import check_character, crockford, new_reference
from citizen_portal.storage import registrations
from citizen_portal.storage.database import Connection
from tests.support.databases import on_engine
from tests.support.portal import TestPortal
from tests.support.residents import Resident
from tests.support.walk import Form

pytestmark = on_engine("sqlite")

A_DAY = 24 * 3600.0
NETWORKS = [f"198.51.{number // 250}.{number % 250 + 1}" for number in range(500)]


@dataclass
class Attacker:
    """Somebody who knows a reference, and tries what the resident may have typed."""

    portal: TestPortal
    reference: str

    def ask(self, network: str, guess: Form, *, path: str = "/nl/status") -> TestResponse:
        """One guess. The linter need not see the same page ten thousand times."""
        client = self.portal.app.test_client(use_cookies=False)
        form = {"reference": self.reference, **guess}
        return client.post(path, data=form, environ_base={"REMOTE_ADDR": network})


@pytest.fixture
def looked_up() -> Iterator[list[str]]:
    """The references that were looked up meanwhile: each is one try."""
    found: list[str] = []
    really = registrations.of_reference

    def note(connection: Connection, reference: str) -> object:
        found.append(reference)
        return really(connection, reference)

    with patch.object(registrations, "of_reference", note):
        yield found


def _birth_date(number: int) -> Form:
    return {
        "birth_date_day": str(number % 28 + 1),
        "birth_date_month": str(number // 28 % 12 + 1),
        "birth_date_year": str(1930 + number // 336),
    }


def _over_a_day(portal: TestPortal, guesses: int, each: Callable[[int], int]) -> Counter[int]:
    """`each` makes one guess, all spread evenly over a day; how often each status was answered."""
    answered: Counter[int] = Counter()
    for number in range(guesses):
        answered[each(number)] += 1
        portal.clock.pass_by(seconds=(A_DAY - 1) / guesses)
    return answered


@pytest.mark.parametrize("guesses", [1_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_however_many_guesses_in_a_day_from_many_networks_are_five_tries_at_one_reference(
    limited: TestPortal, looked_up: list[str], guesses: int
) -> None:
    attacker = Attacker(limited, Resident(limited).record.reference)
    answered = _over_a_day(
        limited, guesses, lambda number: attacker.ask(NETWORKS[number % 500], _birth_date(number)).status_code
    )
    assert len(looked_up) == 5
    assert answered == {422: 5, 429: guesses - 5}


def test_from_one_network_at_most_thirty_an_hour_whatever_the_references(
    limited: TestPortal, looked_up: list[str]
) -> None:
    hours = Counter[int]()

    def guess(number: int) -> int:
        before = len(looked_up)
        status = Attacker(limited, new_reference()).ask("192.0.2.7", _birth_date(number)).status_code
        hours[int((limited.clock() - began).total_seconds() // 3600)] += len(looked_up) - before
        return status

    began = limited.clock()
    answered = _over_a_day(limited, 1_000, guess)
    assert set(hours.values()) <= set(range(31)) and len(looked_up) <= 24 * 30
    assert answered[429] == 1_000 - len(looked_up)


@pytest.mark.parametrize("path", ["/nl/status", "/nl/status/message"])
def test_a_limited_reference_is_answered_like_a_limited_unknown_one(limited: TestPortal, path: str) -> None:
    looks = []
    for reference in (Resident(limited).record.reference, new_reference()):
        attacker = Attacker(limited, reference)
        answers = [attacker.ask(f"192.0.2.{number}", _birth_date(number), path=path) for number in range(1, 9)]
        last = answers[-1]
        assert last.status_code == 429 and int(last.headers["Retry-After"]) > 0
        looks.append(([answer.status_code for answer in answers], last.get_data(), sorted(last.headers.items())))
    assert looks[0] == looks[1]


def test_not_even_the_right_answer_opens_a_limited_reference(limited: TestPortal) -> None:
    attacker = Attacker(limited, Resident(limited).record.reference)
    right: Form = {"postcode": "1012 AB", "house_number": "12"}
    assert [attacker.ask("192.0.2.1", _birth_date(number)).status_code for number in range(6)] == [422] * 5 + [429]
    assert attacker.ask("198.51.100.9", right).status_code == 429
    limited.clock.pass_by(days=1)
    assert attacker.ask("198.51.100.9", right).status_code == 303


def test_nobody_is_flooded_with_messages(limited: TestPortal) -> None:
    resident = Resident(limited)
    before = len(resident.notices())
    attacker = Attacker(limited, resident.record.reference)
    for number in range(200):
        attacker.ask(f"192.0.2.{number}", {}, path="/nl/status/message")
    assert len(resident.notices()) == before + 3


def test_codes_of_proofs_cannot_be_enumerated(limited: TestPortal) -> None:
    """Sixty a minute from one network; and of those that can be codes, none is one."""
    Resident(limited)
    draw, client = random.Random(4), limited.app.test_client(use_cookies=False)

    def guess() -> int:
        body = crockford(draw.getrandbits(75), 15)
        path = f"/nl/proof/{body}{check_character(body)}"
        return client.get(path, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code

    assert Counter(guess() for _ in range(300)) == {404: 60, 429: 240}
    limited.clock.pass_by(minutes=1)
    assert guess() == 404
