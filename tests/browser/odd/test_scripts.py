"""Our scripts are read by browsers of ten years ago: ECMAScript 5, or else nothing of them runs there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.states.catalogue import ROOT

SCRIPTS = sorted((ROOT / "static").glob("*.js"))
_PARSE = """
const { parse } = require("acorn");
const source = require("fs").readFileSync(process.argv[1], "utf-8");
try { parse(source, { ecmaVersion: 5 }); } catch (error) { process.stdout.write(error.message); }
"""


def _fault_of(script: Path) -> str:
    """What a parser of ECMAScript 5 says of it; nothing when it reads it."""
    node = shutil.which("node")
    assert node, "The tests need Node: install version 20 or newer"
    done = subprocess.run(
        [node, "-e", _PARSE, str(script)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_ecmascript_5(script: Path) -> None:
    assert _fault_of(script) == ""


@pytest.mark.parametrize("newer", ["let x = 1", "() => 1", "var x = `y`", "var {x} = y", "for (var x of y) {}"])
def test_what_is_newer_is_found(newer: str, tmp_path: Path) -> None:
    script = tmp_path / "newer.js"
    script.write_text(newer)
    assert _fault_of(script).startswith("Unexpected")
