"""The Nu checker has nothing to say of any page: no error, no warning. One run judges a language."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Collection
from pathlib import Path

import pytest

from citizen_portal.config.languages import MENU_ORDER, SOURCE_LANGUAGE
from tests.browser.states.catalogue import LANGUAGES, ROOT, Catalogue, Seen, render_all

pytestmark = pytest.mark.browser

_CHECKER = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
_PATIENCE_SECONDS = 300


@pytest.mark.parametrize(
    "lang", [pytest.param(lang, marks=[] if lang == SOURCE_LANGUAGE else pytest.mark.long) for lang in LANGUAGES]
)
def test_every_page_is_valid(lang: str, catalogue: Catalogue, tmp_path: Path) -> None:
    _write([seen for seen in catalogue.pages.values() if seen.lang == lang], tmp_path)
    assert _said_of(tmp_path) == ""


@pytest.mark.long
@pytest.mark.parametrize("lang", [lang for lang in MENU_ORDER if lang not in LANGUAGES])
def test_every_page_is_valid_in_the_other_languages(lang: str, tmp_path: Path) -> None:
    kept, pages = tmp_path / "portals", tmp_path / "pages"
    kept.mkdir()
    pages.mkdir()
    _write(render_all(kept, [lang]).pages.values(), pages)
    assert _said_of(pages) == ""


def test_the_checker_does_say_what_is_wrong(tmp_path: Path) -> None:
    """Its silence means something: it names an error and a warning, and the page they are in."""
    page = "<!DOCTYPE html><html lang=nl><title>x</title><section></section><img src=x>"
    (tmp_path / "wrong.html").write_text(page, encoding="utf-8")
    said = _said_of(tmp_path)
    assert "wrong.html" in said and "error: An “img” element must have an “alt”" in said and "warning" in said


def _write(pages: Collection[Seen], folder: Path) -> None:
    assert pages
    for seen in pages:
        (folder / f"{seen.name}.html").write_text(seen.html, encoding="utf-8")


def _said_of(folder: Path) -> str:
    java = shutil.which("java")
    assert java, "The tests need Java: type: make java"
    checker = [java, "-Xmx512m", "-jar", str(_CHECKER), "--format", "gnu", "--stdout", "--Werror", "--also-check-svg"]
    done = subprocess.run(
        [*checker, str(folder), str(ROOT / "static" / "favicon.svg")],
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )
    assert (done.returncode == 0) == (done.stdout == ""), done.stderr
    return done.stdout
