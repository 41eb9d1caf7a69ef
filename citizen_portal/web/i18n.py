"""Languages: one template environment each, in which constant texts are translated while a template is compiled.

`{{ _("Vraag om hulp") }}` is then plain text in the compiled template and costs nothing per request. What has values
(`_("Vraag %(number)s", number=3)`) is translated at compile time too and only filled in per request; values are
escaped. `_html("...")` is for texts with our own markup in them, `_n(one, many, number)` for plurals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from gettext import NullTranslations
from typing import cast

from babel import Locale
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup, escape

from citizen_portal import resources
from citizen_portal.config import SOURCE_LANGUAGE
from citizen_portal.web.dates import Dates
from citizen_portal.web.unfold import UnfoldingEnvironment

_PLACE = re.compile(r"%\((\w+)\)s")


def catalogue(language: str) -> NullTranslations:
    """The translations into `language`; Dutch is the source and has none."""
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    loaded: NullTranslations = Translations.load(resources.folder("translations"), [language])
    return loaded


def environment(language: str) -> Environment:
    """The template environment of one language. A name that a template misspells fails, it is not left blank."""
    translations = catalogue(language)
    made = UnfoldingEnvironment(
        loader=FileSystemLoader(resources.folder("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        # No trim_blocks: it eats the line end after a tag, and with it the space between two sentences.
        lstrip_blocks=True,
        auto_reload=False,
        extensions=[_TranslateConstants],
    )
    dates = Dates(language)
    made.globals |= {"_fill": fill, "_n": _plural(translations), "_translate": translations.gettext}
    made.filters |= {
        "day": dates.day,
        "moment": dates.moment,
        "birth_day": dates.birth_day,
        "clock_time": dates.clock_time,
        "language_name": own_name,
    }
    return made


@lru_cache(maxsize=256)
def direction(language: str) -> str:
    """`rtl` or `ltr`, as the page's `dir` says it."""
    return "rtl" if Locale.parse(language).character_order == "right-to-left" else "ltr"


@lru_cache(maxsize=256)
def own_name(language: str) -> str:
    """The name of a language in that language."""
    name = Locale.parse(language).get_display_name(language) or language
    return name[0].upper() + name[1:]


def fill(text: str, **values: object) -> Markup:
    """`text` with its values put in, everything escaped that is not markup already."""
    return Markup("").join([escape(values[name]) if name else part for part, name in _parts(escape(text))])


@lru_cache(maxsize=4096)
def _parts(text: Markup) -> tuple[tuple[Markup, str], ...]:
    """The pieces of a text, in order: what stands there, or the name of the value that comes there (`%(name)s`)."""
    pieces = enumerate(_PLACE.split(text))
    return tuple((Markup(), piece) if odd % 2 else (Markup(piece.replace("%%", "%")), "") for odd, piece in pieces)  # noqa: S704 - split from markup


def _plural(translations: NullTranslations) -> Callable[..., Markup]:
    def plural(one: str, many: str, number: int, **values: object) -> Markup:
        return fill(translations.ngettext(one, many, number), number=number, **values)

    return plural


class _TranslateConstants(Extension):
    """Rewrites `_("text")` and `_html("text")` in the token stream, before Jinja's own compiler folds constants."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """The same stream with translated texts; a call without values becomes a bare string."""
        translate = cast("Callable[[str], str]", self.environment.globals["_translate"])
        tokens = _Lookahead(stream)
        for token in tokens:
            if not (token.type == "name" and token.value in {"_", "_html"} and tokens.peek(0).type == "lparen"):
                yield token
                continue
            texts: list[str] = []
            while tokens.peek(1 + len(texts)).type == "string":
                texts.append(tokens.peek(1 + len(texts)).value)
            if not texts:
                raise ValueError(f"{stream.name}:{token.lineno}: {token.value}() needs a constant text")
            tokens.skip(1 + len(texts))
            yield from self._rewritten(token, translate("".join(texts)), tokens)

    @staticmethod
    def _rewritten(token: Token, text: str, tokens: _Lookahead) -> Iterator[Token]:
        line = token.lineno
        marked = [Token(line, "pipe", "|"), Token(line, "name", "safe")] if token.value == "_html" else []
        string = [Token(line, "string", text), *marked]
        if tokens.peek(0).type == "rparen":
            tokens.skip(1)
            yield from [Token(line, "lparen", "("), *string, Token(line, "rparen", ")")]
        else:
            yield from [Token(line, "name", "_fill"), Token(line, "lparen", "("), *string]


class _Lookahead:
    """A token stream that can be looked into."""

    def __init__(self, stream: TokenStream) -> None:
        self._tokens = list(stream)
        self._next = 0

    def __iter__(self) -> Iterator[Token]:
        while self._next < len(self._tokens):
            self._next += 1
            yield self._tokens[self._next - 1]

    def peek(self, ahead: int) -> Token:
        position = self._next + ahead
        return self._tokens[position] if position < len(self._tokens) else Token(0, "eof", "")

    def skip(self, count: int) -> None:
        self._next += count
