"""The operator's TOML is changed in one place only: who uses the Kennisgeving. All else stays byte for byte."""

from __future__ import annotations

import os
import tomllib
from difflib import unified_diff
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.directory.adoption_file import replace_file, with_adoption
from citizen_portal.directory.refusal import FileRefused
from citizen_portal.directory.settings import Adoption

IN_USE, NOT_YET, UNKNOWN = Adoption.IN_USE, Adoption.NOT_YET, Adoption.UNKNOWN
NAMES = {"GM0014": "Groningen", "GM0363": "Amsterdam"}


def changed_lines(before: str, after: str) -> list[str]:
    """What went and what came, line by line."""
    diff = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in diff if not line.startswith(("---", "+++", "@@"))]


OPERATORS = """# Who does what. [GM0363] is a trial
[GM0363]   # Amsterdam
phone = "14 020" # kennisgeving = "unknown"
kennisgeving   =   'not-yet'   # asked in May

embed_origins = [
  "https://www.amsterdam.nl",  # ]
  "https://[x]",
]
[GM0363.intake]
channel = "rest"
token = '''
[GM0014]
kennisgeving = "unknown"
'''
["GM0344"]
phone = "14 030"
"""


def test_only_the_value_of_its_line_changes() -> None:
    after = with_adoption(OPERATORS, {"GM0363": IN_USE}, NAMES)
    assert changed_lines(OPERATORS, after) == [
        "-kennisgeving   =   'not-yet'   # asked in May",
        '+kennisgeving   =   "in-use"   # asked in May',
    ]


def test_a_table_without_the_line_gets_one_below_its_header() -> None:
    after = with_adoption(OPERATORS, {"GM0344": NOT_YET}, NAMES)
    assert changed_lines(OPERATORS, after) == ['+kennisgeving = "not-yet"']
    assert '["GM0344"]\nkennisgeving = "not-yet"\nphone' in after


def test_a_municipality_that_is_not_there_gets_a_table_at_the_end() -> None:
    after = with_adoption(OPERATORS, {"GM0014": IN_USE}, NAMES)
    assert after == OPERATORS + '\n[GM0014]  # Groningen\nkennisgeving = "in-use"\n'


def test_a_municipality_of_which_only_the_intake_stands_there_gets_a_table() -> None:
    before = '[GM0014.intake]\nchannel = "rest"\n'
    after = with_adoption(before, {"GM0014": IN_USE}, {})
    assert tomllib.loads(after) == {"GM0014": {"kennisgeving": "in-use", "intake": {"channel": "rest"}}}
    assert after.startswith(before)


@pytest.mark.parametrize("wanted", [{"GM0363": NOT_YET}, {"GM0014": UNKNOWN}, {"GM0344": UNKNOWN}, {}])
def test_what_is_said_already_changes_nothing(wanted: dict[str, Adoption]) -> None:
    assert with_adoption(OPERATORS, wanted, NAMES) == OPERATORS


def test_line_ends_and_byte_order_mark_stay() -> None:
    before = '\ufeff[GM0363]\r\nphone = "14 020"'
    after = with_adoption(before, {"GM0363": IN_USE, "GM0014": NOT_YET}, NAMES)
    assert after == (
        '\ufeff[GM0363]\r\nkennisgeving = "in-use"\r\nphone = "14 020"\r\n'
        '\r\n[GM0014]  # Groningen\r\nkennisgeving = "not-yet"\r\n'
    )


def test_a_header_that_ends_the_file_gets_its_line_all_the_same() -> None:
    assert with_adoption("[GM0363]", {"GM0363": IN_USE}, NAMES) == '[GM0363]\nkennisgeving = "in-use"\n'


@pytest.mark.parametrize(
    "text",
    [
        'GM0363 = { kennisgeving = "unknown" }\n',
        'GM0363.kennisgeving = "unknown"\n',
        '[GM0363]\nkennisgeving = """unknown"""\n',
        '[GM0363]\n"kennis\\u0067eving" = "unknown"\n',
    ],
)
def test_a_file_that_is_written_in_another_way_is_left_alone(text: str) -> None:
    with pytest.raises(FileRefused, match="GM0363: write it as a table"):
        with_adoption(text, {"GM0363": IN_USE}, NAMES)


# What may stand between tables, whatever an operator writes there.
_ODD_LINES = st.sampled_from(
    [
        "",
        "# [GM0363]",
        'phone = "14 [020]" # ]',
        'website = \'"""\'',
        'motto = """\n[GM0014]\nkennisgeving = "in-use" \\""" \n"""',
        "motto = '''\n[GM0014]\n'''",
        'embed_origins = [ # [\n "a]", \'b"\', \n]',
        'theme = { a = "}", b = [1, 2] }',
        "\tkennisgeving='unknown'",
        'kennisgeving = "in-use"# no space',
    ]
)
_TABLES = st.lists(
    st.tuples(st.sampled_from(["GM0363", "GM0014", "GM0344"]), st.lists(_ODD_LINES, max_size=4)),
    max_size=3,
    unique_by=lambda table: table[0],
)
_WANTED = st.dictionaries(st.sampled_from(["GM0363", "GM0014", "GM0344", "GM0518"]), st.sampled_from(list(Adoption)))


@given(tables=_TABLES, wanted=_WANTED, windows=st.booleans())
def test_whatever_stands_around_it_the_file_says_what_was_wanted_and_all_it_said_before(
    tables: list[tuple[str, list[str]]], wanted: dict[str, Adoption], windows: bool
) -> None:
    text = "".join(f"[{code}]\n" + "".join(f"{line}\n" for line in lines) for code, lines in tables)
    if windows:
        text = text.replace("\n", "\r\n")
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    edited = with_adoption(text, wanted, NAMES)
    after = tomllib.loads(edited)
    for code, value in wanted.items():
        assert after.get(code, {}).get("kennisgeving", "unknown") == value
    for document in (before, after):
        for code in wanted:
            document.get(code, {}).pop("kennisgeving", None)
    assert {code: table for code, table in after.items() if table} == {
        code: table for code, table in before.items() if table
    }
    # Nothing but lines with this one setting, headers and the line before a new table came or went.
    for line in changed_lines(text, edited):
        assert "kennisgeving" in line or line[1:].startswith("[GM") or not line[1:].strip()
    assert with_adoption(edited, wanted, NAMES) == edited


def test_the_file_is_replaced_with_its_rights(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_bytes(b"old")
    file.chmod(0o640)
    replace_file(file, b"old", b"new")
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "m.toml", tmp_path / "link.toml"
    file.write_bytes(b"old")
    link.symlink_to(file)
    replace_file(link, b"old", b"new")
    assert link.is_symlink() and file.read_bytes() == b"new"


def test_what_somebody_else_wrote_meanwhile_is_not_lost(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_bytes(b"theirs")
    with pytest.raises(FileRefused, match="somebody else"):
        replace_file(file, b"old", b"new")
    assert file.read_bytes() == b"theirs" and list(tmp_path.iterdir()) == [file]


def test_a_disk_that_is_full_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "m.toml"
    file.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace_file(file, b"old", b"new")
    assert file.read_bytes() == b"old" and list(tmp_path.iterdir()) == [file]
