"""The style sheet that residents get: as small, as readable and as free of surprises as promised."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import tinycss2

from citizen_portal import resources
from tools import build_assets

STYLES = build_assets.ROOT / "styles"
BUILT = resources.folder("static") / "portal.css"
LIGHT, DARK = "light", "dark"

MOST_BYTES = 7680
"""7.5 KB as sent (gzip -9): start page and style sheet have to fit in one round trip of 14 KB together."""

NOT_STYLED = {
    "answers",
    "for-other",
    "pause-form",
    "todo",
}
"""Classes that only say what something is."""

# What is read on what: WCAG 2.2, 1.4.3. `quiet` is the colour of hints and of everything small.
QUIET = "--utrecht-form-field-description-color"
GROUND, SURFACE = "--utrecht-document-background-color", "--utrecht-surface-background-color"
TEXT = "--utrecht-document-color"
LINK = "--utrecht-link-color"
CHOSEN = "--portal-chosen-background-color"
ERROR = "--utrecht-form-field-error-message-color"
STATES = ("ok", "warning", "error", "info")
READ_ON = [
    *((TEXT, ground) for ground in (GROUND, SURFACE, CHOSEN)),
    *((QUIET, ground) for ground in (GROUND, SURFACE, CHOSEN)),
    *((LINK, ground) for ground in (GROUND, SURFACE)),
    *((ERROR, ground) for ground in (GROUND, SURFACE, "--utrecht-alert-error-background-color")),
    *((TEXT, f"--utrecht-alert-{state}-background-color") for state in STATES),
    *((LINK, f"--utrecht-alert-{state}-background-color") for state in STATES),
    *((f"--utrecht-alert-icon-{state}-color", f"--utrecht-alert-{state}-background-color") for state in STATES),
    ("--utrecht-form-control-color", "--utrecht-form-control-background-color"),
    ("--utrecht-button-primary-action-color", "--utrecht-button-primary-action-background-color"),
    ("--utrecht-button-primary-action-color", "--utrecht-button-primary-action-hover-background-color"),
    ("--utrecht-button-secondary-action-color", "--utrecht-button-secondary-action-background-color"),
    ("--utrecht-button-secondary-action-color", "--utrecht-button-secondary-action-hover-background-color"),
]
# What has to be seen to know what it is: WCAG 2.2, 1.4.11.
SEEN_ON = [
    *(("--utrecht-form-control-border-color", ground) for ground in (GROUND, SURFACE)),
    *(("--utrecht-form-control-invalid-border-color", ground) for ground in (GROUND, SURFACE)),
    ("--utrecht-form-field-invalid-border-inline-start-color", GROUND),
    *((LINK, ground) for ground in (GROUND, SURFACE, CHOSEN)),
    *((f"--utrecht-alert-icon-{state}-color", GROUND) for state in STATES),
    ("--utrecht-button-primary-action-background-color", GROUND),
    ("--utrecht-button-secondary-action-border-color", GROUND),
]


def test_the_style_sheet_is_what_the_sources_build() -> None:
    if not build_assets.PACKAGES.is_dir():
        pytest.skip("node_modules/ is not there: make dev-install")
    assert BUILT.read_text(encoding="utf-8") == build_assets.build(), "type: make assets"


def test_the_style_sheet_fits_in_its_share_of_the_first_round_trip() -> None:
    assert len(gzip.compress(BUILT.read_bytes(), compresslevel=9, mtime=0)) <= MOST_BYTES


def test_the_style_sheet_fetches_nothing() -> None:
    assert not re.search(r"url\(|@import|@font-face|image-set", BUILT.read_text(encoding="utf-8"), re.IGNORECASE)


def test_every_class_in_a_template_has_a_style_or_needs_none() -> None:
    styled = set(re.findall(r"\.([a-z][\w-]*)", BUILT.read_text(encoding="utf-8")))
    missing = {
        f"{path.name}: {name}"
        for path in resources.folder("templates").rglob("*.html")
        if path.parent.name != "example"
        for name in _classes(path)
        if name not in styled | NOT_STYLED
    }
    assert not missing


def test_our_own_rules_mirror_by_themselves_in_right_to_left_pages() -> None:
    sides = re.compile(r"(margin|padding|border|inset)?-?(left|right)(-(width|style|color))?")
    declared = _declarations((STYLES / "portal.css").read_text(encoding="utf-8"))
    one_sided = {name for name, value in declared if sides.fullmatch(name) or value in {"left", "right"}}
    assert not one_sided


def test_every_token_that_our_own_rules_use_is_set() -> None:
    sources = [(STYLES / name).read_text(encoding="utf-8") for name in build_assets.OWN]
    set_here = {name for source in sources for name, _value in _declarations(source)}
    used = {name for source in sources for name in re.findall(r"var\((--[\w-]+)\)", source)}
    assert used and used <= set_here


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@pytest.mark.parametrize(("front", "back"), READ_ON)
def test_text_can_be_read_on_its_ground(front: str, back: str, scheme: str) -> None:
    tokens = _theme(scheme)
    assert _contrast(tokens[front], tokens[back]) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@pytest.mark.parametrize(("front", "back"), SEEN_ON)
def test_what_tells_a_thing_apart_can_be_seen(front: str, back: str, scheme: str) -> None:
    tokens = _theme(scheme)
    assert _contrast(tokens[front], tokens[back]) >= 3


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_one_of_the_two_focus_rings_shows_on_any_ground(scheme: str) -> None:
    tokens = _theme(scheme)
    rings = tokens["--utrecht-focus-outline-color"], tokens["--utrecht-focus-inverse-outline-color"]
    # With 9 between them, every ground is at least 3 away from one of the two.
    assert _contrast(*rings) >= 9


def _theme(scheme: str) -> dict[str, str]:
    light, dark, *_ = _blocks((STYLES / "theme.css").read_text(encoding="utf-8"))
    tokens = light | dark if scheme == DARK else light
    return {name: _resolved(value, tokens) for name, value in tokens.items()}


def _resolved(value: str, tokens: dict[str, str]) -> str:
    while found := re.fullmatch(r"var\((--[\w-]+)\)", value):
        value = tokens[found[1]]
    return value


def _blocks(css: str) -> list[dict[str, str]]:
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return [dict(_declarations_in([rule])) for rule in rules]


def _declarations(css: str) -> list[tuple[str, str]]:
    return list(_declarations_in(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)))


def _declarations_in(rules: Iterable[Any]) -> Iterable[tuple[str, str]]:
    for rule in rules:
        if rule.type == "at-rule":
            yield from _declarations_in(
                tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            )
            continue
        for one in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
            yield one.name, tinycss2.serialize(one.value).strip()


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio" of two colours like `#16302f` or `#fff`."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    pairs = [digit * 2 for digit in digits] if len(digits) == 3 else [digits[place : place + 2] for place in (0, 2, 4)]
    red, green, blue = (_linear(int(pair, 16) / 255) for pair in pairs)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)


def _classes(path: Path) -> set[str]:
    """The classes that a template can write, those that an expression picks included."""
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"\{\{(.*?)\}\}", lambda found: _picked(found[1]), text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}", " ", text, flags=re.DOTALL)
    return {name for value in re.findall(r'class="([^"]*)"', text) for name in value.split()}


def _picked(expression: str) -> str:
    compared = re.sub(r"""(==|\bin)\s*(\([^)]*\)|"[^"]*")""", "", expression)
    return " ".join(re.findall(r'"([^"]*)"', compared))
