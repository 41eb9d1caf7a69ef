"""Short ways to write and read one municipality's table of the operator's file."""

from __future__ import annotations

import base64
import tomllib
from collections.abc import Mapping

from citizen_portal.directory.settings import MunicipalitySettings, parse

CODES = frozenset({"GM0363", "GM0344", "GM0518"})
WEBHOOK = "whsec_" + base64.b64encode(b"k" * 32).decode()
OLD_WEBHOOK = "whsec_" + base64.b64encode(b"o" * 24).decode()
SECRET = "very-secret-token"
ENVIRON = {
    "TOKEN": SECRET,
    "WEBHOOK": WEBHOOK,
    "OLD": OLD_WEBHOOK,
    "EMPTY": "  ",
    "SHORT": "whsec_c2hvcnQ=",
    "SPACED": "a b",
    "NOT_BASE64": WEBHOOK[:8] + "!" + WEBHOOK[8:],
}


def read(
    toml: str, *, production: bool = True, environ: Mapping[str, str] = ENVIRON
) -> tuple[dict[str, MunicipalitySettings], list[str]]:
    return parse(tomllib.loads(toml), CODES, production=production, environ=environ)


def settings(lines: str, *, production: bool = True) -> MunicipalitySettings:
    found, mistakes = read(f"[GM0363]\n{lines}", production=production)
    assert mistakes == []
    return found["GM0363"]


def mistake(lines: str, *, production: bool = True) -> str:
    """The only mistake in the table of Amsterdam."""
    _, mistakes = read(f"[GM0363]\n{lines}", production=production)
    assert len(mistakes) == 1, mistakes
    assert mistakes[0].isprintable()
    return mistakes[0]


def intake(
    *more: str, channel: str = "rest", url: str = "https://intake.example.nl", token: str = "env:TOKEN", lines: str = ""
) -> str:
    return "\n".join(
        [lines, "[GM0363.intake]", f'channel = "{channel}"', f'url = "{url}"', f'token = "{token}"', *more]
    )
