"""A screen reader says what somebody listened to before, and a change of that is seen."""

from __future__ import annotations

from difflib import unified_diff

import pytest

from tests.screenreader.transcripts import JOURNEY, LANGUAGES, WHOLE, accepted, spoken

HOW_TO_ACCEPT = "Read it aloud. If it is right: .venv/bin/python -m tests.screenreader.accept"


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return spoken(tmp_path_factory.mktemp("spoken"))


def test_every_page_of_the_journey_says_what_was_accepted(said: dict[str, str]) -> None:
    kept = accepted()
    assert kept.keys() == said.keys(), HOW_TO_ACCEPT
    lines = [
        line
        for name in sorted(said)
        for line in unified_diff(kept[name].splitlines(), said[name].splitlines(), f"{name} accepted", name, n=1)
    ]
    assert lines == [], "\n".join([HOW_TO_ACCEPT, *lines])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", JOURNEY)
def test_everything_that_can_be_used_has_a_name_and_no_drawing_is_read(
    said: dict[str, str], lang: str, name: str
) -> None:
    phrases = [line.strip() for line in said[f"{lang}/{name}.txt"].splitlines()]
    nameless = {"link", "button", "textbox", "checkbox", "radio", "combobox", "heading"}
    assert [phrase for phrase in phrases if phrase.partition(",")[0] in nameless and "," not in phrase] == []
    assert [phrase for phrase in phrases if phrase.startswith(("graphics", "img", "image"))] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in JOURNEY if name != WHOLE])
def test_the_title_says_first_which_page_this_is(said: dict[str, str], lang: str, name: str) -> None:
    title, *phrases = said[f"{lang}/{name}.txt"].splitlines()
    heading = next(line.strip() for line in phrases if line.strip().startswith("heading, ") and "level 1" in line)
    assert heading.removeprefix("heading, ").removesuffix(", level 1") in title
    assert ("wrong" in name) == title.startswith(("Fout: ", "Error: "))


def test_every_page_has_another_title(said: dict[str, str]) -> None:
    """By the title alone somebody knows which of several open pages this is, and that it is another than before."""
    for lang in LANGUAGES:
        titles = [said[f"{lang}/{name}.txt"].splitlines()[0] for name in JOURNEY if not name.startswith("status")]
        assert len(set(titles)) == len(titles)
