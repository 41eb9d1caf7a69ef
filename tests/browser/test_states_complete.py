"""No state is forgotten: what the house can show, some state of the catalogue shows. Needs no browser."""

from __future__ import annotations

import re
from html import unescape

import pytest
from babel.messages.pofile import read_po

from citizen_portal.config.languages import SOURCE_LANGUAGE
from citizen_portal.journey.steps import STEPS
from citizen_portal.progress.events import AppointmentForm, ContactChannel, Status
from citizen_portal.progress.facts import Headline
from citizen_portal.progress.timeline import State as Look
from citizen_portal.progress.timeline import Truth, Wait
from tests.browser.states.catalogue import ROOT, STATES, Catalogue

TEMPLATES = ROOT / "templates"
_PLACEHOLDER = re.compile(r"%\\\((?:\w+)\\\)[a-z]")
# The example municipality has pages of its own, with tests of their own.
_NOT_THE_PORTAL = "example/"
# It says of a translation that nobody has read it yet.
_NEVER_IN_DUTCH = "Deze vertaling is nog niet nagelezen"


@pytest.fixture(scope="module")
def dutch(catalogue: Catalogue) -> str:
    """All pages and papers in the language of the source, as they are read."""
    pages = (unescape(page.html) for page in catalogue.pages.values() if page.lang == SOURCE_LANGUAGE)
    return re.sub(r"\s+", " ", " ".join((*pages, *catalogue.papers)))


@pytest.mark.parametrize("step", [step.name for step in STEPS])
def test_every_step_is_seen_empty_wrong_and_filled(step: str) -> None:
    variants = {state.name.removeprefix(f"{step}-").split("-")[0] for state in STATES if state.kind == step}
    assert {"empty", "wrong", "filled"} <= variants


def test_every_template_is_used_by_some_state(catalogue: Catalogue) -> None:
    there = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    assert {name for name in there if not name.startswith(_NOT_THE_PORTAL)} == catalogue.templates


def test_every_text_that_residents_can_read_is_read_in_some_state(dutch: str) -> None:
    """A branch of a template and a mistake in a field both have words: so neither can be left out."""
    with (ROOT / "translations" / "messages.pot").open("rb") as file:
        texts = [text for message in read_po(file) for text in _forms(message.id)]
    assert len(texts) > 200
    missed = [text for text in texts if not (text.startswith(_NEVER_IN_DUTCH) or _pattern(text).search(dutch))]
    assert missed == [], "\n".join(missed)


def test_every_timeline_is_seen(catalogue: Catalogue) -> None:
    lines = catalogue.timelines
    assert {line.truth for line in lines} == set(Truth)
    assert {line.waits_for for line in lines if line.truth is Truth.NOTHING_PAUSED} == set(Wait)
    assert {line.facts.headline for line in lines} == set(Headline)
    assert {line.received for line in lines} == set(Look) - {Look.LATER}
    assert {line.contact for line in lines} == set(Look)
    assert {line.kennisgeving for line in lines} == {Look.DONE, Look.WAITING, Look.LATER}
    for name in ("overdue", "term_passed", "appointment_too_late", "appointment_past", "pause_ends_soon"):
        assert {getattr(line, name) for line in lines} == {False, True}, name


def test_every_report_of_a_municipality_is_seen_and_every_way_that_it_names(catalogue: Catalogue) -> None:
    facts = [line.facts for line in catalogue.timelines]
    occasions = [one.attempts for one in facts] + [(one.contact.first,) for one in facts if one.contact]
    assert {occasion.channel for some in occasions for occasion in some} == {None, *ContactChannel}
    assert {one.appointment.form for one in facts if one.appointment} == set(AppointmentForm)
    # A revocation is never a fact itself: what it took back is as if it had never been.
    reported = set(Status) - {Status.REVOKES}
    assert {one.headline.value for one in facts} >= {status.value for status in reported}


def _forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """The forms of a text: one, or those of a plural; none for the header of a catalogue."""
    return (text,) * bool(text) if isinstance(text, str) else tuple(text)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(_PLACEHOLDER.sub(".{1,200}?", re.escape(text)))
