"""What residents read exists in every language we have, whole: no text missing, left over, half done or broken."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

# The stubs that mypy finds (types-babel) are older than our Babel.
from babel.messages.frontend import parse_mapping_cfg  # type: ignore[attr-defined]
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "translations"
LANGUAGES = sorted(folder.name for folder in TRANSLATIONS.iterdir() if folder.is_dir())
# The same as in the Makefile's `translations`.
KEYWORDS = {**DEFAULT_KEYWORDS, "_html": None, "_n": (1, 2)}

_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")


def _is_ours(folder: str) -> bool:
    name = Path(folder).name
    return name != "node_modules" and not name.startswith((".", "_"))


def _read(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _entries(catalogue: Catalog) -> list[Message]:
    """All entries but the header, which has the empty text as its id."""
    return [message for message in catalogue if message.id]


def _forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """The forms of a text: one, or those of a plural."""
    return (text,) if isinstance(text, str) else tuple(text)


def _texts(catalogue: Catalog) -> set[tuple[str, ...]]:
    return {_forms(message.id) for message in _entries(catalogue)}


def _changed(pattern: re.Pattern[str], message: Message) -> bool:
    """Whether a translated form has other pieces that match `pattern` than its Dutch form: the last one is plural."""
    dutch, translated = _forms(message.id), _forms(message.string)
    wanted = [dutch[0], *[dutch[-1]] * (len(translated) - 1)]
    return any(
        Counter(pattern.findall(ours)) != Counter(pattern.findall(theirs))
        for ours, theirs in zip(wanted, translated, strict=True)
    )


@pytest.fixture(scope="module")
def in_use() -> set[tuple[str, ...]]:
    """The texts that templates and code ask for now, each with its forms."""
    mapping = TRANSLATIONS / "babel.cfg"
    with mapping.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file, filename=str(mapping))
    found = extract_from_dir(
        ROOT,
        methods,
        options,
        keywords=KEYWORDS,
        directory_filter=_is_ours,
    )
    return {_forms(text) for _file, _line, text, _comments, _context in found}


@pytest.fixture(scope="module", params=LANGUAGES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    language: str = request.param
    return _read(TRANSLATIONS / language / "LC_MESSAGES" / "messages.po", language)


def test_texts_are_found_in_templates_and_in_code(in_use: set[tuple[str, ...]]) -> None:
    assert ("Vraag hulp en een pauze",) in in_use, "templates"
    assert ("Vul uw naam in.",) in in_use, "code"
    assert any(len(forms) == 2 for forms in in_use), "plurals"


def test_english_is_one_of_the_languages() -> None:
    assert "en" in LANGUAGES


def test_the_template_for_translators_is_what_is_in_use(in_use: set[tuple[str, ...]]) -> None:
    template = _texts(_read(TRANSLATIONS / "messages.pot"))
    assert sorted(in_use - template) == [], "new: run `make translations`"
    assert sorted(template - in_use) == [], "no longer used: run `make translations`"


def test_a_catalogue_has_every_text_in_use(catalogue: Catalog, in_use: set[tuple[str, ...]]) -> None:
    assert sorted(in_use - _texts(catalogue)) == []


def test_a_catalogue_has_nothing_that_is_no_longer_used(catalogue: Catalog, in_use: set[tuple[str, ...]]) -> None:
    assert sorted(_texts(catalogue) - in_use) == []
    assert list(catalogue.obsolete) == []


def test_every_form_of_every_text_is_translated(catalogue: Catalog) -> None:
    empty = [message.id for message in _entries(catalogue) if not all(form.strip() for form in _forms(message.string))]
    assert empty == []


def test_no_translation_waits_for_a_second_look(catalogue: Catalog) -> None:
    assert not catalogue.fuzzy
    assert [message.id for message in _entries(catalogue) if message.fuzzy] == []


def test_plurals_have_as_many_forms_as_the_language(catalogue: Catalog) -> None:
    plurals = [message for message in _entries(catalogue) if message.pluralizable]
    assert [message.id for message in plurals if len(_forms(message.string)) != catalogue.num_plurals] == []


def test_translations_keep_the_placeholders(catalogue: Catalog) -> None:
    assert [message.id for message in _entries(catalogue) if _changed(_PLACEHOLDER, message)] == []
    assert [(message.id, errors) for message, errors in catalogue.check()] == []


def test_translations_keep_the_tags(catalogue: Catalog) -> None:
    assert [message.id for message in _entries(catalogue) if _changed(_TAG, message)] == []
