"""Builds `fonts/`: what the PDF is set in, cut from Noto Sans and Vazirmatn (SIL Open Font License 1.1, from npm).

    python tools/build_fonts.py

What is cut off: hinting (a PDF is not hinted), scripts and symbols that no language of the portal and hardly a name
in the Netherlands needs. Beside the fonts: their licence, and `coverage.json` with the characters that each family
has, so that the portal knows them without opening a font.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules" / "@expo-google-fonts"
BUILT = ROOT / "fonts"
WEIGHTS = (("Regular", "400Regular"), ("Bold", "700Bold"))

_EVERYWHERE = (range(0x20, 0x7F), range(0xA0, 0x100))
_PUNCTUATION = (range(0x2000, 0x2070), range(0x20A0, 0x20C1), range(0x2116, 0x2117), range(0x2122, 0x2123))


class Family(NamedTuple):
    """One font family: its npm package, the name of its files there, and the characters that stay."""

    package: str
    file: str
    kept: tuple[range, ...]


# In the order in which a text looks for its characters.
FAMILIES = {
    # Latin with Vietnamese, Greek, Cyrillic; combining marks; Devanagari; ligatures; U+FFFD for what nobody has.
    "Noto Sans": Family(
        "noto-sans",
        "NotoSans",
        (
            *_EVERYWHERE,
            *_PUNCTUATION,
            range(0x100, 0x530),
            range(0x900, 0x980),
            range(0x1E00, 0x2000),
            range(0x25CC, 0x25CD),
            range(0x2C60, 0x2C80),
            range(0xFB00, 0xFB07),
            range(0xFFFD, 0xFFFE),
        ),
    ),
    # A glyph for each letter. Noto's Arabic fonts draw skeletons and dots apart, and then what is copied from a PDF,
    # searched or read aloud is not the text, in most readers.
    "Vazirmatn": Family(
        "vazirmatn",
        "Vazirmatn",
        (
            *_EVERYWHERE,
            range(0x600, 0x700),
            range(0x750, 0x780),
            range(0x8A0, 0x900),
            range(0x200C, 0x2010),
            range(0x25CC, 0x25CD),
            range(0xFB50, 0xFE00),
            range(0xFE70, 0xFEFD),
        ),
    ),
    "Noto Sans Ethiopic": Family(
        "noto-sans-ethiopic", "NotoSansEthiopic", (*_EVERYWHERE, range(0x1200, 0x13A0), range(0x25CC, 0x25CD))
    ),
    "Noto Sans Hebrew": Family(
        "noto-sans-hebrew",
        "NotoSansHebrew",
        (*_EVERYWHERE, range(0x590, 0x600), range(0x200C, 0x2010), range(0x25CC, 0x25CD), range(0xFB1D, 0xFB50)),
    ),
}


def build() -> Iterator[tuple[str, bytes]]:
    """Name and content of every file of `fonts/`. Needs `node_modules/` (npm ci)."""
    coverage = {}
    for name, family in FAMILIES.items():
        common: set[int] | None = None
        for weight, folder in WEIGHTS:
            source = PACKAGES / family.package / folder / f"{family.file}_{folder}.ttf"
            content, characters = cut(source, {code for one in family.kept for code in one})
            common = characters if common is None else common & characters
            yield f"{family.file}-{weight}.ttf", content
        coverage[name] = [list(one) for one in stretches(common or ())]
    yield "coverage.json", (json.dumps(coverage, separators=(",", ":")) + "\n").encode()
    yield "OFL.txt", licence().encode()


def cut(source: Path, kept: set[int]) -> tuple[bytes, set[int]]:
    """The font at `source` with the characters of `kept` only, and those of them that it really has."""
    # The time of the build would make every build another file.
    with TTFont(source, recalcTimestamp=False) as font:
        options = subset.Options(hinting=False, glyph_names=False, notdef_outline=True, recalc_timestamp=False)
        options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=kept)
        subsetter.subset(font)
        written = io.BytesIO()
        font.save(written)
        return written.getvalue(), set(font.getBestCmap())


def stretches(codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The first and last code point of every unbroken row in `codes`, in order."""
    first = last = None
    for code in sorted(codes):
        if last is not None and first is not None and code != last + 1:
            yield first, last
            first = None
        first, last = (code if first is None else first), code
    if first is not None and last is not None:
        yield first, last


def licence() -> str:
    """The Open Font License once, under the copyright lines of all families."""
    texts = [
        (PACKAGES / family.package / "LICENSE_FONT").read_text(encoding="utf-8").strip() for family in FAMILIES.values()
    ]
    owners, terms = zip(*(re.split(r"\n\s*\n", text, maxsplit=1) for text in texts), strict=True)
    if len({text.replace("http://", "https://") for text in terms}) != 1:
        raise ValueError("the families have different licences")
    return "\n".join([*owners, "", terms[0], ""])


def main() -> None:
    """Write `fonts/` anew."""
    BUILT.mkdir(exist_ok=True)
    for old in BUILT.iterdir():
        old.unlink()
    for name, content in build():
        (BUILT / name).write_bytes(content)


if __name__ == "__main__":
    main()
