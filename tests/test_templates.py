"""Every template compiles in every language, is used, and says nothing that a translator would not see."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, meta, nodes

import citizen_portal
from citizen_portal import resources
from citizen_portal.journey.steps import STEPS
from tests.support.portal import make_portal

FOLDER = resources.folder("templates")
NAMES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
ROOT = Path(citizen_portal.__file__).parent
CODE = sorted(ROOT.rglob("*.py"))

# Dutch by nature: the example municipality is for developers, the letter goes to a Dutch municipality.
DUTCH_TEMPLATES = ("example/*", "journey/dutch_letter.html")
# The API speaks Dutch to machines (NL API Design Rules), the example municipality to developers.
DUTCH_CODE = (
    "example/*",
    *(f"progress/{name}.py" for name in ("api", "document", "events", "problems", "receipts_api")),
)

_ANY_VALUE = "\ufffc"
_GETTEXT = {"_", "_both", "_c", "_html", "_n"}
_READ_ALOUD = {"alt", "aria-description", "aria-label", "label", "placeholder", "title"}
_LETTERS = re.compile(r"[^\W\d_]+")
# Words of Dutch that are none of English.
_DUTCH = re.compile(r"\b(het|een|uw|u|niet|wij|voor|kies|vul|deze|geen|naar|bij|heeft|kunt)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\s[\w-]+=\"[^\"]*\"")
_SENTENCE = re.compile(r"\s*[A-Z][a-z]+(\s|$)")

_plain = Environment(autoescape=True)


def _source(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _is_one_of(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


TRANSLATED = [name for name in NAMES if not _is_one_of(name, DUTCH_TEMPLATES)]


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Environment]]:
    """The portal's own, one for each language."""
    portal = make_portal(tmp_path_factory.mktemp("portal"))
    yield portal.app.extensions["citizen_portal"].environments
    portal.database.close()


def test_every_template_compiles_in_every_language(environments: dict[str, Environment]) -> None:
    assert set(environments) == {
        "nl",
        *(path.name for path in resources.folder("translations").iterdir() if path.is_dir()),
    }
    for environment in environments.values():
        for name in NAMES:
            if not name.startswith("example/"):
                environment.get_template(name)


def test_every_question_has_a_page_and_every_page_of_a_question_a_question() -> None:
    pages = {name.removeprefix("steps/").removesuffix(".html") for name in NAMES if name.startswith("steps/")}
    assert {page for page in pages if not page.startswith("_")} == {step.name for step in STEPS}


def test_every_template_is_used() -> None:
    asked_for = _asked_for_by_code()
    used = {name for name in NAMES if _is_one_of(name, asked_for) and not Path(name).name.startswith("_")}
    assert [pattern for pattern in asked_for if not any(fnmatch(name, pattern) for name in NAMES)] == []
    seen: set[str] = set()
    while new := used - seen:
        seen |= new
        for name in new:
            folder = "example/" if name.startswith("example/") else ""
            used |= {folder + one for one in meta.find_referenced_templates(_plain.parse(_source(name))) if one}
    assert sorted(set(NAMES) - used) == []


def test_every_macro_is_used() -> None:
    everything = "\n".join(map(_source, NAMES))
    macros = {macro.name for name in NAMES for macro in _plain.parse(_source(name)).find_all(nodes.Macro)}
    calls = set(re.findall(r"\b(\w+)\(", re.sub(r"{%-?\s*macro\s+\w+\(", "", everything)))
    assert macros and sorted(macros - calls) == []


@pytest.mark.parametrize("name", TRANSLATED)
def test_every_text_of_a_template_is_for_translators(name: str) -> None:
    assert list(_texts_of_markup(_source(name))) == []
    assert list(_texts_of_expressions(_source(name))) == []


def test_every_text_of_the_code_is_for_translators() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in CODE
        if not _is_one_of(path.relative_to(ROOT).as_posix(), DUTCH_CODE)
        for line, text in _dutch_outside_gettext(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_what_is_translated_in_the_code_is_a_constant() -> None:
    calls = [call for path in CODE for call in _calls(ast.parse(path.read_text(encoding="utf-8"))) if _is_gettext(call)]
    assert len(calls) > 20
    assert [ast.unparse(call) for call in calls if not isinstance(call.args[0], ast.Constant)] == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<p>Hallo</p>", ["Hallo"]),
        ("<p>{{ _('Hallo') }}: {{ name }}</p>", []),
        ("<p{% if x %} class='Hallo'{% endif %}>{# Hallo #}12 - {{ x }}</p>", []),
        ("<img alt='Een boom'><a aria-label='{{ _('Terug') }}' href='hallo'></a>", ["Een boom"]),
        ("<script>let hallo</script>", []),
        ("{{ button('Ga verder') }}", ["Ga verder"]),
        ("{{ button(_('Ga verder'), 'class--a class--b', _n('Een', 'Meer', 2)) }}", []),
        ("{% set x = {'a': 'u kunt bellen'} %}", ["u kunt bellen"]),
    ],
)
def test_a_text_outside_gettext_is_found(source: str, said: list[str]) -> None:
    assert [*_texts_of_markup(source), *_texts_of_expressions(source)] == said


def _asked_for_by_code() -> tuple[str, ...]:
    """The names of templates in the code, `*` where a name is put together. The example has a folder of its own."""
    found = set()
    for path in CODE:
        folder = "example/" if path.parent.name == "example" else ""
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values]
                found.add(folder + "".join(parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(folder + node.value)
    return tuple(sorted(name for name in found if re.fullmatch(r"[\w*/-]+\.html", name)))


class _Reader(HTMLParser):
    """Collects what a reader sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self.said += [value for name, value in attrs if name in _READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in {"script", "style"}:
            # A macro may be an attribute that stands in its caller's tag.
            self.said.append(_ATTRIBUTE.sub("", data))


def _texts_of_markup(source: str) -> Iterator[str]:
    """What stands in the HTML itself, every value and every tag of the template left out."""
    markup, inside = "", ""
    for _line, token, value in _plain.lex(source):
        if token == "data" and not inside:
            markup += value
        elif token in {"variable_begin", "block_begin"}:
            inside = token
            markup += _ANY_VALUE if token == "variable_begin" else ""
        elif token in {"variable_end", "block_end"}:
            inside = ""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    yield from (text.strip() for text in reader.said if _LETTERS.search(text))


def _texts_of_expressions(source: str) -> Iterator[str]:
    """Texts in the template's own expressions that are not given to gettext."""
    calls: list[bool] = []
    before = ""
    for _line, token, value in _plain.lex(source):
        if token == "operator" and value == "(":
            calls.append(before in _GETTEXT)
        elif token == "operator" and value == ")":
            calls.pop()
        elif token == "string" and not any(calls[-1:]) and _is_text(value[1:-1]):
            yield value[1:-1]
        if token != "whitespace":
            before = value


def _is_text(value: str) -> bool:
    """Whether this is for a reader, not a name, a class or a format."""
    return bool(" " in value and _DUTCH.search(value)) or bool(_SENTENCE.match(value) and "--" not in value)


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _is_gettext(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in {"_", "_c", "gettext", "ngettext", "pgettext"}


def _dutch_outside_gettext(tree: ast.Module) -> Iterator[tuple[int, str]]:
    translated = {id(node) for call in _calls(tree) if _is_gettext(call) for node in ast.walk(call)}
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in translated | told:
            continue
        if " " in node.value and _DUTCH.search(node.value):
            yield node.lineno, node.value
