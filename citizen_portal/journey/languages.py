"""The languages that a resident can ask for, each by its own name. `und` is any other."""

from __future__ import annotations

from functools import cache

from citizen_portal.web.i18n import own_name

OTHER = "und"
_CODES = [
    "nl",
    "en",
    "ar",
    "bg",
    "de",
    "es",
    "fa",
    "fr",
    "hi",
    "hu",
    "it",
    "ku",
    "lt",
    "pl",
    "ps",
    "pt",
    "ro",
    "ru",
    "so",
    "sq",
    "sr",
    "ti",
    "tr",
    "uk",
    "ur",
    "vi",
    "zh",
]
CONTACT_LANGUAGES = frozenset({*_CODES, OTHER})


@cache
def own_names() -> tuple[tuple[str, str], ...]:
    """Code and own name, Dutch and English first, then by name; `und` is named by the page."""
    named = [(code, own_name(code)) for code in _CODES]
    return (*named[:2], *sorted(named[2:], key=lambda pair: pair[1].casefold()))
