"""Languages: one template environment each, in which constant texts are translated while a template is compiled.

`{{ _("Vraag om hulp") }}` is then plain text in the compiled template and costs nothing per request. What has values
(`_("Vraag %(number)s", number=3)`) is translated at compile time too and only filled in per request; values are
escaped. `_html("...")` is for texts with our own markup in them, `_n(one, many, number)` for plurals, and
`_c(context, text)` for one Dutch word that means two things. `_both("...")` is the pair of translation and source, for
what is said aloud to somebody who speaks Dutch (templates/say.html).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from gettext import NullTranslations
from typing import cast

from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup, escape

from citizen_portal import resources
from citizen_portal.config.languages import SOURCE_LANGUAGE, written
from citizen_portal.web.dates import Dates
from citizen_portal.web.unfold import UnfoldingEnvironment

# How many constant texts each takes.
_CALLS = {"_": 1, "_html": 1, "_both": 1, "_c": 2}
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LEFT_TO_RIGHT = re.compile(r"[A-Za-z\u00c0-\u058f\u1200-\u139f]")
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
    filled = _Fill(language)
    made.globals |= {"_fill": filled, "_n": _plural(translations, filled), "_translations": translations}
    made.filters |= {
        "day": dates.day,
        "moment": dates.moment,
        "birth_day": dates.birth_day,
        "clock_time": dates.clock_time,
        "dutch_day": Dates(SOURCE_LANGUAGE).day,
        "language_name": _own_name,
    }
    return made


def _own_name(language: str) -> str:
    return written(language).own_name


def base_language(tag: str) -> str:
    """The language alone: `uk` of `uk-UA`, also of `UK_ua`."""
    return tag.replace("_", "-").partition("-")[0].lower()


def asked_for(accepted: Iterable[tuple[str, float]], offered: Collection[str]) -> str:
    """The language that a browser asks for first and that is `offered`; Dutch when there is none.

    `accepted`: tags and their quality, best first. `ar-SY` before `en` is Arabic, which Werkzeug's `best_match`, that
    looks for whole tags first, would make English.
    """
    wanted = (base_language(tag) for tag, quality in accepted if quality > 0)
    return next((language for language in wanted if language in offered), SOURCE_LANGUAGE)


class _Fill:
    """`text` with its values put in, everything escaped that is not markup already.

    A name or a code of the other direction stands in `<bdi>`, else its signs and the words beside it change places:
    so a text with such values can stand in no title and in no attribute. The value of an attribute stays as it is.
    """

    def __init__(self, language: str) -> None:
        self._other = _LEFT_TO_RIGHT if written(language).direction == "rtl" else _RIGHT_TO_LEFT

    def __call__(self, text: str, **values: object) -> Markup:
        pieces: list[Markup] = []
        for part, name in _parts(escape(text)):
            in_attribute = bool(pieces) and pieces[-1].endswith('="')
            pieces.append(self._value(values[name], in_attribute=in_attribute) if name else part)
        return Markup("").join(pieces)

    def _value(self, value: object, *, in_attribute: bool) -> Markup:
        if in_attribute:
            return escape(value)
        if isinstance(value, str) and not isinstance(value, Markup) and self._other.search(value):
            return Markup("<bdi>{}</bdi>").format(value)
        return escape(value)


@lru_cache(maxsize=4096)
def _parts(text: Markup) -> tuple[tuple[Markup, str], ...]:
    """The pieces of a text, in order: what stands there, or the name of the value that comes there (`%(name)s`)."""
    pieces = enumerate(_PLACE.split(text))
    return tuple((Markup(), piece) if odd % 2 else (Markup(piece.replace("%%", "%")), "") for odd, piece in pieces)  # noqa: S704 - split from markup


def _plural(translations: NullTranslations, filled: _Fill) -> Callable[..., Markup]:
    def plural(one: str, many: str, number: int, **values: object) -> Markup:
        return filled(translations.ngettext(one, many, number), number=number, **values)

    return plural


class _TranslateConstants(Extension):
    """Rewrites `_("text")` and its kin in the token stream, before Jinja's own compiler folds constants."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """The same stream with translated texts; a call without values becomes a bare string, or a pair of them."""
        tokens = _Lookahead(stream)
        for token in tokens:
            if not (token.type == "name" and token.value in _CALLS and tokens.peek(0).type == "lparen"):
                yield token
                continue
            tokens.skip(1)
            texts = self._constants(token, tokens, stream.name)
            yield from self._rewritten(token, texts, tokens)

    @staticmethod
    def _constants(call: Token, tokens: _Lookahead, template: str | None) -> list[str]:
        """As many texts as the call takes; neighbouring strings are one text."""
        texts: list[str] = []
        for _ in range(_CALLS[call.value]):
            if texts and tokens.peek(0).type == "comma":
                tokens.skip(1)
            parts = []
            while tokens.peek(0).type == "string":
                parts.append(tokens.peek(0).value)
                tokens.skip(1)
            if not parts:
                raise ValueError(f"{template}:{call.lineno}: {call.value}() needs a constant text")
            texts.append("".join(parts))
        if call.value == "_both" and tokens.peek(0).type != "rparen":
            raise ValueError(f"{template}:{call.lineno}: _both() takes no values; templates/say.html fills them in")
        return texts

    def _rewritten(self, call: Token, texts: list[str], tokens: _Lookahead) -> Iterator[Token]:
        line, source = call.lineno, texts[-1]
        translations = cast("NullTranslations", self.environment.globals["_translations"])
        text = translations.pgettext(*texts) if call.value == "_c" else translations.gettext(source)
        marked = [Token(line, "pipe", "|"), Token(line, "name", "safe")] if call.value == "_html" else []
        string = [Token(line, "string", text), *marked]
        if call.value == "_both":
            string += [Token(line, "comma", ","), Token(line, "string", source)]
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
