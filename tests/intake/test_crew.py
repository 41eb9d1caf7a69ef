"""The line before the threads: who goes first, how long it is, and that what nobody began can be called back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from uuid import uuid4

from citizen_portal.intake.answer import NotBegun, Received, Result
from citizen_portal.intake.crew import Crew, crew
from citizen_portal.sealing import SealedBody
from citizen_portal.storage.outbox import Claimed
from tests.support.deliveries import MONDAY


def _entry(reference: str, *, urgent: bool = False) -> Claimed:
    sealed = SealedBody(b"x", b"y")
    return Claimed(
        *(uuid4(), uuid4(), MONDAY, uuid4(), reference, "registration", "GM0363"),
        urgent=urgent,
        attempts=0,
        sealed=sealed,
        probe=False,
        first_municipality_code="GM0363",
        created_at=MONDAY,
    )


class _Post:
    """A crew of one, whose first call lasts until `go_on`; `begun` is what it was given, in order."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.first_under_way, self._released = Event(), Event()

    def deliver(self, entry: Claimed) -> Result:
        self.begun.append(entry.reference)
        self.first_under_way.set()
        self._released.wait(10)
        return Received(201)

    def go_on(self) -> None:
        self._released.set()

    @contextmanager
    def crew(self, *entries: Claimed) -> Iterator[Crew]:
        """With the first of `entries` under way and the others in line."""
        with crew(1, self.deliver) as team:
            try:
                for entry in entries:
                    team.send(entry)
                    assert self.first_under_way.wait(10)
                yield team
            finally:
                self.go_on()


def _all_back(team: Crew) -> dict[str, Result]:
    back: dict[str, Result] = {}
    while team.busy:
        team.wait(10)
        back |= {entry.reference: result for entry, result in team.tried()}
        team.settled()
    return back


def test_an_urgent_message_passes_those_in_line_which_keep_their_order() -> None:
    post = _Post()
    with post.crew(_entry("a"), _entry("b"), _entry("c"), _entry("d", urgent=True)) as team:
        post.go_on()
        assert set(_all_back(team)) == {"a", "b", "c", "d"}
    assert post.begun == ["a", "d", "b", "c"]


def test_what_is_called_back_was_not_begun_and_what_is_under_way_goes_on() -> None:
    post = _Post()
    with post.crew(_entry("a"), _entry("b"), _entry("c")) as team:
        team.recall()
        assert team.room == 0
        post.go_on()
        back = _all_back(team)
    assert back == {"a": Received(201), "b": NotBegun(), "c": NotBegun()}
    assert post.begun == ["a"]


def test_there_is_room_for_one_under_way_and_a_line_and_again_when_half_of_the_line_is_free() -> None:
    post = _Post()
    with crew(1, lambda entry: Received(201)) as team:
        most = team.room
        assert most > 1
    with post.crew(*(_entry(str(number)) for number in range(most))) as team:
        assert team.room == 0
        post.go_on()
        _all_back(team)
        assert team.room == most


def test_what_came_back_is_told_until_it_is_settled() -> None:
    post = _Post()
    with post.crew(_entry("a")) as team:
        post.go_on()
        team.wait(10)
        assert [result for _, result in team.tried()] == [Received(201)] == [result for _, result in team.tried()]
        assert team.busy
        team.settled()
        assert not team.busy
