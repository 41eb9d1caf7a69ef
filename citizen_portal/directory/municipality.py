"""The municipalities of 1 January 2026 (CBS codes and names), in reading order and searchable as people type."""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from citizen_portal.directory import settings as municipality_settings
from citizen_portal.directory.settings import MunicipalitySettings

_NAMES_FILE = Path(__file__).with_name("municipalities.csv")
_MOST_FILE_BYTES = 2 * 1024 * 1024

# No name is longer; what is typed beyond it cannot help, and only costs.
_MOST_SEARCH_CHARACTERS = 80
# One or two letters stand somewhere inside nearly every name: they only count at the start of a word.
_FEWEST_LETTERS_INSIDE = 3
_FEWEST_LETTERS_FOR_TYPOS = 4
_MOST_TYPO_RESULTS = 5
_TYPO_LIKENESS = 0.75

_UNCONFIGURED = MunicipalitySettings()


class DirectoryError(Exception):
    """The file of `PORTAL_MUNICIPALITIES` cannot be used; `mistakes` has a line for each reason."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Municipality:
    """`code` as `GM0363`. `aliases` are what else residents type for it: old, Frisian, everyday names, main towns."""

    code: str
    name: str
    province: str
    aliases: tuple[str, ...] = ()
    settings: MunicipalitySettings = _UNCONFIGURED

    @property
    def connected(self) -> bool:
        """Whether a press reaches this municipality: the operator configured its intake."""
        return self.settings.intake is not None


class Directory:
    """Every municipality by code, in the order a Dutch reader looks for it, and by what a resident types."""

    def __init__(self, municipalities: Iterable[Municipality]) -> None:
        self._sorted = tuple(sorted(municipalities, key=_reading_order))
        self._by_code = {municipality.code: municipality for municipality in self._sorted}
        self._connected = tuple(municipality for municipality in self._sorted if municipality.connected)
        self._entries = tuple(_Entry.of(municipality) for municipality in self._sorted)
        self._spellings: dict[str, list[Municipality]] = {}
        for entry in self._entries:
            for name in entry.names:
                self._spellings.setdefault(name, []).append(entry.municipality)

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all municipalities, as `GM0363`."""
        return frozenset(self._by_code)

    def get(self, code: str) -> Municipality | None:
        """The municipality with exactly this code (`GM0363`), or None."""
        return self._by_code.get(code)

    def all(self) -> tuple[Municipality, ...]:
        """All, by name: case and accents do not count, 's- does not count ('s-Hertogenbosch stands under H)."""
        return self._sorted

    def connected(self) -> tuple[Municipality, ...]:
        """Those with an intake, in the order of `all`."""
        return self._connected

    def search(self, text: str) -> tuple[Municipality, ...]:
        """What a resident may mean by `text`, best first; all when it holds no letter or digit.

        Case, accents, spaces, hyphens and apostrophes do not count, nor does a leading "gemeente". First the very
        name, then names that begin so, then names with a word that begins so, then names that hold it; when there
        are none of these, at most five names that look like it. The time taken does not grow with `text`.
        """
        wanted = _wanted(text)
        if not wanted:
            return self._sorted
        found = [(rank, entry.municipality) for entry in self._entries if (rank := entry.rank(wanted)) is not None]
        found.sort(key=lambda ranked: ranked[0])
        return tuple(municipality for _, municipality in found) or tuple(self._similar(wanted))

    def _similar(self, wanted: str) -> Iterator[Municipality]:
        if len(wanted) < _FEWEST_LETTERS_FOR_TYPOS:
            return
        seen: set[str] = set()
        for name in get_close_matches(wanted, self._spellings, n=_MOST_TYPO_RESULTS, cutoff=_TYPO_LIKENESS):
            for municipality in self._spellings[name]:
                if municipality.code not in seen and len(seen) < _MOST_TYPO_RESULTS:
                    seen.add(municipality.code)
                    yield municipality


@dataclass(frozen=True, slots=True)
class _Entry:
    """A municipality with what its names look like once everything is dropped that does not count."""

    municipality: Municipality
    names: tuple[str, ...]
    from_words: tuple[str, ...]

    @classmethod
    def of(cls, municipality: Municipality) -> _Entry:
        # CBS tells namesakes apart as "Bergen (L.)": residents type "Bergen", or "Bergen Limburg".
        bare = re.sub(r" \(.*\)$", "", municipality.name)
        spellings = tuple(dict.fromkeys([bare, municipality.name, *municipality.aliases]))
        from_words = [tail for spelling in spellings for tail in _from_each_word(spelling)]
        return cls(
            municipality,
            tuple(_fold(spelling).replace(" ", "") for spelling in spellings),
            (*from_words, _fold(f"{bare} {municipality.province}").replace(" ", "")),
        )

    def rank(self, wanted: str) -> int | None:
        """How well `wanted` (folded, without spaces) fits: 0 is best, None not at all."""
        if wanted in self.names:
            return 0
        if any(name.startswith(wanted) for name in self.names):
            return 1
        if any(tail.startswith(wanted) for tail in self.from_words):
            return 2
        if len(wanted) >= _FEWEST_LETTERS_INSIDE and any(wanted in name for name in self.names):
            return 3
        return None


def load_directory(file: Path | None, *, production: bool, environ: Mapping[str, str]) -> Directory:
    """All municipalities, with the settings that `file` (TOML, contract/portal.md) gives; None: none is connected.

    `environ` and the files that it names give the secrets; in `production` no secret may stand in `file` itself.
    Raises DirectoryError with every mistake at once.
    """
    municipalities = list(_packaged())
    if file is None:
        return Directory(municipalities)
    codes = frozenset(municipality.code for municipality in municipalities)
    found, mistakes = municipality_settings.parse(_document(file), codes, production=production, environ=environ)
    if mistakes:
        raise DirectoryError([f"{file.name}: {mistake}" for mistake in mistakes])
    return Directory(
        replace(municipality, settings=found.get(municipality.code, municipality.settings))
        for municipality in municipalities
    )


def _packaged() -> Iterator[Municipality]:
    with _NAMES_FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            aliases = tuple(alias for alias in row["aliases"].split("|") if alias)
            yield Municipality(row["code"], row["name"], row["province"], aliases)


def _document(file: Path) -> dict[str, object]:
    try:
        with file.open("rb") as stream:
            content = stream.read(_MOST_FILE_BYTES + 1)
        if len(content) > _MOST_FILE_BYTES:
            raise DirectoryError([f"{file.name}: larger than {_MOST_FILE_BYTES // 1024} KiB"])
        # Some editors write a byte order mark, which TOML does not know.
        return tomllib.loads(content.decode("utf-8-sig"))
    except OSError as error:
        raise DirectoryError([f"{file.name}: cannot be read ({error.__class__.__name__})"]) from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DirectoryError([f"{file.name}: not UTF-8 (line {line})"]) from None
    except tomllib.TOMLDecodeError as error:
        raise DirectoryError([f"{file.name}: not TOML: {str(error)[:200]}"]) from None
    except (ValueError, RecursionError):
        raise DirectoryError([f"{file.name}: not TOML: a number too long, or nested too deeply"]) from None


def _fold(text: str) -> str:
    """`text` as words of plain small letters and digits with one space between: accents and signs are gone."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    letters = (sign if sign.isalnum() else " " for sign in decomposed if not unicodedata.combining(sign))
    return " ".join("".join(letters).split())


def _wanted(text: str) -> str:
    words = _fold(text.strip()[:_MOST_SEARCH_CHARACTERS])
    return words.removeprefix("gemeente ").replace(" ", "")[:_MOST_SEARCH_CHARACTERS]


def _from_each_word(name: str) -> Iterator[str]:
    words = _fold(name).split()
    return ("".join(words[first:]) for first in range(len(words)))


def _reading_order(municipality: Municipality) -> tuple[str, str]:
    return _fold(municipality.name.removeprefix("'s-")), municipality.code
