"""The accessibility statement: in the form that Dutch law asks, true to the last run, with what is known wrong."""

from __future__ import annotations

import gzip
import re
from html import unescape
from pathlib import Path

import pytest

from citizen_portal import resources
from citizen_portal.config.languages import MENU_ORDER
from citizen_portal.web.accessibility import FILE, results
from tests.browser.states.catalogue import STATES
from tests.support.portal import make_portal
from tools.accessibility_results import CHECKS


@pytest.fixture
def said(tmp_path: Path) -> str:
    """What the statement says, in one line."""
    portal = make_portal(tmp_path)
    answer = portal.client().get("/nl/accessibility", headers={"Accept-Encoding": "gzip"})
    portal.database.close()
    html = gzip.decompress(answer.get_data()).decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main>")[0])).split())


def test_it_has_every_part_that_the_law_asks(said: str) -> None:
    parts = (
        "Waar gaat dit over?",
        "is verantwoordelijk",
        "Besluit digitale toegankelijkheid overheid",
        "Status D: voldoet niet",
        "WCAG 2.2, niveau A en AA",
        "Hoe testten wij?",
        "WCAG-EM",
        "Wat doen wij eraan?",
        "Vertel het uw gemeente",
        "Nationale ombudsman",
        "Deze verklaring is van",
    )
    assert [part for part in parts if part not in said] == []


def test_every_shortcoming_says_who_why_what_to_do_and_when(said: str) -> None:
    source = (resources.folder("templates") / "information" / "shortcomings.html").read_text("utf-8")
    known = source.count("{{ _shortcoming(")
    assert known >= 1
    for question in ("Voor wie is dit lastig?", "Hoe komt dat?", "Wat kunt u doen?", "Wanneer wordt het beter?"):
        assert said.count(question) == known


def test_it_tells_every_check_with_its_figures(said: str) -> None:
    kept = results()
    assert {check.name for check in kept.checks} == set(CHECKS), "make accessibility-results"
    for check in kept.checks:
        assert ", ".join(check.tools) in said
        assert (f"Van {check.tests} testen gingen er {check.failed} fout" in said) == (check.failed > 0)
    assert len(kept.scores) == len(re.findall(r"\): \d+, \d+, \d+", said))


@pytest.mark.long
def test_it_speaks_of_all_pages_in_all_languages() -> None:
    kept = results()
    found = (kept.pages, set(kept.languages))
    assert found == (len(STATES), set(MENU_ORDER)), f"{FILE.name} is of another time: make accessibility-results"
