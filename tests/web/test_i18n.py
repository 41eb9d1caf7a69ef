"""Texts are translated while templates are compiled; values are filled in and escaped."""

from __future__ import annotations

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
    "context": '{{ _c("a day from now", "Morgen") }} {{ _c("part of the day", "Morgen") }}',
    "context_value": '{{ _c("part of the day", "In de %(part)s", part=name) }}',
    "both": '{% set pair = _both("Hallo & dag") %}{{ pair[0] }} / {{ pair[1] }}',
    "both_value": '{{ _both("Gemeente %(name)s", name=name) }}',
    "context_alone": '{{ _c("part of the day") }}',
}
ENGLISH = {
    "Hallo & dag": "Hello & bye",
    "Gemeente %(name)s": "%(name)s council",
    "Nog <b>niets</b> van %(name)s": "<b>Nothing</b> of %(name)s",
    "Nog <b>niets</b>": "<b>Nothing</b>",
}


IN_CONTEXT = {
    ("a day from now", "Morgen"): "Tomorrow",
    ("part of the day", "Morgen"): "Morning",
    ("part of the day", "In de %(part)s"): "In the %(part)s",
}


class English(NullTranslations):
    def gettext(self, message: str) -> str:
        return ENGLISH.get(message, message)

    def pgettext(self, context: str, message: str) -> str:
        return IN_CONTEXT.get((context, message), message)


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
        ("context", "Tomorrow Morning"),
        ("context_value", "In the &lt;Ede&gt;"),
        ("both", "Hello &amp; bye / Hallo &amp; dag"),
    ],
)
def test_texts_come_translated_and_escaped(english: Environment, template: str, expected: str) -> None:
    assert english.get_template(template).render(name="<Ede>", n=1) == expected


@pytest.mark.parametrize(
    ("language", "name", "shown"),
    [
        ("nl", "محمد", "<bdi>محمد</bdi>"),
        ("nl", "Zoë", "Zoë"),
        ("ar", "'s-Hertogenbosch", "<bdi>&#39;s-Hertogenbosch</bdi>"),
        ("fa", "P-7K3M-9QX2", "<bdi>P-7K3M-9QX2</bdi>"),
        ("ar", "محمد", "محمد"),
        ("ar", "12", "12"),
        ("ar", Markup("<b>Ede</b>"), "<b>Ede</b>"),
    ],
)
def test_a_name_of_the_other_direction_is_isolated(language: str, name: str, shown: str) -> None:
    environment = i18n.environment(language)
    assert environment.from_string('{{ _("Van: %(name)s.", name=name) }}').render(name=name) == f"Van: {shown}."


def test_a_constant_text_costs_nothing_at_run_time(english: Environment) -> None:
    source = english.compile(TEMPLATES["constant"], raw=True)
    assert "Hello &amp; bye" in source
    assert "Hallo" not in source


@pytest.mark.parametrize("template", ["variable", "context_alone"])
def test_a_text_that_is_no_constant_is_a_mistake(english: Environment, template: str) -> None:
    with pytest.raises(ValueError, match="needs a constant text"):
        english.get_template(template)


def test_a_pair_is_filled_in_where_it_is_shown(english: Environment) -> None:
    with pytest.raises(ValueError, match="takes no values"):
        english.get_template("both_value")


def test_a_misspelt_name_fails_instead_of_staying_blank(english: Environment) -> None:
    with pytest.raises(Exception, match="'name' is undefined"):
        english.get_template("value").render()


def test_the_languages_of_contact_are_named_in_themselves(english: Environment) -> None:
    assert english.from_string("{{ 'so'|language_name }} {{ 'ar'|language_name }}").render() == "Soomaali العربية"
