"""All states in all languages, rendered once, with what was seen of the house while they were."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from citizen_portal import app
from citizen_portal.config.languages import SOURCE_LANGUAGE
from citizen_portal.directory.mergers import Merger, packaged_mergers
from citizen_portal.progress.timeline import Timeline, timeline
from tests.browser.states.behind import BEHIND
from tests.browser.states.hands import HANDS
from tests.browser.states.others import OTHERS
from tests.browser.states.papers import papers
from tests.browser.states.questions import POSTCODES, QUESTIONS
from tests.browser.states.standing import AMSTERDAM, WITHOUT_NUMBER, know_postcodes
from tests.browser.states.state import Failure, Kind, Making, SetRegister, State
from tests.browser.states.statuses import STATUSES
from tests.browser.states.strangers import STRANGERS
from tests.support.portal import CAN_SEND, MUNICIPALITIES, TestPortal, make_portal

ROOT = Path(__file__).resolve().parents[3]
STATES: tuple[State, ...] = (*OTHERS, *STRANGERS, *QUESTIONS, *HANDS, *STATUSES, *BEHIND)
LANGUAGES = ("nl", "en")
NAMES = tuple(f"{lang}-{state.name}" for lang in LANGUAGES for state in STATES)
"""Of all pages that are rendered, for the ids of parametrised tests."""


def _a_few_of_each_kind(most: int) -> frozenset[str]:
    """At most so many states of each kind of page, spread over all: pages of a kind are made of the same."""
    few: set[str] = set()
    for kind in {state.kind for state in STATES}:
        names = [state.name for state in STATES if state.kind == kind]
        few |= {names[round(place * (len(names) - 1) / max(1, most - 1))] for place in range(most)}
    return frozenset(f"nl-{name}" for name in few)


def dutch_first(most: int, names: Iterable[str] = NAMES) -> tuple[object, ...]:
    """Parameters for what takes a browser: `most` Dutch pages of each kind; all others of `names` are `long`."""
    few = _a_few_of_each_kind(most)
    return tuple(pytest.param(name, marks=[] if name in few else pytest.mark.long) for name in names)


DUTCH_FIRST = dutch_first(4)
"""The same, for what takes a browser: some Dutch ones of each kind; all others are `long`."""
ONE_OF_EACH = dutch_first(1, (name for name in NAMES if name.startswith("nl-")))
"""All Dutch pages, for what hangs on the style sheet more than on the words: one of each kind, all others `long`."""

_SETTINGS: Mapping[Kind, dict[str, str]] = {
    Kind.SENDS: CAN_SEND,
    Kind.SILENT: {},
    Kind.LIMITED: {**CAN_SEND, "PORTAL_LIMITS": "on"},
}
# Connected, reports back, and nobody told us a number to call. In the new year it goes on in another one.
_MERGER = Merger(WITHOUT_NUMBER, "Enschede", AMSTERDAM, date(2027, 1, 1))
_ONE_MORE = """
[GM0153]
kennisgeving = "in-use"
reports_back = true
[GM0153.intake]
channel = "rest"
url = "{intake}"
token = "{token}"
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """One state in one language, as it was sent."""

    state: State
    lang: str
    status: int
    headers: dict[str, str]
    html: str

    @property
    def name(self) -> str:
        """Unique among all."""
        return f"{self.lang}-{self.state.name}"


@dataclass
class Catalogue:
    """What was rendered (by name), the static files (by path), and which templates and timelines that took.

    `papers` are the texts that are on no page, in the language of the source.
    """

    pages: dict[str, Seen] = field(default_factory=dict)
    papers: list[str] = field(default_factory=list)
    files: dict[str, tuple[dict[str, str], bytes]] = field(default_factory=dict)
    templates: set[str] = field(default_factory=set)
    timelines: list[Timeline] = field(default_factory=list)


def render_all(folder: Path, languages: Sequence[str] = LANGUAGES, states: Sequence[State] = STATES) -> Catalogue:
    """These states in these languages. A page with a fault that tests/support/lint.py knows raises AssertionError."""
    catalogue, register, failure = Catalogue(), SetRegister(), Failure()
    # A template that another test had compiled before would not be read again.
    app.environment.cache_clear()
    with _portals(folder, register) as portals, _watching(catalogue):
        for portal in portals.values():
            failure.on(portal.app)
        know_postcodes(portals[Kind.SENDS], POSTCODES)
        for lang in languages:
            making = Making(portals, register, lang, failure)
            for state in states:
                making.anew(state.on)
                _keep(catalogue, state, making)
        catalogue.papers.extend(papers(Making(portals, register, SOURCE_LANGUAGE, failure)))
        catalogue.files.update(_static_files(portals[Kind.SENDS]))
    return catalogue


@contextmanager
def _portals(folder: Path, register: SetRegister) -> Iterator[Mapping[Kind, TestPortal]]:
    """One of each kind, where municipalities are going to merge."""
    portals: dict[Kind, TestPortal] = {}
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr("citizen_portal.directory.municipality.packaged_mergers", lambda: [*packaged_mergers(), _MERGER])
        for kind, environ in _SETTINGS.items():
            own = folder / kind.name.lower()
            own.mkdir()
            portals[kind] = make_portal(
                own, addresses=register, environ=environ, municipalities=MUNICIPALITIES + _ONE_MORE
            )
            stack.enter_context(closing(portals[kind].database))
        yield portals


def _keep(catalogue: Catalogue, state: State, making: Making) -> None:
    answer = state.make(making)
    seen = Seen(state, making.lang, answer.status_code, dict(answer.headers), answer.get_data(as_text=True))
    assert seen.status == state.status, f"{seen.name}: {seen.status}"
    assert seen.name not in catalogue.pages, f"{seen.name} twice"
    catalogue.pages[seen.name] = seen


def _static_files(portal: TestPortal) -> Iterator[tuple[str, tuple[dict[str, str], bytes]]]:
    for name in ("portal.css", "favicon.svg", *sorted(path.name for path in (ROOT / "static").glob("*.js"))):
        path = portal.app.extensions["citizen_portal"].assets.url(name)
        answer = portal.client().get(path)
        assert answer.status_code == 200
        yield path, (dict(answer.headers), answer.get_data())


@contextmanager
def _watching(catalogue: Catalogue) -> Iterator[None]:
    """Write down which templates are read, and every timeline that the status page is given."""
    get_source = FileSystemLoader.get_source

    def read(self: FileSystemLoader, environment: Environment, name: str) -> tuple[str, str, Callable[[], bool]]:
        catalogue.templates.add(name)
        return get_source(self, environment, name)

    def drawn(*args: object, **kwargs: object) -> Timeline:
        line = timeline(*args, **kwargs)  # type: ignore[arg-type]
        catalogue.timelines.append(line)
        return line

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FileSystemLoader, "get_source", read)
        patch.setattr("citizen_portal.status.opened.timeline", drawn)
        yield
