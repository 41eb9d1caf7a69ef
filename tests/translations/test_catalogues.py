"""What residents read exists in every language we have, whole: no text missing, left over, half done or broken.

Entries are told apart by their context and their forms: one Dutch word that means two things has two entries.
"""

from __future__ import annotations

import re
from collections import Counter
from gettext import c2py
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

# The stubs that mypy finds (types-babel) are older than our Babel.
from babel.messages.frontend import parse_mapping_cfg  # type: ignore[attr-defined]
from babel.messages.pofile import read_po

from citizen_portal.config.languages import MENU_ORDER, SOURCE_LANGUAGE

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "translations"
LANGUAGES = sorted(folder.name for folder in TRANSLATIONS.iterdir() if folder.is_dir())
# The same as in the Makefile's `translations`.
KEYWORDS = {**DEFAULT_KEYWORDS, "_html": None, "_both": None, "_n": (1, 2), "_c": ((1, "c"), 2)}
# What a text of this language is written in: without one such letter, it was left in Dutch.
SCRIPTS = {"ar": r"[\u0600-\u06ff]", "fa": r"[\u0600-\u06ff]", "ti": r"[\u1200-\u137f]", "uk": r"[\u0400-\u04ff]"}
# Persian has letters of its own, and Arabic has some that Persian writes otherwise.
NOT_OF_THE_LANGUAGE = {"ar": "[\u067e\u0686\u0698\u06a9\u06af\u06cc]", "fa": "[\u064a\u0643\u0629]", "uk": "[ыэъё]"}
# The same in every script.
NAMES = {"Sms"}

_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_MARKUP = re.compile(f"{_PLACEHOLDER.pattern}|{_TAG.pattern}")
_LETTER = re.compile(r"[^\W\d_]")
_QUOTED = re.compile(r"‘([^’]+)’")
# They would turn what is copied, and an address or a code would be wrong: `bdi` and `dir` do it on pages.
_CONTROLS = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

Entry = tuple[str | None, tuple[str, ...]]
"""The context, if any, and the forms of a text."""


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


def _texts(catalogue: Catalog) -> set[Entry]:
    return {(message.context, _forms(message.id)) for message in _entries(catalogue)}


def _pairs(catalogue: Catalog) -> list[tuple[str, str]]:
    """Every Dutch text with its translation, form by form: the last of the Dutch ones is plural."""
    return [
        (_forms(message.id)[min(place, len(_forms(message.id)) - 1)], form)
        for message in _entries(catalogue)
        for place, form in enumerate(_forms(message.string))
    ]


def _sorted(entries: set[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry[1], entry[0] or ""))


def _changed(pattern: re.Pattern[str], message: Message, may_be_words: frozenset[int] = frozenset()) -> bool:
    """Whether a translated form has other pieces that match `pattern` than its Dutch form: the last one is plural.

    The forms in `may_be_words` are of one number each, which they may say in a word: "two days".
    """
    dutch, translated = _forms(message.id), _forms(message.string)
    wanted = [dutch[0], *[dutch[-1]] * (len(translated) - 1)]
    for place, (theirs, ours) in enumerate(zip(wanted, translated, strict=True)):
        in_words = message.pluralizable and place in may_be_words and "%(number)s" not in ours
        asked = theirs.replace("%(number)s", "") if in_words else theirs
        if Counter(pattern.findall(ours)) != Counter(pattern.findall(asked)):
            return True
    return False


def _of_one_number(catalogue: Catalog) -> frozenset[int]:
    """The plural forms that only one number takes."""
    form_of = c2py(catalogue.plural_expr)
    counted = Counter(form_of(number) for number in range(1000))
    return frozenset(form for form, count in counted.items() if count == 1)


@pytest.fixture(scope="module")
def in_use() -> set[Entry]:
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
    return {(context, _forms(text)) for _file, _line, text, _comments, context in found}


@pytest.fixture(scope="module", params=LANGUAGES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    language: str = request.param
    return _read(TRANSLATIONS / language / "LC_MESSAGES" / "messages.po", language)


def test_texts_are_found_in_templates_and_in_code(in_use: set[Entry]) -> None:
    assert (None, ("Vraag hulp en een pauze",)) in in_use, "templates"
    assert (None, ("Vul uw naam in.",)) in in_use, "code"
    assert any(len(forms) == 2 for _, forms in in_use), "plurals"
    assert any(forms[0].startswith("‘Ik vroeg op %(day)s om hulp.") for _, forms in in_use), "what is said aloud"
    assert all(any(context and forms == (text,) for context, forms in in_use) for text in ("Later", "Stoppen:"))


def test_every_language_has_a_folder_and_a_place_in_the_menu() -> None:
    assert {*LANGUAGES, SOURCE_LANGUAGE} == set(MENU_ORDER)


def test_the_template_for_translators_is_what_is_in_use(in_use: set[Entry]) -> None:
    template = _texts(_read(TRANSLATIONS / "messages.pot"))
    assert _sorted(in_use - template) == [], "new: run `make translations`"
    assert _sorted(template - in_use) == [], "no longer used: run `make translations`"


def test_a_catalogue_has_every_text_in_use(catalogue: Catalog, in_use: set[Entry]) -> None:
    assert _sorted(in_use - _texts(catalogue)) == []


def test_a_catalogue_has_nothing_that_is_no_longer_used(catalogue: Catalog, in_use: set[Entry]) -> None:
    assert _sorted(_texts(catalogue) - in_use) == []
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
    in_words = _of_one_number(catalogue)
    assert [message.id for message in _entries(catalogue) if _changed(_PLACEHOLDER, message, in_words)] == []
    assert [(message.id, errors) for message, errors in catalogue.check()] == []


def test_translations_keep_the_tags(catalogue: Catalog) -> None:
    assert [message.id for message in _entries(catalogue) if _changed(_TAG, message)] == []


def test_translations_keep_the_space_at_their_ends_and_double_none(catalogue: Catalog) -> None:
    assert [ours for dutch, ours in _pairs(catalogue) if _ends(dutch) != _ends(ours) or "  " in ours] == []


def test_translations_hold_no_hidden_characters(catalogue: Catalog) -> None:
    assert [ours for _, ours in _pairs(catalogue) if _CONTROLS.search(ours)] == []


def test_translations_use_the_digits_of_dutch_letters(catalogue: Catalog) -> None:
    assert [ours for _, ours in _pairs(catalogue) if re.search(r"(?![0-9])\d", ours)] == []


def test_texts_are_in_the_script_of_their_language(catalogue: Catalog) -> None:
    language = str(catalogue.locale)
    script = SCRIPTS.get(language, "")
    in_words = [(dutch, _MARKUP.sub("", ours)) for dutch, ours in _pairs(catalogue) if dutch not in NAMES]
    left = [ours for _, ours in in_words if script and _LETTER.search(ours) and not re.search(script, ours)]
    assert left == []
    if language in NOT_OF_THE_LANGUAGE:
        assert [ours for _, ours in in_words if re.search(NOT_OF_THE_LANGUAGE[language], ours)] == []


def test_no_sentence_was_left_in_dutch(catalogue: Catalog) -> None:
    """A word may be the same in two languages; three in a row are not."""
    same = [dutch for dutch, ours in _pairs(catalogue) if dutch == ours and len(_LETTER.sub("x", dutch).split()) > 2]
    assert same == []


def test_a_button_is_called_what_stands_on_it(catalogue: Catalog) -> None:
    """Where the Dutch quotes a text of its own, the translation quotes its own translation of that text."""
    translated = dict(_pairs(catalogue))
    quoting = [
        (translated[name], ours)
        for dutch, ours in _pairs(catalogue)
        for name in _QUOTED.findall(dutch)
        if name in translated
    ]
    assert len(quoting) > 5
    assert [(name, ours) for name, ours in quoting if name not in ours] == []


def _ends(text: str) -> tuple[bool, bool]:
    return text[:1].isspace(), text[-1:].isspace()
