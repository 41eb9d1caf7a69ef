"""Reads a file that says in which municipalities postcodes lie, of any length, in bounded memory. Pure.

Two layouts, told apart by the first line; fields with or without quotes, separated by `;` or `,`:

- `pc4,gm_codes`: four digits, and one or more codes (`GM0363`) with a space between;
- `PC6;Huisnummer;Buurt;Wijk;Gemeente` (CBS, "Buurt, wijk en gemeente voor postcode huisnummer"): one line for each
  address, the municipality as a number (363 or 0363). CBS puts the year behind the last three names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from citizen_portal.directory.municipality import code_of
from citizen_portal.directory.refusal import Mistakes

_LONGEST_LINE = 1000
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PC4 = ["pc4", "gm_codes"]
_CBS = re.compile(r"pc6 huisnummer buurt(\d{4})? wijk(\d{4})? gemeente(\d{4})?")
_CBS_FIELDS = 5
_POSTCODE4 = re.compile(rb"[1-9][0-9]{3}")
_POSTCODE6 = re.compile(rb"[1-9][0-9]{3} ?[A-Z]{2}")

Area = tuple[str, str]
"""A postcode (`1234` or `1234AB`) and the code of a municipality that it may lie in."""


def read_areas(
    stream: BinaryIO, codes: Mapping[str, str], seen: Callable[[int], None] = lambda _size: None
) -> Iterator[Area]:
    """Every postcode with each of its municipalities; the same pair again only when other lines stand between.

    `codes`: all codes that there are or were, each with the one that it is today. `seen` hears how many bytes were read
    more. Raises FileRefused at the end when anything was wrong, so only then is what was given before of use.
    """
    mistakes = Mistakes()
    lines = _lines(stream, mistakes, seen)
    header = next(lines, (1, b""))[1].removeprefix(_BYTE_ORDER_MARK)
    separator = b";" if b";" in header else b","
    names = [_bare(field).decode("ascii", "replace").casefold() for field in header.split(separator)]
    if names == _PC4:
        rows = _pc4_rows(lines, separator, codes, mistakes)
    elif _CBS.fullmatch(" ".join(names)):
        rows = _cbs_rows(lines, separator, codes, mistakes)
    else:
        mistakes.add(1, "the columns must be pc4,gm_codes or PC6;Huisnummer;Buurt;Wijk;Gemeente, in UTF-8")
        mistakes.refuse()
        return
    # Once the file is refused, the rest of it is only read for other mistakes.
    yield from (area for area in rows if not mistakes.any)
    mistakes.refuse()


def _lines(stream: BinaryIO, mistakes: Mistakes, seen: Callable[[int], None]) -> Iterator[tuple[int, bytes]]:
    """Each line with its number, without its end."""
    number = 0
    while line := stream.readline(_LONGEST_LINE):
        number += 1
        seen(len(line))
        if len(line) == _LONGEST_LINE:
            mistakes.add(number, f"longer than {_LONGEST_LINE} bytes")
            mistakes.refuse()
        yield number, line.rstrip(b"\r\n")


def _bare(field: bytes) -> bytes:
    return field.strip().strip(b'"').strip()


def _pc4_rows(
    lines: Iterator[tuple[int, bytes]], separator: bytes, codes: Mapping[str, str], mistakes: Mistakes
) -> Iterator[Area]:
    any_row = False
    first_on: dict[bytes, int] = {}
    for number, line in lines:
        if not line:
            continue
        any_row = True
        fields = [_bare(field) for field in line.split(separator)]
        if len(fields) != len(_PC4):
            mistakes.add(number, f"{len(fields)} fields instead of {len(_PC4)}")
        elif not _POSTCODE4.fullmatch(fields[0]):
            mistakes.add(number, "not a postcode of four digits")
        # There are at most 9,000.
        elif first_on.setdefault(fields[0], number) != number:
            mistakes.add(number, f"the same postcode as on line {first_on[fields[0]]}")
        elif not fields[1]:
            mistakes.add(number, "no municipality")
        else:
            for given in fields[1].split():
                if code := _known(given, codes, number, mistakes):
                    yield fields[0].decode("ascii"), code
    if not any_row:
        mistakes.add(2, "there is no row")


def _cbs_rows(
    lines: Iterator[tuple[int, bytes]], separator: bytes, codes: Mapping[str, str], mistakes: Mistakes
) -> Iterator[Area]:
    # A file has many lines for one postcode, one below the other: only the first is looked at closely.
    last: tuple[bytes, bytes] | None = None
    any_row = False
    for number, line in lines:
        fields = line.split(separator)
        if len(fields) != _CBS_FIELDS:
            if line:
                mistakes.add(number, f"{len(fields)} fields instead of {_CBS_FIELDS}")
            continue
        any_row = True
        if not line.isascii():
            mistakes.add(number, "a character that no postcode, number or code has: is the file in UTF-8?")
        pair = fields[0], fields[4]
        if pair == last:
            continue
        last = pair
        postcode = _bare(fields[0])
        if not _POSTCODE6.fullmatch(postcode):
            mistakes.add(number, "not a postcode like 1234AB")
        elif code := _known(_bare(fields[4]), codes, number, mistakes):
            yield postcode.replace(b" ", b"").decode("ascii"), code
    if not any_row:
        mistakes.add(2, "there is no row")


def _known(given: bytes, codes: Mapping[str, str], line: int, mistakes: Mistakes) -> str | None:
    code = codes.get(code_of(given.decode("ascii", "replace")) or "")
    if code is None:
        mistakes.add(line, "there is no municipality with this code")
    return code
