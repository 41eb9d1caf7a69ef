"""Drafts in the database: start, open, save, erase. The opened draft is passed into the view as an object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from citizen_portal.journey.answers import Answers
from citizen_portal.journey.draft import DraftKeys, keys_of, new_capability, open_answers, seal_answers
from citizen_portal.sealing import SealBroken
from citizen_portal.storage import drafts as rows
from citizen_portal.storage import handovers
from citizen_portal.storage.database import Database
from citizen_portal.storage.drafts import SealedDraft

LIFE = timedelta(hours=24)
LIFE_WITHOUT_ANSWERS = timedelta(hours=1)
SAVES_AT_THE_SAME_TIME = 20
"""So often a save by somebody else is followed; whoever is overtaken more often than that gives up."""


class DraftGone(Exception):
    """The link opens nothing: never existed, used, erased or past its time. From outside they are the same."""


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft that its link opened."""

    capability: str
    keys: DraftKeys
    revision: int
    answers: Answers

    def offering(self, can_send: tuple[str, ...]) -> OpenDraft:
        """The same draft, whose resident can be sent messages on these ways."""
        return replace(self, answers=replace(self.answers, can_send=can_send))


def start(database: Database, answers: Answers, *, now: datetime) -> str:
    """Keep a new draft without answers for one hour; its capability."""
    capability = new_capability()
    keys = keys_of(capability)
    assert keys is not None  # noqa: S101 - made a line ago
    row = SealedDraft(keys.row_id, 0, seal_answers(keys, 0, answers))
    with database.writing(lasting=False) as connection:
        rows.add(connection, row, expires_at=now + LIFE_WITHOUT_ANSWERS)
    return capability


def open_draft(database: Database, capability: str, *, now: datetime, can_send: tuple[str, ...] = ()) -> OpenDraft:
    """The draft behind a link; `can_send` are the ways on which messages can be sent. Raises DraftGone."""
    keys = keys_of(capability)
    if keys is None:
        raise DraftGone
    with database.reading() as connection:
        row = rows.load(connection, keys.row_id, now=now)
    return opened_row(capability, keys, row)


def save(database: Database, draft: OpenDraft, change: Callable[[Answers], Answers], *, now: datetime) -> OpenDraft:
    """The draft after `change`, which is applied to what is kept at that moment: two tabs lose nothing.

    Lives 24 hours from now. Raises DraftGone when it was used or erased in the meantime.
    """
    for _ in range(SAVES_AT_THE_SAME_TIME):
        answers, revision = change(draft.answers), draft.revision + 1
        row = SealedDraft(draft.keys.row_id, revision, seal_answers(draft.keys, revision, answers))
        with database.writing(lasting=False) as connection:
            if rows.replace(connection, row, expires_at=now + LIFE):
                return OpenDraft(draft.capability, draft.keys, revision, answers)
        draft = open_draft(database, draft.capability, now=now).offering(draft.answers.can_send)
    raise DraftGone


def erase(database: Database, draft: OpenDraft) -> None:
    """Forget the draft at once ("delete now")."""
    with database.writing() as connection:
        rows.remove(connection, draft.keys.row_id)
        handovers.remove_of(connection, draft.keys.row_id)


def opened_row(capability: str, keys: DraftKeys, row: SealedDraft | None) -> OpenDraft:
    """The draft in this row. Raises DraftGone when there is none, or these are not its keys."""
    if row is None:
        raise DraftGone
    try:
        answers = open_answers(keys, row.revision, row.sealed)
    except SealBroken as error:
        raise DraftGone from error
    return OpenDraft(capability, keys, row.revision, answers)
