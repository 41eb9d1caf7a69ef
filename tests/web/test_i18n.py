"""Texts are translated while templates are compiled; values are filled in and escaped."""

from __future__ import annotations

from datetime import UTC, date, datetime
from gettext import NullTranslations

import pytest
from jinja2 import DictLoader, Environment
from markupsafe import Markup

from citizen_portal.web import i18n

TEMPLATES = {
    "constant": '<p>{{ _("Hallo & dag") }}</p>',
    "joined": '{{ _("Hallo " "& dag") }}',
    "value": '{{ _("Gemeente %(name)s", name=name) }}',
    "html": '{{ _html("Nog <b>niets</b> van %(name)s", name=name) }}',
    "plain_html": '{{ _html("Nog <b>niets</b>") }}',
    "argument": '{% macro m(x) %}[{{ x }}]{% endmacro %}{{ m(_("Hallo & dag")) }}',
    "plural": '{{ _n("%(number)s dag", "%(number)s dagen", n) }}',
    "variable": "{{ _(name) }}",
}
ENGLISH = {
    "Hallo & dag": "Hello & bye",
    "Gemeente %(name)s": "%(name)s council",
    "Nog <b>niets</b> van %(name)s": "<b>Nothing</b> of %(name)s",
    "Nog <b>niets</b>": "<b>Nothing</b>",
}


class English(NullTranslations):
    def gettext(self, message: str) -> str:
        return ENGLISH.get(message, message)


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> Environment:
    monkeypatch.setattr(i18n, "catalogue", lambda _language: English())
    environment = i18n.environment("en")
    environment.loader = DictLoader(TEMPLATES)
    return environment


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("constant", "<p>Hello &amp; bye</p>"),
        ("joined", "Hello &amp; bye"),
        ("value", "&lt;Ede&gt; council"),
        ("html", "<b>Nothing</b> of &lt;Ede&gt;"),
        ("plain_html", "<b>Nothing</b>"),
        ("argument", "[Hello &amp; bye]"),
        ("plural", "1 dag"),
    ],
)
def test_texts_come_translated_and_escaped(english: Environment, template: str, expected: str) -> None:
    assert english.get_template(template).render(name="<Ede>", n=1) == expected


def test_a_constant_text_costs_nothing_at_run_time(english: Environment) -> None:
    source = english.compile(TEMPLATES["constant"], raw=True)
    assert "Hello &amp; bye" in source
    assert "Hallo" not in source


def test_a_text_that_is_no_constant_is_a_mistake(english: Environment) -> None:
    with pytest.raises(ValueError, match="needs a constant text"):
        english.get_template("variable")


def test_a_misspelt_name_fails_instead_of_staying_blank(english: Environment) -> None:
    with pytest.raises(Exception, match="'name' is undefined"):
        english.get_template("value").render()


def test_days_are_spelled_out_in_the_language_of_the_page() -> None:
    day = date(2026, 12, 18)
    assert i18n.long_day(day, "nl", year=False) == "vrijdag 18 december"
    assert i18n.long_day(day, "en", year=False) == "Friday 18 December"
    assert i18n.long_day(day, "nl", year=True) == "vrijdag 18 december 2026"


def test_moments_are_told_in_amsterdam_time_and_kept_in_utc() -> None:
    moment = i18n.environment("nl").filters["moment"](datetime(2026, 11, 23, 9, 4, tzinfo=UTC))
    assert moment == Markup('<time datetime="2026-11-23T09:04:00Z">maandag 23 november, 10:04</time>')


def test_the_year_shows_when_it_is_not_this_one() -> None:
    day = i18n.environment("nl").filters["day"]
    assert day(date(2027, 1, 4), 2026) == '<time datetime="2027-01-04">maandag 4 januari 2027</time>'
    assert day(date(2026, 12, 18), 2026) == '<time datetime="2026-12-18">vrijdag 18 december</time>'


def test_directions_and_names_of_languages() -> None:
    assert i18n.direction("ar") == "rtl" and i18n.direction("nl") == "ltr"
    assert i18n.own_name("nl") == "Nederlands"
