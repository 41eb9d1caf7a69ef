"""What a state is, and what it needs to come about: a portal, a language, and a clock that can be set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NoReturn

from flask import Flask
from werkzeug.test import TestResponse

from citizen_portal.directory.address import Found, NotFound, Unavailable
from tests.support.portal import MONDAY, TestPortal
from tests.support.walk import Form, Walk, begin

BREAKS = "breaks"
"""The last part of the path of a route that only the tests have: it raises what it is told to."""


class Kind(Enum):
    """What a portal can do: all, send no messages, or all within its limits."""

    SENDS = auto()
    SILENT = auto()
    LIMITED = auto()


class SetRegister:
    """An address register whose answer is set by hand."""

    def __init__(self) -> None:
        self.answer: Found | NotFound | Unavailable = Unavailable()

    def find(self, postcode: str, house_number: int, addition: str | None) -> Found | NotFound | Unavailable:
        """The answer that was set, whatever is asked."""
        return self.answer


@dataclass
class Making:
    """What a state is made with. One for all states of a language: each begins with `anew`, on one of the portals."""

    portals: Mapping[Kind, TestPortal]
    register: SetRegister
    lang: str
    failure: Failure
    portal: TestPortal = field(init=False)

    def anew(self, on: Kind = Kind.SENDS) -> None:
        """As on the first day: nothing found, no time gone by."""
        self.portal = self.portals[on]
        self.portal.clock.moment = MONDAY
        self.register.answer = Unavailable()

    def found(self, *codes: str) -> None:
        """From now on the register gives these municipalities, and a street where there is only one."""
        if codes:
            one = len(codes) == 1
            street, town = ("Nieuwe Achtergracht", "Amsterdam") if one else (None, None)
            self.register.answer = Found(frozenset(codes), street=street, town=town, confirmed=one)

    def begin(self, start: Form | None = None) -> Walk:
        """A resident who pressed the button of the start page."""
        return begin(self.portal, lang=self.lang, form=start)

    def get(self, path: str = "", **headers: str) -> TestResponse:
        """A page by its path after the language."""
        return self.portal.client().get(f"/{self.lang}/{path}", headers=headers)

    def post(self, path: str, form: Form) -> TestResponse:
        """What comes back of a form that is sent there, not followed."""
        return self.portal.client().post(f"/{self.lang}/{path}", data=form)


@dataclass(frozen=True, slots=True)
class State:
    """One state of one page. `make` brings it about in the language of its argument, and gives the answer.

    `kind` is what the tests compare with the code: the step, the status page, or another page; `status` the HTTP one.
    `on` is the kind of portal that it takes.
    """

    name: str
    kind: str
    make: Callable[[Making], TestResponse]
    status: int = 200
    on: Kind = Kind.SENDS


@dataclass
class Failure:
    """What the route `breaks` raises."""

    error: Exception = field(default_factory=RuntimeError)

    def on(self, app: Flask) -> None:
        """Add the route. Before the first request."""

        def breaks(lang: str) -> NoReturn:
            raise self.error

        app.add_url_rule(f"/<lang:lang>/{BREAKS}", view_func=breaks)


def merged(*answers: Mapping[str, Form]) -> dict[str, Form]:
    """Answers by step; of two for the same field the later one counts."""
    steps: dict[str, Form] = {}
    for given in answers:
        for step, form in given.items():
            steps[step] = {**steps.get(step, {}), **form}
    return steps
