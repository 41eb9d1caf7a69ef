"""Writes who uses the Kennisgeving into the operator's TOML. Everything else in that file stays byte for byte.

A line editor, because what is edited is so little: whatever it makes is read again by `tomllib`, and has to say exactly
what it said before with the new values in it. A file that is written in another way than this editor knows (inline
tables, dotted keys) is left alone.
"""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE
from typing import Any

from citizen_portal.directory.refusal import FileRefused
from citizen_portal.directory.settings import Adoption

_KEY = "kennisgeving"
_MARK = "\ufeff"

# Strings first: what stands in them is no bracket, no comment and no end of a line.
_TOKEN = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5}'''
    r"""|'{3}.*?'{3,5}"""
    r'''|"(?:\\.|[^"\\\n])*"'''
    r"""|'[^'\n]*'"""
    r"""|\#[^\n]*|[\[\]{}]|\n|[^\[\]{}\n"'#]+""",
    re.DOTALL,
)
_VALUE = re.compile(rf"""\s*(?:{_KEY}|"{_KEY}"|'{_KEY}')[ \t]*=[ \t]*("[^"\n]*"|'[^'\n]*')""")


def with_adoption(text: str, wanted: Mapping[str, Adoption], names: Mapping[str, str]) -> str:
    """The TOML `text` with `wanted` (by code) in it. A new table gets its name (of `names`) as a comment.

    A municipality that is not in the file and is `unknown` is left out: that is what its absence says. Raises
    FileRefused when it is written in a way that cannot be changed line by line; `text` has to be TOML.
    """
    body = text.removeprefix(_MARK)
    before = tomllib.loads(body)
    changes = {code: value for code, value in wanted.items() if _said(before, code) is not value}
    expected = {**before, **{code: {**before.get(code, {}), _KEY: str(changes[code])} for code in changes}}
    edited = _edited(body, changes, names)
    try:
        same = tomllib.loads(edited) == expected
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        odd = ", ".join(code for code in changes if code in before) or "a table"
        raise FileRefused([f"{odd}: write it as a table with a line for each setting, and try again"])
    return text[: len(text) - len(body)] + edited


def replace_file(file: Path, before: bytes, after: bytes) -> None:
    """Put `after` in the place of `before`: as a whole, or not at all, with the same owner and rights.

    Raises FileRefused when something else than `before` is there, and OSError; the file is as it was then.
    """
    target = file.resolve()
    status = target.stat()
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    written = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(descriptor, S_IMODE(status.st_mode))
            # Only root may give a file away, and only to root does it matter.
            with suppress(PermissionError):
                os.fchown(descriptor, status.st_uid, status.st_gid)
            stream.write(after)
            stream.flush()
            os.fsync(descriptor)
        if target.read_bytes() != before:
            raise FileRefused(["somebody else changed it just now; try again"])
        written.replace(target)
    finally:
        written.unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _said(document: Mapping[str, Any], code: str) -> Adoption | None:
    """What the file says of `code`; absence says unknown. None: something that is no answer."""
    table = document.get(code, {})
    value = table.get(_KEY, Adoption.UNKNOWN) if isinstance(table, dict) else None
    return Adoption(value) if isinstance(value, str) and value in set(Adoption) else None


def _edited(text: str, changes: Mapping[str, Adoption], names: Mapping[str, str]) -> str:
    line_end = "\r\n" if "\r\n" in text else "\n"
    pieces: list[str] = []
    headers: dict[str, int] = {}
    done: set[str] = set()
    table = ""
    for statement in _statements(text):
        pieces.append(statement)
        if statement.lstrip().startswith("["):
            table = _table_of(statement)
            if table in changes:
                headers[table] = len(pieces) - 1
        elif table in changes and table not in done and (found := _VALUE.match(statement)):
            pieces[-1] = f'{statement[: found.start(1)]}"{changes[table]}"{statement[found.end(1) :]}'
            done.add(table)
    for code in changes.keys() & headers.keys() - done:
        header = pieces[headers[code]]
        ended = header if header.endswith("\n") else header + line_end
        pieces[headers[code]] = f'{ended}{_KEY} = "{changes[code]}"{line_end}'
    for code in sorted(changes.keys() - headers.keys()):
        if pieces and not pieces[-1].endswith("\n"):
            pieces.append(line_end)
        comment = f"  # {names[code]}" if code in names else ""
        pieces.append(f'{line_end}[{code}]{comment}{line_end}{_KEY} = "{changes[code]}"{line_end}')
    return "".join(pieces)


def _statements(text: str) -> Iterator[str]:
    """The text in pieces that end where a line ends that ends a header, a setting or a comment."""
    begin = depth = 0
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in {"[", "{"}:
            depth += 1
        elif sign in {"]", "}"}:
            depth -= 1
        elif sign == "\n" and depth == 0:
            yield text[begin : token.end()]
            begin = token.end()
    if begin < len(text):
        yield text[begin:]


def _table_of(header: str) -> str:
    """The table that a header like `[GM0363]` begins; empty for `[GM0363.intake]` and other kinds."""
    try:
        document = tomllib.loads(header)
    except tomllib.TOMLDecodeError:
        return ""
    [(name, content)] = document.items() if len(document) == 1 else [("", None)]
    return name if content == {} else ""
