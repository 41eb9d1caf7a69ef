"""Residents who press the button, again and again until they are answered, whatever happens to the portal meanwhile."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Lock, Semaphore

import requests

from citizen_portal import clock
from citizen_portal.journey import drafts
from citizen_portal.journey.answers import Answers
from citizen_portal.journey.draft import keys_of, new_capability, seal_answers
from citizen_portal.storage import drafts as rows
from citizen_portal.storage.database import Database
from citizen_portal.storage.drafts import SealedDraft
from tests.support.portal import make_portal
from tests.support.processes import Visitor, form_token, reference_on, refused
from tests.support.walk import ZOE, Form, begin

_URGENT: tuple[Form, ...] = ({"urgent": ["none"]}, {"urgent": ["gas"]}, {"urgent": ["eviction", "water"]})
_SHARE_OF_WHOLE_JOURNEYS = 0.05
_SHARE_OF_DOUBLE_CLICKS = 0.05
_PATIENCE_SECONDS = 90.0
_AGAIN_SECONDS = 0.1
_REVISION = 1


@dataclass(frozen=True, slots=True)
class Wish:
    """One press to come. `draft`: the path of a draft that is ready to be pressed; None: all questions come first."""

    family_name: str
    municipality: str
    urgent: Form
    draft: str | None = None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A press that was answered: whose it was, the draft it came from, and where the status page is."""

    family_name: str
    draft_row_id: bytes
    status_path: str
    reference: str


def wishes(database: Database, folder: Path, codes: Sequence[str], count: int, chance: random.Random) -> list[Wish]:
    """So many presses to come, of residents with names of their own, at random for these municipalities.

    A journey is some twenty requests, a press one: most drafts are put into the database as the pages would have left
    them, with answers that the pages themselves gave. The others walk the whole way.
    """
    answered = [_answered(folder, urgent) for urgent in _URGENT]
    made, prepared = [], []
    for number in range(count):
        kind = chance.randrange(len(_URGENT))
        wish = Wish(f"Jansen {number}", chance.choice(codes), _URGENT[kind])
        if chance.random() > _SHARE_OF_WHOLE_JOURNEYS:
            answers = answered[kind].with_step("municipality", {"municipality": wish.municipality})
            answers = answers.with_step("name", {**answers.steps["name"], "family_name": wish.family_name})
            capability, row = _draft(answers)
            wish = replace(wish, draft=f"/nl/d/{capability}")
            prepared.append(row)
        made.append(wish)
    with database.writing() as connection:
        for row in prepared:
            rows.add(connection, row, expires_at=clock.now() + drafts.LIFE)
    return made


def _answered(folder: Path, urgent: Form) -> Answers:
    """What a journey over the pages leaves in a draft."""
    place = folder / f"answers-{'-'.join(urgent['urgent'])}"
    place.mkdir()
    portal = make_portal(place)
    try:
        walk = begin(portal).to_check({"urgent": urgent})
        return drafts.open_draft(portal.database, walk.path.split("/")[3], now=portal.clock()).answers
    finally:
        portal.database.close()


def _draft(answers: Answers) -> tuple[str, SealedDraft]:
    capability = new_capability()
    keys = keys_of(capability)
    assert keys
    return capability, SealedDraft(keys.row_id, _REVISION, seal_answers(keys, _REVISION, answers))


@dataclass
class Residents:
    """Clients, each in a thread of its own, that press until no wish is left; a ticket allows one press."""

    urls: Sequence[str]
    waiting: SimpleQueue[Wish]
    seed: int
    acknowledged: list[Acknowledged] = field(default_factory=list)
    begun: int = 0
    figures: Counter[str] = field(default_factory=Counter)
    over: Event = field(default_factory=Event)
    _tickets: Semaphore = field(default_factory=lambda: Semaphore(0))
    _lock: Lock = field(default_factory=Lock)

    def may_press(self, times: int) -> None:
        """Allow so many presses more."""
        self._tickets.release(times)

    def press_often(self, client: int) -> None:
        """One client's day."""
        chance = random.Random(f"{self.seed} {client}")
        urls = chance.sample(self.urls, len(self.urls))
        with Visitor(urls[0], _PATIENCE_SECONDS, urls[1:]) as visitor, ThreadPoolExecutor(1) as other_hand:
            while not self.over.is_set():
                try:
                    wish = self.waiting.get_nowait()
                except Empty:
                    return
                if chance.random() < 1 / len(urls):
                    visitor.go_elsewhere()
                path, form = self._check_page(visitor, wish)
                # Here, so that many press at the same moment.
                self._tickets.acquire()
                if chance.random() < _SHARE_OF_DOUBLE_CLICKS:
                    again = other_hand.submit(self._press_from_another_connection, visitor.url, path, form)
                    status = self._press(visitor, path, form)
                    assert again.result() == status
                    self._count("double clicks")
                else:
                    status = self._press(visitor, path, form)
                self._look(visitor, wish, path, status)

    def _check_page(self, visitor: Visitor, wish: Wish) -> tuple[str, Form]:
        """The path and the form of the check page."""
        if wish.draft is not None:
            page = visitor.patiently("GET", f"{wish.draft}/check")
            assert page.status_code == requests.codes.ok, page.status_code
            return f"{wish.draft}/check", {"form_token": form_token(page), "press": "yes"}
        self._count("whole journeys")
        draft = visitor.start(wish.municipality)
        given: dict[str, Form] = {
            "urgent": wish.urgent,
            "municipality": {"municipality": wish.municipality},
            "name": {**ZOE["name"], "family_name": wish.family_name},
        }
        return f"{draft}/check", visitor.to_check(draft, given)

    def _press_from_another_connection(self, url: str, path: str, form: Form) -> str:
        with Visitor(url, _PATIENCE_SECONDS, [other for other in self.urls if other != url]) as visitor:
            return self._press(visitor, path, form)

    def _press(self, visitor: Visitor, path: str, form: Form) -> str:
        """Press until there is an answer, always the same press; the path of the status page."""
        ends_at = time.monotonic() + _PATIENCE_SECONDS
        with self._lock:
            self.begun += 1
        while True:
            try:
                pressed = visitor.ask("POST", path, form)
            except requests.RequestException as error:
                if not refused(error):
                    self._count("tries cut off")
                visitor.go_elsewhere()
            else:
                if pressed.status_code != requests.codes.unavailable:
                    break
                # The page that says so is the same press again.
                assert form_token(pressed) == form["form_token"]
                self._count("answered 503")
            assert time.monotonic() < ends_at, "a press is not answered"
            time.sleep(_AGAIN_SECONDS)
        # A draft lives longer than this run: the same press always finds its way to its page.
        assert pressed.status_code == requests.codes.see_other, pressed.status_code
        assert pressed.headers["Location"].startswith("/nl/s/")
        return pressed.headers["Location"]

    def _look(self, visitor: Visitor, wish: Wish, path: str, status_path: str) -> None:
        page = visitor.patiently("GET", status_path)
        assert page.status_code == requests.codes.ok, page.status_code
        keys = keys_of(path.split("/")[3])
        assert keys
        with self._lock:
            self.acknowledged.append(Acknowledged(wish.family_name, keys.row_id, status_path, reference_on(page)))

    def _count(self, what: str) -> None:
        with self._lock:
            self.figures[what] += 1
