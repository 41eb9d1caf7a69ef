"""What an operator can still do for a municipality: each finding names its remedy, and a complete one has none."""

from __future__ import annotations

from datetime import date

import pytest

from citizen_portal.commands.findings import findings
from citizen_portal.directory.mergers import Merger
from citizen_portal.directory.municipality import Directory, Municipality
from citizen_portal.directory.settings import Adoption, Channel, Intake, MunicipalitySettings

NEW_YEAR = date(2027, 1, 1)
INTAKE = Intake(Channel.REST, "https://intake.example.nl", "token", ("whsec_x",))
COMPLETE = MunicipalitySettings(Adoption.IN_USE, "14 020", "https://www.example.nl", True, (), INTAKE)


def of(settings: MunicipalitySettings, *, production: bool = True) -> list[str]:
    directory = Directory([Municipality("GM0363", "Amsterdam", "Noord-Holland", (), settings)])
    return told(directory, [], production=production)


def told(directory: Directory, tables: list[str], *, production: bool = True) -> list[str]:
    amsterdam = directory.get("GM0363")
    assert amsterdam is not None
    found = findings(amsterdam, directory, tables, production=production)
    assert all(finding.what and finding.remedy for finding in found)
    return [str(finding) for finding in found]


def with_intake(url: str = INTAKE.url, secrets: tuple[str, ...] = (), **changed: object) -> MunicipalitySettings:
    values = {
        "kennisgeving": Adoption.IN_USE,
        "phone": "14 020",
        "website": "https://www.example.nl",
        "intake": Intake(Channel.REST, url, "token", secrets),
    }
    return MunicipalitySettings(**{**values, **changed})  # type: ignore[arg-type]


def test_a_complete_municipality_has_nothing_to_do() -> None:
    assert of(COMPLETE) == []


def test_one_that_is_not_in_the_file_can_do_everything() -> None:
    found = of(MunicipalitySettings())
    assert [line.split(":")[0] for line in found][:1] == ["not connected"]
    assert len(found) == 4
    assert sum("add" in line for line in found) == 3


@pytest.mark.parametrize(
    ("settings", "begins"),
    [
        (MunicipalitySettings(Adoption.IN_USE, "14 020", "https://x.nl", reports_back=True), "not connected"),
        (with_intake(reports_back=True), "reports_back promises what cannot come: without a secret"),
        (with_intake(), "residents do not hear what happens"),
        (with_intake(secrets=("whsec_x",)), "pages say that the municipality does not report back, although it can"),
        (with_intake("http://127.0.0.1:8001", ("whsec_x",), reports_back=True), "the intake is on this machine only"),
        (with_intake(secrets=("whsec_x",), reports_back=True, kennisgeving=Adoption.UNKNOWN), "pages say that we do"),
        (with_intake(secrets=("whsec_x",), reports_back=True, phone=None), "no page can say which number to call"),
        (with_intake(secrets=("whsec_x",), reports_back=True, website=None), "no page can link"),
    ],
)
def test_each_thing_that_is_missing_is_found(settings: MunicipalitySettings, begins: str) -> None:
    assert of(settings)[0].startswith(begins)


def test_not_yet_is_an_answer() -> None:
    assert of(with_intake(secrets=("whsec_x",), reports_back=True, kennisgeving=Adoption.NOT_YET)) == []


def test_an_intake_on_this_machine_is_fine_where_nobody_else_comes() -> None:
    assert of(with_intake("http://127.0.0.1:8001", ("whsec_x",), reports_back=True), production=False) == []


def test_a_table_of_a_former_municipality_is_found() -> None:
    merger = Merger("GM0457", "Weesp", "GM0363", date(2022, 3, 24))
    directory = Directory([Municipality("GM0363", "Amsterdam", "", (), COMPLETE)], [merger])
    assert told(directory, ["GM0363"]) == []
    [found] = told(directory, ["GM0363", "GM0457"])
    assert "[GM0457] says nothing" in found and "move what counts to [GM0363]" in found


def test_a_successor_that_is_not_connected_is_found_before_the_day() -> None:
    merger = Merger("GM0363", "Amsterdam", "GM2001", NEW_YEAR)
    amsterdam = Municipality("GM0363", "Amsterdam", "", (), COMPLETE)
    new = Municipality("GM2001", "Groot Amsterdam", "", begins=NEW_YEAR)
    [found] = told(Directory([amsterdam, new], [merger]), [])
    assert found.startswith("goes on in GM2001 Groot Amsterdam on 2027-01-01, which is not connected")
    connected = Municipality("GM2001", "Groot Amsterdam", "", (), COMPLETE, NEW_YEAR)
    assert told(Directory([amsterdam, connected], [merger]), []) == []
