"""Who uses the Kennisgeving: the national picture, and a list of it that an operator was given. Pure."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO

from citizen_portal.directory.municipality import Directory, Municipality, code_of
from citizen_portal.directory.refusal import Mistakes
from citizen_portal.directory.settings import Adoption
from citizen_portal.directory.spelling import as_typed

_VALUE = "kennisgeving"
_LAYOUTS = (["code", _VALUE], ["name", _VALUE])
_CHOICES = ", ".join(Adoption)


@dataclass(frozen=True, slots=True)
class Picture:
    """How many of `total` municipalities use the Kennisgeving, do not yet, and of how many it is not known."""

    total: int
    counts: Mapping[Adoption, int]

    def share(self, adoption: Adoption) -> float:
        """The part of all that is `adoption`, in percent, with one decimal."""
        return round(100 * self.counts[adoption] / self.total, 1) if self.total else 0.0


def picture(directory: Directory) -> Picture:
    """The national picture on the day of `directory`, by what the operator said."""
    counted = Counter(each.settings.kennisgeving for each in directory.all())
    return Picture(len(directory.all()), {adoption: counted[adoption] for adoption in Adoption})


def read_adoption(content: bytes, directory: Directory) -> dict[str, Adoption]:
    """The list in `content`: by code, what each municipality in it does.

    CSV in UTF-8 (with or without byte order mark), separated by `;` or `,`, with the header `code;kennisgeving` or
    `name;kennisgeving`. Raises FileRefused: for other columns and characters, for a municipality that is none today, is
    named twice or by a name that several have, and for anything but in-use, not-yet and unknown.
    """
    mistakes = Mistakes()
    rows = _rows(_text(content, mistakes), mistakes)
    header_line, header = next(rows, (1, []))
    by = [name.strip().casefold() for name in header]
    if by not in _LAYOUTS:
        mistakes.add(header_line, "the columns must be code;kennisgeving or name;kennisgeving")
        mistakes.refuse()
    found: dict[str, Adoption] = {}
    first_on: dict[str, int] = {}
    for line, row in rows:
        if len(row) != len(by):
            mistakes.add(line, f"{len(row)} fields instead of {len(by)}")
            continue
        who, value = (field.strip() for field in row)
        chosen = _by_code(who, directory) if by[0] == "code" else _by_name(who, directory)
        if isinstance(chosen, str):
            mistakes.add(line, chosen)
        elif first_on.setdefault(chosen.code, line) != line:
            mistakes.add(line, f"the same municipality as on line {first_on[chosen.code]}")
        elif value not in set(Adoption):
            mistakes.add(line, f"must be one of {_CHOICES}")
        else:
            found[chosen.code] = Adoption(value)
    if not first_on:
        mistakes.add(header_line + 1, "there is no municipality")
    mistakes.refuse()
    return found


def _text(content: bytes, mistakes: Mistakes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        mistakes.add(content.count(b"\n", 0, error.start) + 1, "not UTF-8; save the file as CSV UTF-8")
        mistakes.refuse()
        raise


def _rows(text: str, mistakes: Mistakes) -> Iterator[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    reader = csv.reader(StringIO(text, newline=""), delimiter=";" if ";" in first else ",", strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            mistakes.add(line, "not CSV: a quote that does not end, or a character that cannot be")
            mistakes.refuse()
            return
        if any(field.strip() for field in row):
            yield line, row


def _by_code(text: str, directory: Directory) -> Municipality | str:
    """The municipality with this code, or what is wrong."""
    code = code_of(text) or ""
    found = directory.get(code)
    if found is None:
        return "there is no municipality with this code"
    return found if found.code == code else f"this code is part of {found.code} {found.name} now"


def _by_name(text: str, directory: Directory) -> Municipality | str:
    """The municipality with this name, or what is wrong."""
    found = directory.spelled(text)
    if not found:
        return "there is no municipality with this name"
    if len(found) > 1:
        return f"several have this name: {', '.join(each.name for each in found)}"
    return _unless_former(as_typed(text), found[0])


def _unless_former(typed: str, found: Municipality) -> Municipality | str:
    # Amsterdam has an alias or two, too: only what was a municipality by itself says nothing about what it became.
    is_former = typed in {as_typed(merger.name) for merger in found.former}
    if is_former and typed != as_typed(found.name):
        return f"this is part of {found.code} {found.name} now"
    return found
