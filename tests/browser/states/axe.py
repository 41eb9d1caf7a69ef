"""axe-core on the page that a tab shows, as it is: rules of WCAG 2.0 to 2.2, level A and AA."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
_AXE = Path(__file__).resolve().parents[3] / "node_modules" / "axe-core" / "axe.min.js"
RUN = "only => axe.run({runOnly: only, resultTypes: ['violations', 'incomplete']})"
"""The function that a page is asked, with `only` (below) for its argument, once `source()` was run in it."""


def violations(page: Page) -> Iterator[str]:
    """What axe finds."""
    yield from _found(page, ["violations"], ())


def findings(page: Page, *, rules: Sequence[str] = ()) -> Iterator[str]:
    """What axe finds and what it could not decide, by the rules with these names only where some are given."""
    yield from _found(page, ["violations", "incomplete"], rules)


def _found(page: Page, kinds: Sequence[str], rules: Sequence[str]) -> Iterator[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(source())
    yield from sentences(page.evaluate(RUN, only(rules)), kinds)


def only(rules: Sequence[str] = ()) -> dict[str, object]:
    """Which rules are tried: those of WCAG, or some by their names."""
    return {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": list(WCAG)}


def sentences(result: Mapping[str, Any], kinds: Sequence[str]) -> Iterator[str]:
    """What axe answered, of these kinds (`violations`, `incomplete`)."""
    for kind in kinds:
        for rule in result[kind]:
            for node in rule["nodes"]:
                checks = [check["message"] for name in ("any", "all", "none") for check in node[name]]
                yield f"axe {kind} {rule['id']}: {node['html'][:200]}: {'; '.join(checks)}"


@cache
def source() -> str:
    """The script that makes `axe` in a page."""
    return _AXE.read_text(encoding="utf-8")
