"""Lighthouse looks at a cheap phone's pages: accessible and well made without exception; how fast is only told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from citizen_portal.web.accessibility import Score
from tests.browser.conftest import FLAGS, Visits, chromium_path
from tests.browser.states.catalogue import ROOT
from tests.browser.visit import Visit
from tests.browser.walk import begin, step_of, to_check, wait_until_received
from tools.accessibility_results import LIGHTHOUSE

pytestmark = [pytest.mark.browser, pytest.mark.long]

_PROGRAM = ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"
_PATIENCE_SECONDS = 240
# Under load it sometimes misses the beginning of a page, and says so.
_TRIES = 3


def _start(visit: Visit) -> None:
    visit.open("?gemeente=GM0363")


def _question(visit: Visit) -> None:
    begin(visit)
    assert step_of(visit.page) == "for-whom"


def _check(visit: Visit) -> None:
    begin(visit)
    to_check(visit)


def _status(visit: Visit) -> None:
    _check(visit)
    visit.press()
    wait_until_received(visit)
    expect(visit.page.locator("main[data-status]")).to_be_visible()


PAGES: dict[str, Callable[[Visit], None]] = {
    "start": _start,
    "question": _question,
    "check": _check,
    "status": _status,
}


@pytest.mark.parametrize(("lang", "name"), [*(("nl", name) for name in PAGES), ("ar", "status")], ids=str)
def test_lighthouse_finds_nothing(
    lang: str, name: str, visits: Visits, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with visits(lang=lang, label="lighthouse") as visit:
        PAGES[name](visit)
        address = visit.page.url
    report = _report(address, tmp_path)
    per_cent = {key: round(100 * kind["score"]) for key, kind in report["categories"].items()}
    score = Score(name, lang, per_cent["accessibility"], per_cent["best-practices"], per_cent["performance"])
    record_property(LIGHTHOUSE, json.dumps(asdict(score)))
    print(f"Lighthouse {report['lighthouseVersion']}, mobile: {score}")
    faults = [
        f"{audit['id']}: {audit['title']}"
        for key in ("accessibility", "best-practices")
        for ref in report["categories"][key]["auditRefs"]
        if ref["weight"] and (audit := report["audits"][ref["id"]])["score"] not in {1, None}
    ]
    assert faults == []
    assert (score.accessibility, score.best_practices) == (100, 100)


def _report(address: str, folder: Path) -> dict[str, Any]:
    """What Lighthouse says of this page on a phone of its own, with a slow network as it simulates one."""
    node = shutil.which("node")
    assert node, "The tests need Node: install version 20 or newer"
    kept = folder / "lighthouse.json"
    command = [
        *(node, str(_PROGRAM), address, "--output=json", f"--output-path={kept}", "--quiet"),
        *("--only-categories=accessibility,best-practices,performance", "--enable-error-reporting=false"),
        f"--chrome-flags={' '.join(('--headless', *FLAGS))}",
    ]
    environ = {**os.environ, "CHROME_PATH": chromium_path()}
    for _ in range(_TRIES):
        done = subprocess.run(
            command, env=environ, cwd=folder, capture_output=True, text=True, timeout=_PATIENCE_SECONDS, check=False
        )
        if "NO_NAVSTART" not in done.stderr:
            break
    assert done.returncode == 0, done.stderr[-2000:]
    report: dict[str, Any] = json.loads(kept.read_text("utf-8"))
    return report
