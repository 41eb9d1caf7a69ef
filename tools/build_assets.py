"""Builds `static/portal.css`: NL Design System components, cut to what the templates use, our tokens and our own rules.

    python tools/build_assets.py

What is cut from the components (Utrecht component CSS, EUPL-1.2, from npm) never shows: rules for classes that no
template names, and private properties (`--_utrecht-...`) that no rule sets or reads. Every public token
(`--utrecht-...`) of what remains stays, so that a municipality's theme finds it. `styles/` holds what is ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import tinycss2

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules" / "@utrecht"
BUILT = ROOT / "static" / "portal.css"
COMPONENTS = (
    "document",
    "heading-1",
    "heading-2",
    "paragraph",
    "link",
    "unordered-list",
    "form-field",
    "form-fieldset",
    "form-label",
    "form-field-description",
    "form-field-error-message",
    "textbox",
    "select",
    "button",
    "alert",
)
OWN = ("theme.css", "portal.css")
BANNER = (
    "/* Built by tools/build_assets.py, with NL Design System Utrecht component CSS: "
    "(c) 2020-2024 Frameless B.V., 2021-2024 Gemeente Utrecht; EUPL-1.2 */\n"
)

# Text settings that would take a choice away from the reader (text size on a phone) or cost an old phone time.
_LEFT_OUT = re.compile(
    r"(-webkit-|-moz-)?text-size-adjust|-webkit-font-smoothing|-moz-osx-font-smoothing|text-rendering"
)
# No button of ours is ever disabled, and one rule of ours draws the focus around everything.
_STATES_LEFT_OUT = {"disabled", "focus-visible"}
_PRIVATE = "--_utrecht-"

# tinycss2 has no types: its nodes are told apart by their `type`.
Node = Any


class Rule:
    """One style rule of a component: its selectors, its declarations, and the at-rule around it, if any."""

    def __init__(self, selectors: list[list[Node]], declarations: list[Node], around: str) -> None:
        self.selectors = selectors
        self.declarations = declarations
        self.around = around


def build() -> str:
    """The whole style sheet. Needs `node_modules/` (npm ci)."""
    used = words_in_templates()
    rules = [rule for name in COMPONENTS for rule in component_rules(name, used)]
    rules = without_dead_private_properties(rules)
    parts = ["".join(written(rules))]
    parts += [minified(ROOT.joinpath("styles", name).read_text(encoding="utf-8")) for name in OWN]
    return BANNER + "".join(parts) + "\n"


def words_in_templates() -> frozenset[str]:
    """Every word that may be a class name: whatever is put together in a template is spelled out somewhere in it."""
    paths = sorted(ROOT.joinpath("templates").rglob("*.html"))
    return frozenset(word for path in paths for word in re.findall(r"[A-Za-z][\w-]*", path.read_text(encoding="utf-8")))


def component_rules(name: str, used: frozenset[str]) -> Iterator[Rule]:
    """The rules of one component that can match something in our templates."""
    css = PACKAGES.joinpath(f"{name}-css", "dist", "index.css").read_text(encoding="utf-8")
    yield from _rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), used, "")


def _rules(nodes: Iterable[Node], used: frozenset[str], around: str) -> Iterator[Rule]:
    for node in nodes:
        if node.type == "at-rule" and node.content is not None:
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield from _rules(inner, used, f"@{node.lower_at_keyword} {packed(node.prelude)}")
        elif node.type == "qualified-rule":
            selectors = [one for one in split_at_commas(node.prelude) if can_match(one, used)]
            found = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            kept = [one for one in found if one.type == "declaration" and not _LEFT_OUT.fullmatch(one.lower_name)]
            if selectors and kept:
                yield Rule(selectors, kept, around)


def can_match(selector: Sequence[Node], used: frozenset[str]) -> bool:
    """Whether something in our templates can be what `selector` asks for."""
    return names_after(selector, ".") <= used and not names_after(selector, ":") & _STATES_LEFT_OUT


def names_after(selector: Sequence[Node], sign: str) -> set[str]:
    """The classes (".") or states (":") that something must have to be matched; those inside `:not()` do not count."""
    found: set[str] = set()
    for before, node in zip([None, *selector], selector, strict=False):
        if node.type == "ident" and before is not None and before == sign:
            found.add(node.value)
        elif node.type == "function" and node.lower_name != "not":
            found |= names_after(node.arguments, sign)
    return found


def without_dead_private_properties(rules: list[Rule]) -> list[Rule]:
    """The same look without private properties that nothing sets (their fallback stays) or nothing reads."""
    while True:
        assigned = {one.name for rule in rules for one in rule.declarations if one.name.startswith(_PRIVATE)}
        for rule in rules:
            for one in rule.declarations:
                one.value = _with_fallbacks(one.value, assigned)
        read = {name for rule in rules for one in rule.declarations for name in _variables(one.value)}
        dead = assigned - read
        if not dead:
            return [rule for rule in rules if rule.declarations]
        for rule in rules:
            rule.declarations = [one for one in rule.declarations if one.name not in dead]


def _with_fallbacks(value: Sequence[Node], assigned: set[str]) -> list[Node]:
    changed: list[Node] = []
    for node in value:
        if node.type == "function" and node.lower_name == "var":
            name, fallback = _variable(node)
            if name.startswith(_PRIVATE) and name not in assigned and fallback is not None:
                changed += _with_fallbacks(fallback, assigned)
                continue
        if node.type in {"function", "() block"}:
            inner = "arguments" if node.type == "function" else "content"
            setattr(node, inner, _with_fallbacks(getattr(node, inner), assigned))
        changed.append(node)
    return changed


def _variables(value: Sequence[Node]) -> Iterator[str]:
    for node in value:
        if node.type == "function":
            if node.lower_name == "var":
                yield _variable(node)[0]
            yield from _variables(node.arguments)
        elif node.type == "() block":
            yield from _variables(node.content)


def _variable(function: Node) -> tuple[str, list[Node] | None]:
    name, *fallback = split_at_commas(function.arguments, most=1)
    return name[0].value, fallback[0] if fallback else None


def split_at_commas(nodes: Iterable[Node], most: int | None = None) -> list[list[Node]]:
    """The parts between commas, without the white space around them; at most `most` commas count."""
    parts: list[list[Node]] = [[]]
    for node in nodes:
        if node == "," and (most is None or len(parts) <= most):
            parts.append([])
        elif node.type != "comment" and not (node.type == "whitespace" and not parts[-1]):
            parts[-1].append(node)
    for part in parts:
        while part and part[-1].type == "whitespace":
            part.pop()
    return parts


def written(rules: Iterable[Rule]) -> Iterator[str]:
    """The rules as compact CSS."""
    for rule in rules:
        selectors = ",".join(packed(selector) for selector in rule.selectors)
        text = f"{selectors}{{{';'.join(_declaration(one) for one in rule.declarations)}}}"
        yield f"{rule.around}{{{text}}}" if rule.around else text


def _declaration(node: Node) -> str:
    return f"{node.name}:{packed(node.value)}{'!important' if node.important else ''}"


def packed(nodes: Sequence[Node]) -> str:
    """CSS text with no more white space than it needs."""
    text = tinycss2.serialize([node for node in nodes if node.type != "comment"])
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s*,\s*", ",", text)
    return re.sub(r"\(\s+|\s+\)", lambda found: found[0].strip(), text)


def minified(css: str) -> str:
    """Our own CSS without comments and line ends; nothing else is changed."""
    return "".join(_minified(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)))


def _minified(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if node.type == "error":
            raise ValueError(f"styles/: line {node.source_line}: {node.message}")
        if node.type == "at-rule" and node.content is None:
            yield f"@{node.at_keyword} {packed(node.prelude)};"
        elif node.type == "at-rule" and node.lower_at_keyword != "page":
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield f"@{node.at_keyword} {packed(node.prelude)}{{{''.join(_minified(inner))}}}"
        else:
            found = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            for one in found:
                if one.type != "declaration":
                    raise ValueError(f"styles/: line {one.source_line}: not a declaration")
            prelude = packed(node.prelude) if node.type == "qualified-rule" else f"@{node.at_keyword}"
            prelude = re.sub(r" ?([>+~]) ?", r"\1", prelude)
            yield f"{prelude}{{{';'.join(_declaration(one) for one in found)}}}"


if __name__ == "__main__":
    BUILT.write_text(build(), encoding="utf-8")
    print(f"{BUILT.relative_to(ROOT)}: {BUILT.stat().st_size} bytes")
