"""Municipalities merge: old codes and names go on leading somewhere, from the day on and not before."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from citizen_portal.directory.mergers import Merger, packaged_mergers, successors
from citizen_portal.directory.municipality import Directory, Municipality, code_of, load_directory
from citizen_portal.directory.settings import Adoption, MunicipalitySettings
from citizen_portal.directory.spelling import as_typed
from tests.support.databases import on_engine
from tests.support.portal import TestPortal

NEW_YEAR = date(2027, 1, 1)
OLD_YEAR = date(2026, 12, 31)

OF_2021_TO_2023 = {
    "GM1979": {"GM0003", "GM0010", "GM0024"},
    "GM0439": {"GM0370"},
    "GM1980": {"GM0398", "GM0416"},
    "GM1982": {"GM0756", "GM0786", "GM0815", "GM1684", "GM1702"},
    "GM1991": {"GM0856", "GM1685"},
    "GM0363": {"GM0457"},
    "GM1992": {"GM0501", "GM0530", "GM0614"},
}

USED = MunicipalitySettings(kennisgeving=Adoption.IN_USE)


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory(None, production=True, environ={})


@pytest.fixture
def merging() -> Directory:
    """Asten goes on in Someren; Best and Boxtel become a new one."""
    return Directory(
        [
            Municipality("GM0743", "Asten", "Noord-Brabant", ("Ommel",)),
            Municipality("GM0847", "Someren", "Noord-Brabant", settings=USED),
            Municipality("GM0753", "Best", "Noord-Brabant"),
            Municipality("GM0757", "Boxtel", "Noord-Brabant"),
            Municipality("GM2001", "Bestel", "Noord-Brabant", begins=NEW_YEAR),
        ],
        [
            Merger("GM0743", "Asten", "GM0847", NEW_YEAR),
            Merger("GM0753", "Best", "GM2001", NEW_YEAR),
            Merger("GM0757", "Boxtel", "GM2001", NEW_YEAR),
            Merger("GM0761", "Deurne en Liessel", "GM0743", date(1926, 1, 1)),
        ],
    )


def test_each_merger_of_2021_to_2023_leads_to_a_municipality_of_today(directory: Directory) -> None:
    found: dict[str, set[str]] = {}
    for merger in packaged_mergers():
        found.setdefault(merger.successor, set()).add(merger.code)
        assert merger.code not in directory.codes
        successor = directory.get(merger.code)
        assert successor is not None and successor.code == merger.successor
    assert {code: found[code] for code in OF_2021_TO_2023} == OF_2021_TO_2023


def test_a_former_name_is_nobody_elses(directory: Directory) -> None:
    for merger in packaged_mergers():
        spelled = directory.spelled(merger.name)
        assert [each.code for each in spelled] == [merger.successor], merger.name


@pytest.mark.parametrize(
    ("text", "first"),
    [("Uden", "Maashorst"), ("weesp", "Amsterdam"), ("sint anthonis", "Land van Cuijk"), ("delfzyl", "Eemsdelta")],
)
def test_search_finds_former_names(directory: Directory, text: str, first: str) -> None:
    assert [each.name for each in directory.search(text)][:1] == [first]


def test_a_municipality_tells_what_became_part_of_it(directory: Directory) -> None:
    amsterdam = directory.get("GM0363")
    assert amsterdam is not None
    assert [(each.name, each.day) for each in amsterdam.former] == [("Weesp", date(2022, 3, 24))]


def test_until_the_day_nothing_changes(merging: Directory) -> None:
    before = merging.on(OLD_YEAR)
    assert before is merging
    assert before.codes == {"GM0743", "GM0847", "GM0753", "GM0757"}
    asten = before.get("GM0743")
    assert asten is not None and asten.name == "Asten" and [each.name for each in asten.former] == ["Deurne en Liessel"]
    assert before.get("GM2001") is None
    assert before.successors == {"GM0761": "GM0743"}


def test_from_the_day_on_old_codes_give_the_successor(merging: Directory) -> None:
    after = merging.on(NEW_YEAR)
    assert after.codes == {"GM0847", "GM2001"}
    someren, new = after.get("GM0743"), after.get("GM0753")
    assert someren is not None and (someren.code, someren.settings) == ("GM0847", USED)
    assert new is not None and {each.name for each in new.former} == {"Best", "Boxtel"}
    assert [each.code for each in after.search("Best")] == ["GM2001"]
    assert [each.code for each in after.search("ommel")] == ["GM0847"]


def test_a_municipality_that_merged_twice_leads_to_the_last_one(merging: Directory) -> None:
    after = merging.on(NEW_YEAR)
    assert after.successors["GM0761"] == "GM0847"
    found = after.get("GM0761")
    assert found is not None and found.code == "GM0847"


def test_between_two_mergers_there_is_one_directory_whichever_day_it_was_asked_on(merging: Directory) -> None:
    after = merging.on(date(2030, 6, 1))
    assert after is merging.on(NEW_YEAR) is after.on(date(2029, 1, 1))
    assert after.on(OLD_YEAR) is merging


def test_all_codes_that_ever_were_are_known(merging: Directory) -> None:
    assert merging.codes_ever == {"GM0743", "GM0847", "GM0753", "GM0757", "GM2001", "GM0761"}


def test_municipalities_that_merged_into_each_other_are_a_mistake() -> None:
    circle = [Merger("GM0001", "A", "GM0002", OLD_YEAR), Merger("GM0002", "B", "GM0001", OLD_YEAR)]
    assert successors(circle, date(2026, 1, 1)) == {}
    with pytest.raises(ValueError, match="merged into itself"):
        successors(circle, NEW_YEAR)


def test_the_file_may_still_have_a_table_of_a_former_municipality(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text('[GM0457]\nphone = "0294 491391"\n[GM0363]\nphone = "14 020"\n')
    found = load_directory(file, production=True, environ={}).get("GM0457")
    assert found is not None and found.settings.phone == "14 020"


@on_engine("sqlite")
def test_a_link_with_an_old_code_goes_on_working(portal: TestPortal) -> None:
    assert "Gemeente Amsterdam" in portal.client().get("/nl/?gemeente=GM0457").get_data(as_text=True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("GM0363", "GM0363"), ("0363", "GM0363"), (" 363 ", "GM0363"), ("gm14", "GM0014")),
        *((wrong, None) for wrong in ("", "GM", "12345", "３６３", "-363", "GM03 63")),
    ],
)
def test_a_code_is_read_as_people_and_statistics_write_it(text: str, code: str | None) -> None:
    assert code_of(text) == code


def test_what_is_typed_is_compared_without_what_does_not_count() -> None:
    assert as_typed("Gemeente 's-Hertogenbosch ") == as_typed("’S HERTOGENBOSCH")
