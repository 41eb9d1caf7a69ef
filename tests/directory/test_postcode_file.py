"""Files with postcodes: both layouts, however written; anything else is refused with the numbers of its lines."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import chain, count, islice, repeat

import pytest

from citizen_portal.directory.postcode_file import read_areas
from citizen_portal.directory.refusal import MOST_MISTAKES, FileRefused

CODES = {"GM0363": "GM0363", "GM0437": "GM0437", "GM0014": "GM0014", "GM0457": "GM0363"}
CBS = "PC6;Huisnummer;Buurt;Wijk;Gemeente\n"


def read(content: str | bytes) -> list[tuple[str, str]]:
    return list(read_areas(BytesIO(content if isinstance(content, bytes) else content.encode()), CODES))


def mistakes(content: str | bytes) -> list[str]:
    with pytest.raises(FileRefused) as refused:
        read(content)
    assert all(line.isprintable() for line in refused.value.mistakes)
    return refused.value.mistakes


def test_four_digits_with_one_or_more_municipalities() -> None:
    assert read("pc4,gm_codes\n1011,GM0363\n1096,GM0363 GM0437\n") == [
        ("1011", "GM0363"),
        ("1096", "GM0363"),
        ("1096", "GM0437"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        CBS + "1011AB;1;3630101;36301;363\n1011AB;3;3630101;36301;363\n",
        '"PC6";"Huisnummer";"Buurt2026";"Wijk2026";"Gemeente2026"\n"1011AB";1;3630101;36301;"0363"\n',
        "\ufeffPC6,Huisnummer,Buurt,Wijk,Gemeente\r\n1011 AB,1,3630101,36301,0363\r\n",
        "pc6;huisnummer;buurt;wijk;gemeente\n1011AB;1;3630101;36301;GM0363",
    ],
    ids=["plain", "quoted, with years", "commas, Windows, byte order mark", "without a last line end"],
)
def test_the_layout_of_cbs_however_it_is_written(content: str) -> None:
    assert read(content) == [("1011AB", "GM0363")]


def test_a_postcode_in_two_municipalities_keeps_both() -> None:
    rows = "1096AB;1;;;363\n1096AB;3;;;363\n1096AB;5;;;437\n"
    assert read(CBS + rows) == [("1096AB", "GM0363"), ("1096AB", "GM0437")]


def test_a_former_municipality_is_its_successor() -> None:
    assert read(CBS + "1382AB;1;;;457\n") == [("1382AB", "GM0363")]


def test_empty_lines_do_not_count() -> None:
    assert read("pc4,gm_codes\n\n1011,GM0363\n\n") == [("1011", "GM0363")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "line 1: the columns must be"),
        ("pc4;code\n1011;GM0363\n", "line 1: the columns must be"),
        ("PC6;Huisnummer;Buurt;Wijk\n", "line 1: the columns must be"),
        ((CBS + "1011AB;1;;;363\n").encode("utf-16"), "line 1: the columns must be"),
        ("pc4,gm_codes\n", "line 2: there is no row"),
        (CBS, "line 2: there is no row"),
        ("pc4,gm_codes\n1011,GM0363,x\n", "line 2: 3 fields instead of 2"),
        ("pc4,gm_codes\n0111,GM0363\n", "line 2: not a postcode of four digits"),
        ("pc4,gm_codes\n1011,\n", "line 2: no municipality"),
        ("pc4,gm_codes\n1011,GM9999\n", "line 2: there is no municipality with this code"),
        ("pc4,gm_codes\n1011,GM0363\n1012,GM0363\n1011,GM0014\n", "line 4: the same postcode as on line 2"),
        (CBS + "1011AB;1;;;363\n1011AB;1;363\n", "line 3: 3 fields instead of 5"),
        (CBS + "1011ab;1;;;363\n", "line 2: not a postcode like 1234AB"),
        (CBS + "1011;1;;;363\n", "line 2: not a postcode like 1234AB"),
        (CBS + "1011AB;1;;;\n", "line 2: there is no municipality with this code"),
        (CBS + "1011AB;1;;;36３\n", "line 2: a character that no postcode"),
        ((CBS + "1011AB;1;Café;;363\n").encode("latin-1"), "line 2: a character that no postcode"),
        (CBS + "1011AB;1;;;\x00363\n", "line 2: there is no municipality with this code"),
    ],
)
def test_a_wrong_line_refuses_the_file_by_its_number(content: str | bytes, told: str) -> None:
    assert mistakes(content)[0].startswith(told)


def test_at_most_twenty_mistakes_are_told() -> None:
    found = mistakes("pc4,gm_codes\n" + "x,GM0363\n" * 1000)
    assert len(found) == MOST_MISTAKES == 20
    assert found[0].startswith("line 2:") and found[-1].startswith("line 21:")


def test_after_a_mistake_nothing_more_is_given() -> None:
    given: list[tuple[str, str]] = []
    content = "pc4,gm_codes\n1011,GM0363\nx,GM0363\n1012,GM0363\n"
    with pytest.raises(FileRefused):
        given.extend(read_areas(BytesIO(content.encode()), CODES))
    assert ("1012", "GM0363") not in given


class Endless(BytesIO):
    """A stream that goes on for ever, and counts what was taken from it."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        super().__init__()
        self.taken = 0
        self._lines = lines

    def readline(self, size: int | None = -1, /) -> bytes:
        line = next(self._lines)
        self.taken += len(line)
        return line[:size]


def test_rows_are_given_while_the_file_is_read() -> None:
    stream = Endless(chain([CBS.encode()], (f"{1000 + n}AB;1;;;363\n".encode() for n in count())))
    assert list(islice(read_areas(stream, CODES), 3)) == [(f"{1000 + n}AB", "GM0363") for n in range(3)]
    assert stream.taken < 200


def test_a_line_without_an_end_is_not_read_to_its_end() -> None:
    stream = Endless(repeat(b"P" * 5000))
    with pytest.raises(FileRefused, match="line 1: longer than 1000 bytes"):
        list(read_areas(stream, CODES))
    assert stream.taken == 5000


def test_what_was_read_is_told_in_bytes() -> None:
    content = CBS + "1011AB;1;;;363\n"
    told: list[int] = []
    list(read_areas(BytesIO(content.encode()), CODES, told.append))
    assert sum(told) == len(content)
