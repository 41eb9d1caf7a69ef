"""The directory: all municipalities, in an order and with a search that suit a resident."""

from __future__ import annotations

import csv
import re
import time
from pathlib import Path

import pytest

from citizen_portal.directory.municipality import Directory, DirectoryError, load_directory

_SHARED = Path(__file__).parents[3] / "shared" / "data" / "municipalities-2026.csv"


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory(None, production=True, environ={})


def names(directory: Directory, text: str) -> list[str]:
    return [municipality.name for municipality in directory.search(text)]


def test_has_every_municipality_of_2026_once(directory: Directory) -> None:
    assert len(directory.all()) == len(directory.codes) == len({each.name for each in directory.all()}) == 342


def test_names_and_provinces_are_those_of_the_shared_list(directory: Directory) -> None:
    if not _SHARED.exists():
        pytest.skip("../shared is not there: the packaged names were not compared")
    with _SHARED.open(encoding="utf-8", newline="") as lines:
        shared = {(row["code"], row["name"], row["province"]) for row in csv.DictReader(lines)}
    assert {(each.code, each.name, each.province) for each in directory.all()} == shared


def test_an_alias_never_means_two_municipalities(directory: Directory) -> None:
    taken = [name.casefold() for each in directory.all() for name in (each.name, *each.aliases)]
    assert len(taken) == len(set(taken))


def test_is_found_by_its_exact_code_only(directory: Directory) -> None:
    amsterdam = directory.get("GM0363")
    assert amsterdam is not None
    assert (amsterdam.name, amsterdam.province) == ("Amsterdam", "Noord-Holland")
    for wrong in ("", "0363", "gm0363", "GM9999", "GM0363 ", "\0", "GM0363" * 5000):
        assert directory.get(wrong) is None


def test_reading_order_ignores_accents_and_the_apostrophe_s(directory: Directory) -> None:
    order = [each.name for each in directory.all()]
    assert order[0] == "Aa en Hunze"
    assert order[-1] == "Zwolle"
    for before, after in [
        ("Hendrik-Ido-Ambacht", "'s-Hertogenbosch"),
        ("'s-Hertogenbosch", "Het Hogeland"),
        ("Staphorst", "Súdwest-Fryslân"),
        ("Súdwest-Fryslân", "Terneuzen"),
        ("Berg en Dal", "Bergeijk"),
        ("Bergen (NH.)", "Bergen op Zoom"),
        ("De Bilt", "Delft"),
        ("Huizen", "IJsselstein"),
        ("IJsselstein", "Kaag en Braassem"),
    ]:
        assert order.index(before) < order.index(after), (before, after)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("amsterdam", "Amsterdam"),
        ("AMSTER", "Amsterdam"),
        ("  Gemeente   Utrecht ", "Utrecht"),
        ("den bosch", "'s-Hertogenbosch"),
        ("s hertogenbosch", "'s-Hertogenbosch"),
        ("’s-Hertogenbosch", "'s-Hertogenbosch"),
        ("shertog", "'s-Hertogenbosch"),
        ("'s Gravenhage", "Den Haag"),
        ("haag", "Den Haag"),
        ("The Hague", "Den Haag"),
        ("sudwest fryslan", "Súdwest-Fryslân"),
        ("Súdwest-Fryslân", "Súdwest-Fryslân"),
        ("su\u0301dwest", "Súdwest-Fryslân"),
        ("Ljouwert", "Leeuwarden"),
        ("Skiermuntseach", "Schiermonnikoog"),
        ("tietjerk", "Tytsjerksteradiel"),
        ("\u0133sselstein", "IJsselstein"),
        ("capelle a/d ijssel", "Capelle aan den IJssel"),
        ("stedebroec", "Stede Broec"),
        ("nuenen", "Nuenen, Gerwen en Nederwetten"),
        ("bergen limburg", "Bergen (L.)"),
        ("bergen nh", "Bergen (NH.)"),
        ("hengelo", "Hengelo (O.)"),
        ("zaandam", "Zaanstad"),
        ("ede", "Ede"),
        ("nijmgen", "Nijmegen"),
        ("Eindoven", "Eindhoven"),
        ("leewarden", "Leeuwarden"),
    ],
)
def test_search_puts_first_what_a_resident_means(directory: Directory, text: str, first: str) -> None:
    assert names(directory, text)[:1] == [first]


def test_search_puts_name_beginnings_before_words_before_insides(directory: Directory) -> None:
    found = names(directory, "berg")
    assert found[0] == "Berg en Dal"
    assert found.index("Bergen op Zoom") < found.index("Geertruidenberg")
    assert names(directory, "dal")[0] == "Dalfsen"
    assert names(directory, "dal").index("Berg en Dal") < names(directory, "dal").index("Roerdalen")


def test_search_gives_every_namesake(directory: Directory) -> None:
    assert names(directory, "Bergen")[:2] == ["Bergen (L.)", "Bergen (NH.)"]


def test_two_letters_find_only_beginnings_of_words(directory: Directory) -> None:
    found = directory.search("zu")
    assert "Zutphen" in {each.name for each in found}
    assert all(any(re.search(r"\bzu", name, re.IGNORECASE) for name in (each.name, *each.aliases)) for each in found)


@pytest.mark.parametrize("text", ["", "   ", "\n", "--", "'", "🙂", "\u202e"])
def test_search_without_a_letter_gives_all(directory: Directory, text: str) -> None:
    assert directory.search(text) == directory.all()


@pytest.mark.parametrize("text", ["xyzzy", "qqqqqqqq", "أمستردام", "ab\0cd", "%%%x%%%", "1012AB"])
def test_search_for_what_is_nowhere_gives_nothing(directory: Directory, text: str) -> None:
    assert directory.search(text) == ()


@pytest.mark.parametrize(
    "text", ["a" * 10_000, "\ufdfa" * 500_000, "a-" * 5_000, "e\u0301" * 5_000, "\udfff" * 10_000, "\n" * 10_000]
)
def test_search_for_a_hostile_text_costs_next_to_nothing(directory: Directory, text: str) -> None:
    began = time.process_time()
    directory.search(text)
    assert time.process_time() - began < 0.2


def test_without_a_file_nothing_is_connected(directory: Directory) -> None:
    assert directory.connected() == ()


def test_the_file_connects_a_municipality(tmp_path: Path) -> None:
    file = tmp_path / "municipalities.toml"
    file.write_text(
        '\ufeff[GM0363]\nphone = "14 020"\n[GM0363.intake]\nchannel = "rest"\nurl = "https://intake.example.nl"\n'
        'token = "env:TOKEN"\n',
        encoding="utf-8",
    )
    directory = load_directory(file, production=True, environ={"TOKEN": "a-token"})
    assert [each.code for each in directory.connected()] == ["GM0363"]
    assert directory.connected()[0].settings.phone == "14 020"
    assert len(directory.all()) == 342


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        (b"[GM0363\n", "municipalities.toml: not TOML: "),
        (b"[GM0363]\n[GM0363]\n", "municipalities.toml: not TOML: "),
        (b'[GM0363]\nphone = "\xff"\n', "municipalities.toml: not UTF-8 (line 2)"),
        (b"#" * 10_000_000, "municipalities.toml: larger than 2048 KiB"),
        (b"a = " + b"[" * 100_000, "municipalities.toml: not TOML: "),
        (b"a = " + b"9" * 100_000, "municipalities.toml: not TOML: "),
        (b"\0", "municipalities.toml: not TOML: "),
    ],
)
def test_an_unreadable_file_is_one_clear_mistake(tmp_path: Path, content: bytes, mistake: str) -> None:
    file = tmp_path / "municipalities.toml"
    file.write_bytes(content)
    with pytest.raises(DirectoryError) as refused:
        load_directory(file, production=False, environ={})
    assert len(refused.value.mistakes) == 1
    assert refused.value.mistakes[0].startswith(mistake)
    assert refused.value.mistakes[0].isprintable()


@pytest.mark.parametrize("missing", ["nowhere.toml", "."])
def test_a_file_that_is_not_there_is_one_clear_mistake(tmp_path: Path, missing: str) -> None:
    with pytest.raises(DirectoryError, match="cannot be read"):
        load_directory(tmp_path / missing, production=False, environ={})


def test_every_mistake_is_told_at_once_and_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text('[GM0363]\nkennisgeving = "sent"\n[GM0344]\nphone = 14\n[GM9999]\n', encoding="utf-8")
    with pytest.raises(DirectoryError) as refused:
        load_directory(file, production=False, environ={})
    assert [line.split(": ")[:2] for line in refused.value.mistakes] == [
        ["m.toml", "GM0363.kennisgeving"],
        ["m.toml", "GM0344.phone"],
        ["m.toml", "GM9999"],
    ]
    assert str(refused.value) == "\n".join(refused.value.mistakes)
