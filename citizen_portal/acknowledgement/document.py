"""What stands in a proof, without a word about how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Both:
    """One text in Dutch and in the resident's language; `own` is None when that is Dutch.

    A name that is put into a text of another direction stands between U+2068 and U+2069, as on a page in `<bdi>`.
    A line feed begins a new line.
    """

    dutch: str
    own: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One answer or fact, as it was entered: any Unicode, any length; each line has the direction of its own words."""

    label: Both
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """What belongs together under one heading: rows first, then paragraphs."""

    title: Both
    rows: tuple[Row, ...] = ()
    paragraphs: tuple[Both, ...] = ()


@dataclass(frozen=True, slots=True)
class ProofDocument:
    """A whole proof. Its first section is what a reader looks for: it stands out.

    `language` is the resident's (BCP 47: "ar"), and says the direction of every `own`. `created` is aware: it is the
    date of the file, so that the same document gives the same bytes. Raises ValueError when it has no time zone.
    """

    title: Both
    lead: Both
    sections: tuple[Section, ...]
    check: Both
    check_url: str
    check_code: str
    language: str
    page_label: Both
    created: datetime

    def __post_init__(self) -> None:
        if self.created.tzinfo is None:
            raise ValueError("the time of a proof needs a time zone")
