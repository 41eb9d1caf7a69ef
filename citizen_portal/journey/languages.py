"""The languages that a resident can ask for, each by its own name. `und` is any other."""

from __future__ import annotations

OTHER = "und"

# As CLDR has them (tests/journey/test_languages.py). Babel would cost a worker a megabyte for each, for good.
_OWN_NAMES = (
    ("nl", "Nederlands"),
    ("en", "English"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("ku", "Kurdî (kurmancî)"),
    ("lt", "Lietuvių"),
    ("hu", "Magyar"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("sq", "Shqip"),
    ("so", "Soomaali"),
    ("vi", "Tiếng Việt"),
    ("tr", "Türkçe"),
    ("bg", "Български"),
    ("ru", "Русский"),
    ("sr", "Српски"),
    ("uk", "Українська"),
    ("ur", "اردو"),
    ("ar", "العربية"),
    ("fa", "فارسی"),
    ("ps", "پښتو"),
    ("hi", "हिन्दी"),
    ("ti", "ትግርኛ"),
    ("zh", "中文"),
)
CONTACT_LANGUAGES = frozenset({*dict(_OWN_NAMES), OTHER})


def own_names() -> tuple[tuple[str, str], ...]:
    """Code and own name, Dutch and English first, then by name; `und` is named by the page."""
    return _OWN_NAMES
