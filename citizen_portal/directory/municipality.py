"""The municipalities of a day (CBS codes and names), in reading order and searchable as people type."""

from __future__ import annotations

import csv
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from citizen_portal.directory import settings as municipality_settings
from citizen_portal.directory.mergers import Merger, packaged_mergers, successors
from citizen_portal.directory.settings import MunicipalitySettings
from citizen_portal.directory.spelling import Spellings, as_typed, reading_order

PACKAGED_ON = date(2026, 1, 1)
"""The day of the packaged list; later ones are reached by `Directory.on`."""

_NAMES_FILE = Path(__file__).with_name("municipalities.csv")
_MOST_FILE_BYTES = 2 * 1024 * 1024

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
    """`code` as `GM0363`. `aliases` are what else residents type for it: Frisian and everyday names, main towns.

    `begins`: it exists from that day on (None: all the time). `former`: what became part of it, by its day.
    """

    code: str
    name: str
    province: str
    aliases: tuple[str, ...] = ()
    settings: MunicipalitySettings = _UNCONFIGURED
    begins: date | None = None
    former: tuple[Merger, ...] = ()

    @property
    def connected(self) -> bool:
        """Whether a press reaches this municipality: the operator configured its intake."""
        return self.settings.intake is not None


class Directory:
    """Every municipality of one day by code, in the order a Dutch reader looks for it, and by what a resident types.

    Made for `day`; `on` gives that of another day. Days before `PACKAGED_ON` are not known.
    """

    def __init__(
        self, municipalities: Iterable[Municipality], mergers: Iterable[Merger] = (), *, day: date = PACKAGED_ON
    ) -> None:
        self._ever = tuple(municipalities)
        self.mergers = tuple(sorted(mergers, key=lambda merger: (merger.day, merger.code)))
        began = {each.begins for each in self._ever if each.begins}
        self._changes = sorted(began | {merger.day for merger in self.mergers})
        self._by_period = {self._period(day): self}
        self._successors = successors(self.mergers, day)
        self._sorted = tuple(sorted(self._of_day(day), key=lambda each: (reading_order(each.name), each.code)))
        self._by_code = {municipality.code: municipality for municipality in self._sorted}
        self._connected = tuple(municipality for municipality in self._sorted if municipality.connected)
        self._entries = tuple((_spellings(municipality), municipality) for municipality in self._sorted)
        self._spelled: dict[str, list[Municipality]] = {}
        for spellings, municipality in self._entries:
            for name in spellings.names:
                self._spelled.setdefault(name, []).append(municipality)

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all municipalities, as `GM0363`."""
        return frozenset(self._by_code)

    @property
    def codes_ever(self) -> frozenset[str]:
        """`codes`, and those of municipalities that are no more or not yet."""
        return _codes(self._ever, self.mergers)

    @property
    def successors(self) -> Mapping[str, str]:
        """The codes that are no municipality's any more, each with the code of the one that it is part of now."""
        return self._successors

    def on(self, day: date) -> Directory:
        """The municipalities of `day` (in Amsterdam). Between two mergers it is one and the same object."""
        period = self._period(day)
        if period not in self._by_period:
            made = Directory(self._ever, self.mergers, day=day)
            made._by_period = self._by_period
            # Two threads may come here together on 1 January: the first one's stays.
            self._by_period.setdefault(period, made)
        return self._by_period[period]

    def get(self, code: str) -> Municipality | None:
        """The municipality with exactly this code (`GM0363`), else the one that it is part of now, or None."""
        return self._by_code.get(self._successors.get(code, code))

    def all(self) -> tuple[Municipality, ...]:
        """All, by name: case and accents do not count, 's- does not count ('s-Hertogenbosch stands under H)."""
        return self._sorted

    def connected(self) -> tuple[Municipality, ...]:
        """Those with an intake, in the order of `all`."""
        return self._connected

    def spelled(self, name: str) -> tuple[Municipality, ...]:
        """Those that are or were called exactly `name`, but for case, accents and signs; mostly one or none."""
        return tuple(self._spelled.get(as_typed(name), ()))

    def search(self, text: str) -> tuple[Municipality, ...]:
        """What a resident may mean by `text`, best first; all when it holds no letter or digit.

        Case, accents, spaces, hyphens and apostrophes do not count, nor does a leading "gemeente". First the very
        name, then names that begin so, then names with a word that begins so, then names that hold it; when there
        are none of these, at most five names that look like it. The names of former municipalities find what they
        became. The time taken does not grow with `text`.
        """
        wanted = as_typed(text)
        if not wanted:
            return self._sorted
        ranked = ((spellings.rank(wanted), municipality) for spellings, municipality in self._entries)
        found = sorted(((rank, each) for rank, each in ranked if rank is not None), key=lambda one: one[0])
        return tuple(municipality for _, municipality in found) or tuple(self._similar(wanted))

    def _similar(self, wanted: str) -> Iterator[Municipality]:
        if len(wanted) < _FEWEST_LETTERS_FOR_TYPOS:
            return
        seen: set[str] = set()
        for name in get_close_matches(wanted, self._spelled, n=_MOST_TYPO_RESULTS, cutoff=_TYPO_LIKENESS):
            for municipality in self._spelled[name]:
                if municipality.code not in seen and len(seen) < _MOST_TYPO_RESULTS:
                    seen.add(municipality.code)
                    yield municipality

    def _period(self, day: date) -> int:
        """Which of the times between two changes `day` lies in."""
        return bisect_right(self._changes, day)

    def _of_day(self, day: date) -> Iterator[Municipality]:
        aliases = {each.code: each.aliases for each in self._ever}
        for each in self._ever:
            if each.code in self._successors or (each.begins and each.begins > day):
                continue
            former = tuple(one for one in self.mergers if self._successors.get(one.code) == each.code)
            theirs = (alias for one in former for alias in aliases.get(one.code, ()))
            yield replace(each, former=former, aliases=tuple(dict.fromkeys([*each.aliases, *theirs])))


def load_directory(file: Path | None, *, production: bool, environ: Mapping[str, str]) -> Directory:
    """All municipalities, with the settings that `file` (TOML, contract/portal.md) gives; None: none is connected.

    `environ` and the files that it names give the secrets; in `production` no secret may stand in `file` itself.
    A former municipality may still have its table, which says nothing. Raises DirectoryError with every mistake.
    """
    ever, mergers = tuple(_packaged()), tuple(packaged_mergers())
    if file is None:
        return Directory(ever, mergers)
    codes = _codes(ever, mergers)
    found, mistakes = municipality_settings.parse(read_document(file), codes, production=production, environ=environ)
    if mistakes:
        raise DirectoryError([f"{file.name}: {mistake}" for mistake in mistakes])
    return Directory((replace(each, settings=found.get(each.code, each.settings)) for each in ever), mergers)


def read_document(file: Path) -> dict[str, object]:
    """The TOML of `file` as it is, with nothing in it checked. Raises DirectoryError."""
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


def code_of(text: str) -> str | None:
    """The code (`GM0363`) that `text` is a way to write: GM0363, 0363 or 363. None when it is none of these."""
    digits = text.strip().upper().removeprefix("GM")
    return f"GM{digits.zfill(4)}" if re.fullmatch("[0-9]{1,4}", digits) else None


def _packaged() -> Iterator[Municipality]:
    with _NAMES_FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            aliases = tuple(alias for alias in row["aliases"].split("|") if alias)
            begins = date.fromisoformat(row["begins"]) if row["begins"] else None
            yield Municipality(row["code"], row["name"], row["province"], aliases, begins=begins)


def _codes(ever: Iterable[Municipality], mergers: Iterable[Merger]) -> frozenset[str]:
    return frozenset([*(each.code for each in ever), *(merger.code for merger in mergers)])


def _spellings(municipality: Municipality) -> Spellings:
    former = (merger.name for merger in municipality.former)
    return Spellings.of(municipality.name, municipality.province, [*municipality.aliases, *former])
