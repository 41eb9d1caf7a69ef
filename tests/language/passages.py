"""What a page says, as sentences: what stands in `main` for eyes and ears, in the language of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# These stand in the middle of a sentence. Everything else begins a new one.
_INLINE = {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "i", "kbd", "q", "s", "small", "span", "strong"}
_INLINE |= {"sub", "sup", "time", "u", "wbr"}
# Pictures, what is no text, and lists of names to choose from.
_UNREAD = {"option", "script", "style", "svg", "template"}

_END = re.compile(r"(?<=[.!?…])([’”\"')]*)\s+(?=[‘“\"'(]*[A-ZÀ-Þ0-9])")
_WHOLE = re.compile(r"[.!?…][’”\"')]*$")
_TRIMMED = "‘’“”\"'()[]<>.,;:!?…–—-+*/"
_LETTER = re.compile(r"[^\W\d_]")
# A number, a code, an address of the internet, a date in figures: read as one thing, and nobody's choice of words.
_NO_WORD = re.compile(r"\d|@|\w\.\w|/")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` as it is read. `is_whole`: it ends as a sentence does, and is no heading, label, button or name."""

    text: str
    is_whole: bool

    @property
    def words(self) -> list[str]:
        """Its words, without marks around them; numbers, codes and addresses of the internet are no words."""
        trimmed = (token.strip(_TRIMMED) for token in self.text.split())
        return [token for token in trimmed if _LETTER.search(token) and not _NO_WORD.search(token)]


def sentences_of(html: str) -> list[Sentence]:
    """What `main` of the page says in the page's language, in its order; what screen readers skip is left out."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [sentence for block in reader.blocks for sentence in split(block)]


def split(text: str) -> Iterator[Sentence]:
    """The sentences of one paragraph, heading, label or item of a list. None when there is no word in it."""
    for part in _END.sub(r"\1\n", " ".join(text.split())).split("\n"):
        sentence = Sentence(part, bool(_WHOLE.search(part)))
        if sentence.words:
            yield sentence


@dataclass(slots=True)
class _Element:
    tag: str
    is_read: bool
    lang: str | None


class _Reader(HTMLParser):
    """Collects `blocks` of text. Valid pages only: another test has every page judged."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks = [""]
        self._open: list[_Element] = []
        self._page_lang: str | None = None
        self._in_main = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE:
            self.blocks.append("")
        if tag in _VOID:
            return
        given = dict(attrs)
        if tag == "html":
            self._page_lang = given.get("lang")
        above = self._open[-1] if self._open else _Element("", is_read=True, lang=self._page_lang)
        is_skipped = tag in _UNREAD or given.get("aria-hidden") == "true" or "hidden" in given
        self._open.append(_Element(tag, above.is_read and not is_skipped, given.get("lang", above.lang)))
        self._in_main = self._in_main or tag == "main"

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self.blocks.append("")
        if tag in _VOID:
            return
        while self._open and self._open.pop().tag != tag:
            pass
        if tag == "main":
            self._in_main = False

    def handle_data(self, data: str) -> None:
        if not self._in_main or not self._open:
            return
        inner = self._open[-1]
        if inner.is_read and inner.lang == self._page_lang:
            self.blocks[-1] += data
