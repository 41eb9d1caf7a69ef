"""Who uses the Kennisgeving: the picture, and a list that is read as a whole or refused by its lines."""

from __future__ import annotations

import pytest

from citizen_portal.directory.adoption import Picture, picture, read_adoption
from citizen_portal.directory.mergers import Merger
from citizen_portal.directory.municipality import PACKAGED_ON, Directory, Municipality, load_directory
from citizen_portal.directory.refusal import FileRefused
from citizen_portal.directory.settings import Adoption, MunicipalitySettings

IN_USE, NOT_YET, UNKNOWN = Adoption.IN_USE, Adoption.NOT_YET, Adoption.UNKNOWN


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory(None, production=True, environ={})


def test_the_picture_counts_every_municipality_once() -> None:
    used = [Municipality(f"GM{n:04d}", f"U{n}", "", (), MunicipalitySettings(IN_USE)) for n in range(200)]
    not_yet = [Municipality(f"GM{n:04d}", f"N{n}", "", (), MunicipalitySettings(NOT_YET)) for n in range(200, 310)]
    unknown = [Municipality(f"GM{n:04d}", f"X{n}", "") for n in range(310, 342)]
    seen = picture(Directory([*used, *not_yet, *unknown]))
    assert seen == Picture(342, {IN_USE: 200, NOT_YET: 110, UNKNOWN: 32})
    assert [seen.share(each) for each in (IN_USE, NOT_YET, UNKNOWN)] == [58.5, 32.2, 9.4]


def test_the_picture_of_nothing_has_no_shares() -> None:
    assert picture(Directory([])).share(IN_USE) == 0.0


@pytest.mark.parametrize(
    "content",
    [
        "code;kennisgeving\nGM0363;in-use\n14;not-yet\n",
        "Code,Kennisgeving\r\n0363,in-use\r\nGM0014,not-yet\r\n",
        '\ufeff"code";"kennisgeving"\n"GM0363";" in-use "\n\n"GM0014";"not-yet"',
        "name;kennisgeving\namsterdam;in-use\nGroningen;not-yet\n",
    ],
    ids=["semicolons", "commas, Windows", "quotes, byte order mark", "names"],
)
def test_a_list_is_read_however_it_is_written(directory: Directory, content: str) -> None:
    assert read_adoption(content.encode(), directory) == {"GM0363": IN_USE, "GM0014": NOT_YET}


def test_a_name_with_a_comma_stands_in_quotes(directory: Directory) -> None:
    content = 'name,kennisgeving\n"Nuenen, Gerwen en Nederwetten",unknown\n'
    assert read_adoption(content.encode(), directory) == {"GM0820": UNKNOWN}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "line 1: the columns must be"),
        (b"gemeente;kennisgeving\n", "line 1: the columns must be"),
        (b"code;name;kennisgeving\n", "line 1: the columns must be"),
        (b"GM0363;in-use\n", "line 1: the columns must be"),
        (b"code;kennisgeving\n", "line 2: there is no municipality"),
        ("name;kennisgeving\nSúdwest-Fryslân;in-use\n".encode("latin-1"), "line 2: not UTF-8"),
        ("code;kennisgeving\nGM0363;in-use\n".encode("utf-16"), "line 1: not UTF-8"),
        (b"code;kennisgeving\nGM0363\n", "line 2: 1 fields instead of 2"),
        (b"code;kennisgeving\nGM0363;in-use;x\n", "line 2: 3 fields instead of 2"),
        (b"code;kennisgeving\nGM9999;in-use\n", "line 2: there is no municipality with this code"),
        (b"code;kennisgeving\nAmsterdam;in-use\n", "line 2: there is no municipality with this code"),
        (b"code;kennisgeving\n\nGM0363;in-use\n363;in-use\n", "line 4: the same municipality as on line 3"),
        (
            b"name;kennisgeving\nDen Bosch;in-use\n's-Hertogenbosch;in-use\n",
            "line 3: the same municipality as on line 2",
        ),
        (b"code;kennisgeving\nGM0457;in-use\n", "line 2: this code is part of GM0363 Amsterdam now"),
        (b"name;kennisgeving\nWeesp;in-use\n", "line 2: this is part of GM0363 Amsterdam now"),
        (b"name;kennisgeving\nBergen;in-use\n", "line 2: several have this name: Bergen (L.), Bergen (NH.)"),
        (b"name;kennisgeving\nNergenshuizen;in-use\n", "line 2: there is no municipality with this name"),
        (b"code;kennisgeving\nGM0363;yes\n", "line 2: must be one of in-use, not-yet, unknown"),
        (b"code;kennisgeving\nGM0363;\n", "line 2: must be one of"),
        (b'code;kennisgeving\nGM0363;=cmd|"/c calc"!A1\n', "line 2: "),
        (b'code;kennisgeving\n"GM0363;in-use\nGM0014;in-use\n', "line 2: not CSV"),
        (b"code;kennisgeving\nGM0363;in\0use\n", "line 2: "),
    ],
)
def test_a_wrong_line_refuses_the_list_by_its_number(directory: Directory, content: bytes, told: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_adoption(content, directory)
    assert refused.value.mistakes[0].startswith(told)
    assert all(line.isprintable() for line in refused.value.mistakes)


def test_every_mistake_is_told_up_to_twenty(directory: Directory) -> None:
    with pytest.raises(FileRefused) as refused:
        read_adoption(b"code;kennisgeving\n" + b"GM9999;in-use\n" * 50, directory)
    assert len(refused.value.mistakes) == 20


def test_a_municipality_that_kept_a_former_ones_name_is_meant_by_it() -> None:
    merged = Directory(
        [Municipality("GM2001", "Bergen", "Limburg")], [Merger("GM0893", "Bergen", "GM2001", PACKAGED_ON)]
    )
    assert read_adoption(b"name;kennisgeving\nBergen;in-use\n", merged) == {"GM2001": IN_USE}
