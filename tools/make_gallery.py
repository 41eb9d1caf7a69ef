"""Pictures of every state of every page in every language, on a phone 375 wide, and one HTML page to look at them all.

`make gallery`, or `python tools/make_gallery.py --few --lang nl --lang ar --dark` for some of them. Needs Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from citizen_portal.config.languages import MENU_ORDER  # noqa: E402
from tests.browser.conftest import launch  # noqa: E402 - the tests are not installed
from tests.browser.states.catalogue import STATES, Catalogue, render_all  # noqa: E402
from tests.browser.states.gallery import gallery  # noqa: E402

FOLDER = ROOT / "build" / "gallery"
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>All pages of the pauzeknop portal</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 1rem; }}
figure {{ display: inline-block; vertical-align: top; margin: 0 1rem 1rem 0; width: 240px; }}
img {{ width: 100%; border: 1px solid #888; }}
</style>
</head>
<body>
<h1>{count} pictures</h1>
<nav>{links}</nav>
{sections}
</body>
</html>
"""


def main() -> None:
    """Render, photograph, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lang", action="append", choices=MENU_ORDER, help="only this one; may be given several times")
    parser.add_argument("--few", action="store_true", help="one state of each kind of page")
    parser.add_argument("--dark", action="store_true", help="in the dark scheme")
    parser.add_argument("--to", type=Path, default=FOLDER)
    asked = parser.parse_args()
    languages, names = asked.lang or MENU_ORDER, _names(few=asked.few)
    shutil.rmtree(asked.to, ignore_errors=True)
    asked.to.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        catalogue = render_all(Path(folder), languages)
        browser = launch(driver)
        wanted = [f"{lang}-{name}" for name in names for lang in languages]
        _photograph(browser, catalogue, wanted, asked.to, dark=asked.dark)
        browser.close()
    (asked.to / "index.html").write_text(_index(names, languages), encoding="utf-8")
    print(f"{len(wanted)} pictures: {asked.to / 'index.html'}")


def _names(*, few: bool) -> list[str]:
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for state in STATES:
        by_kind[state.kind].append(state.name)
    return [name for names in by_kind.values() for name in (names[:1] if few else names)]


def _photograph(browser: Browser, catalogue: Catalogue, names: Iterable[str], folder: Path, *, dark: bool) -> None:
    with gallery(browser, catalogue) as shown:
        if dark:
            shown.page.emulate_media(color_scheme="dark")
        for name in names:
            shown.show(name)
            shown.page.screenshot(path=folder / f"{name}.png", full_page=True, scale="css")


def _index(names: Iterable[str], languages: Iterable[str]) -> str:
    def figure(name: str, lang: str) -> str:
        file = f"{lang}-{name}.png"
        picture = f'<a href="{file}"><img src="{file}" loading="lazy" alt=""></a>'
        return f"<figure>{picture}<figcaption>{escape(lang)}</figcaption></figure>"

    rows = list(names)
    sections = (
        f'<h2 id="{escape(name)}">{escape(name)}</h2>\n' + "\n".join(figure(name, lang) for lang in languages)
        for name in rows
    )
    links = " ".join(f'<a href="#{escape(name)}">{escape(name)}</a>' for name in rows)
    return _PAGE.format(count=len(rows) * len(list(languages)), links=links, sections="\n".join(sections))


if __name__ == "__main__":
    main()
