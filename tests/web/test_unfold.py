"""Unfolded templates say what Jinja alone would have said, to the byte."""
# ruff: noqa: E501 - a line break in a template is a part of it

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, Template

from citizen_portal.web import i18n
from citizen_portal.web.context import Portal
from citizen_portal.web.unfold import UnfoldingEnvironment
from tests.support.portal import TestPortal
from tests.support.walk import ZOE, Form, begin, press_as

MACROS = """
{% set LOOKS = {"a": "look-a", "b": "look-b"} %}
{% macro icon(name) %}<svg>{% if name == "x" %}X{% elif name == "y" %}Y{% else %}Z{% endif %}</svg>{% endmacro %}
{% macro field(name, label, value="", error=None, hint=None) %}
<p class="{{ LOOKS["a"] }}{{ " wrong" if error }}">{{ icon("x") }}{{ label }}{% if hint or error %} ({{ hint }}){% endif %}
<input name="{{ name }}" value="{{ value if value is not none else "" }}">{% if error %}{{ icon(error) }}{% endif %}</p>
{% endmacro %}
{% macro box(kind, title) %}<div class="{{ LOOKS[kind] }}">{{ title }}:{% if caller %}{{ caller() }}{% endif %}</div>{% endmacro %}
{% macro either(value=None) %}<b>{{ caller() if caller else value }}</b>{% endmacro %}
{% macro rows(options) %}{% for value, label in options %}{{ "first " if loop.first }}{{ value }}={{ label }}{{ "." if loop.last }}{% endfor %}{% endmacro %}
{% macro parts(prefix, day) %}{% for part, value in (("day", day), ("year", None)) %}{% with wrong = value %}{{ prefix }}_{{ part }}{{ wrong }} {% endwith %}{% endfor %}{% endmacro %}
{% macro sets(name) %}{% set shown = name ~ "!" %}{{ shown }}{% endmacro %}
{% macro any(first) %}{{ first }}{{ varargs|join(",") }}{% endmacro %}
{% macro down(number) %}{{ number }}{% if number > 0 %}{{ down(number - 1) }}{% endif %}{% endmacro %}
{% macro computed() %}{{ icon("y")|upper }}{% endmacro %}
"""
PAGES = {
    "constants": '{{ ui.field("a", "A & B", hint="<i>") }}',
    "values": '{{ ui.field("a", "A", user.name, error=user.error) }}{{ ui.field("b", "B", user.nothing) }}',
    "value named as a parameter": "{% set label = 'mine' %}{{ ui.field(label, user.name, value=label) }}{{ label }}",
    "call": '{% call ui.box("a", user.name) %}<i>{{ user.error }}{{ title }}</i>{% endcall %}',
    "call with a dynamic look": '{% call ui.box(user.kind, "t") %}x{% endcall %}',
    "caller or value": '{% call ui.either() %}called{% endcall %}{% call ui.either("unseen") %}{{ user.name }}{% endcall %}',
    "spelled out rows": '{{ ui.rows([("a", user.name), ("b", "B")]) }}',
    "rows from outside": "{{ ui.rows(user.options) }}{{ ui.rows([]) }}",
    "a call in a loop": '{% for one in user.list %}{% call ui.box("a", one) %}{{ loop.index }}{% endcall %}{% endfor %}',
    "a call that uses the loop in a macro with a loop": "{% for one in user.list %}{% call ui.either() %}{{ ui.rows([(one, loop.last)]) }}{% endcall %}{% endfor %}",
    "with inside": '{{ ui.parts("birth", user.day) }}',
    "set inside": '{{ ui.sets("a") }}{{ ui.sets(user.name) }}',
    "any number": "{{ ui.any(1, 2, user.name) }}",
    "recursion": "{{ ui.down(3) }}{{ ui.down(40) }}",
    "computed": "{{ ui.computed() }}{{ ui.icon('x')|length }}",
    "decided": "{% if false %}no{% elif user.name %}yes{% else %}never{% endif %}{% if 'a' == 'a' %}A{% endif %}",
    "loop in the page": "{% for a in ('x', user.name) %}{{ a }}{% if loop.first %}, {% endif %}{% endfor %}{{ title }}",
    "loop with a filter": "{% for a in (1, 2, 3) if a != 2 %}{{ a }}{% else %}none{% endfor %}",
    "included": "{% include 'part' %}",
    "block": "{% block b %}{{ ui.icon('x') }}{% endblock %}",
    "expression": "{{ 'a' if user.name else ui.icon('y') }}{{ 'b' if user.nothing }}",
}
OTHERS = {
    "macros": MACROS,
    "part": "{{ ui.icon('y') }}{{ user.name }}{% set title = 'inside' %}{{ title }}",
    "frame": "<{% block title %}T{% endblock %}>{{ title }}[{% block main %}main {{ user.name }}{% endblock %}]{{ self.title() }}",
    "middle": '{% extends "frame" %}{% import "macros" as ui %}{% block main %}{{ super() }}{% block inner %}I{% endblock %}'
    "{{ ui.icon('x') }}{% endblock %}",
    "leaf": '{% extends "middle" %}{% import "macros" as ui %}{% set made = user.name ~ "?" %}not shown'
    "{% block title %}{{ ui.icon('y') }}{{ made }}{% endblock %}{% block inner %}{% set x = 1 %}{{ super() }}{{ x }}{% endblock %}",
    "chosen parent": "{% extends user.parent %}{% block title %}chosen{% endblock %}",
}
USER = {
    "name": "<Zoë & co>",
    "error": "x",
    "nothing": None,
    "kind": "b",
    "options": [("p", "<P>"), ("q", "Q")],
    "list": ["een", "twee"],
    "day": 5,
    "parent": "frame",
}


def environment(kind: type[Environment]) -> Environment:
    pages = {name: '{% import "macros" as ui %}' + text for name, text in PAGES.items()}
    return kind(loader=DictLoader({**OTHERS, **pages}), autoescape=True, undefined=StrictUndefined)


@pytest.mark.parametrize("name", [*PAGES, "frame", "middle", "leaf", "chosen parent"])
def test_an_unfolded_template_says_the_same(name: str) -> None:
    expected = environment(Environment).get_template(name).render(user=USER, title="outside")
    assert environment(UnfoldingEnvironment).get_template(name).render(user=USER, title="outside") == expected


@pytest.mark.parametrize(
    "name", ["constants", "values", "call", "caller or value", "spelled out rows", "included", "leaf"]
)
def test_no_macro_and_no_parent_is_left_to_look_for(name: str) -> None:
    made = environment(UnfoldingEnvironment)
    assert made.loader is not None
    source, _, _ = made.loader.get_source(made, name)
    assert "get_template" not in str(made.compile(source, name, raw=True))


class Both:
    """In the place of an environment: shows every page both ways, and fails when they differ."""

    def __init__(self, unfolding: Environment, plain: Environment) -> None:
        self._unfolding, self._plain = unfolding, plain
        self.shown: set[str] = set()

    def get_template(self, name: str) -> Both:
        self._templates: tuple[Template, Template] = (
            self._unfolding.get_template(name),
            self._plain.get_template(name),
        )
        self.shown.add(name)
        return self

    def render(self, **context: Any) -> str:
        unfolded, plain = (template.render(**context) for template in self._templates)
        assert unfolded == plain
        return unfolded


@pytest.fixture
def both(portal: TestPortal) -> Iterator[dict[str, Both]]:
    parts = portal.app.extensions["citizen_portal"]
    assert isinstance(parts, Portal)
    compared = {}
    for language, unfolding in parts.environments.items():
        plain = i18n.environment(language)
        plain.__class__ = Environment
        plain.filters = unfolding.filters
        compared[language] = Both(unfolding, plain)
    parts.environments.update(compared)  # type: ignore[arg-type]
    yield compared


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_page_of_the_portal_is_the_same_as_without_unfolding(
    portal: TestPortal, both: dict[str, Both], lang: str
) -> None:
    given: dict[str, Form] = {**ZOE, "for-whom": {"for_whom": "other"}}
    walk = begin(portal, lang=lang, form={"for_whom": "other"})
    while walk.step != "check":
        walk.post({})
        walk.post(given[walk.step])
    walk.get(walk.path.replace("check", "delete"))
    walk.get(walk.path.replace("delete", "municipality"))
    walk.get(f"{walk.path}?q=dam")
    for municipality in ("GM0363", "GM0518"):
        begin(portal, lang=lang).to_check({"municipality": {"municipality": municipality}})
    press_as(portal, lang=lang)
    for path in ("", "privacy", "deleted", "nothing"):
        portal.client().get(f"/{lang}/{path}")
    steps = {
        f"steps/{name}.html" for name in ("for-whom", "helper", "address", "municipality", "urgent", "name", "contact")
    }
    others = {"journey/check.html", "journey/letter.html", "journey/delete.html", "status/status.html", "start.html"}
    assert steps | others <= both[lang].shown
