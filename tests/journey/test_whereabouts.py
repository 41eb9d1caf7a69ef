"""The address register is asked first; what the postcode suggests is shown first, and never decides."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from citizen_portal.directory.address import AddressRegister, Found, NotFound, Unavailable
from citizen_portal.journey.answers import Answers, RegisterAnswer
from citizen_portal.storage import postcodes
from tests.support.portal import TestPortal, make_portal
from tests.support.walk import Walk, begin

Answer = Found | NotFound | Unavailable


class Register:
    """An address register that gives one answer."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def find(self, postcode: str, house_number: int, addition: str | None) -> Answer:
        return self._answer


Make = Callable[..., TestPortal]


@pytest.fixture
def make(tmp_path: Path, database_url: str) -> Iterator[Make]:
    """A portal whose register gives this answer, with these rows in the postcode table."""
    made: list[TestPortal] = []

    def make(answer: Answer, *rows: tuple[str, str]) -> TestPortal:
        register: AddressRegister = Register(answer)
        portal = make_portal(tmp_path, database_url, addresses=register)
        made.append(portal)
        with portal.database.writing() as connection:
            generation = postcodes.begin(connection, now=portal.clock())
            postcodes.add(connection, generation, rows)
            postcodes.finish(connection, generation, now=portal.clock())
        return portal

    yield make
    for portal in made:
        portal.database.close()


def chosen(walk: Walk) -> str | None:
    found = re.search(r'<option value="(GM\d+)" selected', walk.text)
    return found[1] if found else None


def first(walk: Walk) -> list[str]:
    """What stands under "at this postcode"."""
    group = re.search(r'<optgroup label="Bij deze postcode">(.*?)</optgroup>', walk.text, re.DOTALL)
    return re.findall(r'value="(GM\d+)"', group[1]) if group else []


@pytest.mark.parametrize("answer", [NotFound(), Unavailable()], ids=["does not know", "does not answer"])
def test_one_candidate_is_chosen_beforehand_and_still_asked(make: Make, answer: Answer) -> None:
    walk = begin(make(answer, ("1012AB", "GM0363"), ("1012", "GM0014"))).to_step("municipality")
    assert first(walk) == ["GM0363"] and chosen(walk) == "GM0363"
    assert "Wij denken dat dit uw gemeente is" in walk.text
    walk.post({"municipality": "GM0344"}).to_check()
    assert "Gemeente Utrecht" in walk.text


def test_several_candidates_come_first_and_none_is_chosen(make: Make) -> None:
    walk = begin(make(Unavailable(), ("1012", "GM0363"), ("1012", "GM0344"))).to_step("municipality")
    assert first(walk) == ["GM0344", "GM0363"] and chosen(walk) is None
    assert "Wij denken" not in walk.text


def test_a_candidate_that_merged_is_what_it_became(make: Make) -> None:
    walk = begin(make(Unavailable(), ("1012AB", "GM0457"), ("1012AB", "GM0363"))).to_step("municipality")
    assert first(walk) == ["GM0363"] and chosen(walk) == "GM0363"


def test_a_search_for_what_no_page_may_hold_is_an_empty_one(make: Make) -> None:
    walk = begin(make(Unavailable(), ("1012AB", "GM0363"))).to_step("municipality")
    walk.get(f"{walk.path}?q=%00%EF%BF%BF%1B")
    assert walk.page.status_code == 200 and first(walk) == ["GM0363"]


def test_without_a_candidate_all_stand_in_one_list(make: Make) -> None:
    walk = begin(make(Unavailable(), ("9999ZZ", "GM0363"))).to_step("municipality")
    assert first(walk) == [] and chosen(walk) is None


def test_the_register_goes_before_the_table(make: Make) -> None:
    found = Found(frozenset({"GM0344"}), "Bolstraat", "Utrecht", confirmed=True)
    walk = begin(make(found, ("1012AB", "GM0363"))).to_check()
    assert "municipality" not in walk.seen
    assert "Gemeente Utrecht" in walk.text


def test_a_register_that_still_says_an_old_code_settles_the_successor(make: Make) -> None:
    walk = begin(make(Found(frozenset({"GM0457"}), None, "Weesp", confirmed=True))).to_check()
    assert "municipality" not in walk.seen and "Gemeente Amsterdam" in walk.text


def test_the_candidate_goes_before_the_municipality_of_the_link(make: Make) -> None:
    portal = make(Unavailable(), ("1012AB", "GM0363"))
    walk = begin(portal, form={"gemeente": "GM0344"}).to_step("municipality")
    assert chosen(walk) == "GM0363"


def test_a_choice_is_not_overruled_when_the_page_is_opened_again(make: Make) -> None:
    walk = begin(make(Unavailable(), ("1012AB", "GM0363"))).to_step("municipality")
    path = walk.path
    walk.post({"municipality": "GM0344"}).get(path)
    assert chosen(walk) == "GM0344" and "Wij denken" not in walk.text


def test_a_draft_keeps_candidates_and_one_of_before_has_none() -> None:
    answers = Answers(register=RegisterAnswer(candidates=("GM0344", "GM0363")))
    assert Answers.from_bytes(answers.to_bytes()) == answers
    older = b'{"steps":{},"register":[["GM0363"],null,null,false],"started_for":null,"started_as_helper":false}'
    assert Answers.from_bytes(older).register == RegisterAnswer(("GM0363",))
