"""The journey as a screen reader speaks it: rendered, spoken by a virtual screen reader, and made comparable."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from tests.browser.states.catalogue import ROOT, STATES, Catalogue, render_all

FOLDER = Path(__file__).parent / "transcripts"
LANGUAGES = ("nl", "en")
WHOLE = "start"
"""Of this page all is kept; of the others what is not the same on every page: the title and `main`."""
JOURNEY = (
    WHOLE,
    "for-whom-empty",
    "helper-empty",
    "address-empty",
    "address-wrong",
    "municipality-empty",
    "urgent-empty",
    "name-empty",
    "contact-empty",
    "contact-wrong-missing",
    "updates-empty",
    "check-usual",
    "status-just-pressed",
    "status-meeting-kantoor",
    "status-sent",
)
"""States of the catalogue, in the order in which a resident hears them."""

_SCRIPT = Path(__file__).parent / "speak.mjs"
_PATIENCE_SECONDS = 120
# What is by chance: every rendering has another reference, which is also spelled out.
_REFERENCE = re.compile(r"\bP(-[0-9A-Z]{4}){2}\b|\bP(, [0-9A-Z]){8}\b")
# The virtual reader names these; those that people use do not, unless they are told to.
_UNSAID = {"paragraph", "strong", "time"}
_OPTION = "option, "
_OPTIONS_KEPT = 3


def spoken(folder: Path) -> dict[str, str]:
    """The transcript of each page of the journey in each language, by its path below FOLDER: `nl/start.txt`.

    Pages are rendered and saved in `folder`. Raises AssertionError when Node is missing or the reader fails.
    """
    states = tuple(state for state in STATES if state.name in JOURNEY)
    assert {state.name for state in states} == set(JOURNEY), "a page of the journey has another name now"
    catalogue = render_all(folder, LANGUAGES, states)
    return {
        f"{lang}/{name}.txt": _written(said, whole=name == WHOLE)
        for (lang, name), said in _said(catalogue, folder).items()
    }


def accepted() -> dict[str, str]:
    """The transcripts that are kept, by their path below FOLDER."""
    return {path.relative_to(FOLDER).as_posix(): path.read_text("utf-8") for path in FOLDER.glob("*/*.txt")}


def _said(catalogue: Catalogue, folder: Path) -> Mapping[tuple[str, str], list[str]]:
    files: dict[str, tuple[str, str]] = {}
    for seen in catalogue.pages.values():
        path = folder / f"{seen.name}.html"
        path.write_text(seen.html, encoding="utf-8")
        files[str(path)] = (seen.lang, seen.state.name)
    node = shutil.which("node")
    assert node, "The tests need Node: install version 20 or newer"
    done = subprocess.run(
        [node, str(_SCRIPT), *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    phrases: dict[str, list[str]] = json.loads(done.stdout)
    return {files[path]: said for path, said in phrases.items()}


def _written(said: list[str], *, whole: bool) -> str:
    """One phrase on each line, indented by what it is inside of."""
    title, *phrases = said
    if not whole:
        phrases = phrases[phrases.index("main") : phrases.index("end of main") + 1]
    heard = [phrase for phrase in phrases if phrase.removeprefix("end of ") not in _UNSAID]
    lines = [title, *_indented(_without_long_lists(heard))]
    return _REFERENCE.sub("(the reference)", "\n".join(lines)) + "\n"


def _without_long_lists(phrases: Iterable[str]) -> Iterator[str]:
    """A list that is not open is not read; the first options show what it would say."""
    for are_options, run in groupby(phrases, lambda phrase: phrase.startswith(_OPTION)):
        some = list(run)
        if are_options and len(some) > _OPTIONS_KEPT:
            yield from some[:_OPTIONS_KEPT]
            yield f"({len(some) - _OPTIONS_KEPT} more)"
        else:
            yield from some


def _indented(phrases: Iterable[str]) -> Iterator[str]:
    depth, listed = 0, list(phrases)
    ends = {phrase.removeprefix("end of ") for phrase in listed if phrase.startswith("end of ")}
    for phrase in listed:
        if phrase.startswith("end of "):
            depth -= 1
        else:
            yield "  " * depth + phrase
            depth += phrase in ends
