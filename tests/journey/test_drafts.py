"""A draft in the database: two tabs lose nothing, and what is gone or was tampered with opens nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from citizen_portal.journey import drafts
from citizen_portal.journey.answers import Answers
from citizen_portal.journey.drafts import DraftGone
from citizen_portal.storage.database import Database
from citizen_portal.storage.tables import draft as draft_table
from tests.support.portal import MONDAY

NAME = Answers().with_step("name", {"given_name": "Zoë", "family_name": "Jansen"})


def test_a_save_after_anothers_is_made_on_top_of_it(database: Database) -> None:
    capability = drafts.start(database, Answers(), now=MONDAY)
    mine, other = (drafts.open_draft(database, capability, now=MONDAY) for _ in range(2))
    drafts.save(database, other, lambda answers: answers.with_step("urgent", {"urgent": ["gas"]}), now=MONDAY)
    saved = drafts.save(database, mine, lambda answers: answers.with_step("name", NAME.steps["name"]), now=MONDAY)
    assert saved.answers.steps == {"urgent": {"urgent": ["gas"]}, **NAME.steps}
    assert drafts.open_draft(database, capability, now=MONDAY).answers == saved.answers


def test_a_save_to_a_draft_that_is_gone_brings_nothing_back(database: Database) -> None:
    capability = drafts.start(database, NAME, now=MONDAY)
    draft = drafts.open_draft(database, capability, now=MONDAY)
    drafts.erase(database, draft)
    with pytest.raises(DraftGone):
        drafts.save(database, draft, lambda answers: answers, now=MONDAY)
    with pytest.raises(DraftGone):
        drafts.open_draft(database, capability, now=MONDAY)


def test_a_save_that_is_overtaken_again_and_again_gives_up(database: Database) -> None:
    capability = drafts.start(database, Answers(), now=MONDAY)
    draft = drafts.open_draft(database, capability, now=MONDAY)

    def overtaken(answers: Answers) -> Answers:
        latest = drafts.open_draft(database, capability, now=MONDAY)
        drafts.save(database, latest, lambda kept: kept, now=MONDAY)
        return answers

    with pytest.raises(DraftGone):
        drafts.save(database, draft, overtaken, now=MONDAY)


def test_a_draft_whose_row_was_changed_looks_like_one_that_never_was(database: Database) -> None:
    capability = drafts.start(database, NAME, now=MONDAY)
    with database.writing() as connection:
        connection.execute(update(draft_table).values(revision=draft_table.c.revision + 1))
    with pytest.raises(DraftGone):
        drafts.open_draft(database, capability, now=MONDAY)


def test_two_rows_that_change_places_open_nothing(database: Database) -> None:
    links = [drafts.start(database, NAME, now=MONDAY) for _ in range(2)]
    first, second = (drafts.open_draft(database, link, now=MONDAY) for link in links)
    parking = b"elsewhere"
    moves = ((first.keys.row_id, parking), (second.keys.row_id, first.keys.row_id), (parking, second.keys.row_id))
    with database.writing() as connection:
        for row_id, goes_to in moves:
            moved = update(draft_table).where(draft_table.c.row_id == row_id).values(row_id=goes_to)
            assert connection.execute(moved).rowcount == 1
    for link in links:
        with pytest.raises(DraftGone):
            drafts.open_draft(database, link, now=MONDAY)


def test_each_save_gives_a_day_and_nobody_can_open_it_afterwards(database: Database) -> None:
    capability = drafts.start(database, Answers(), now=MONDAY)
    later = MONDAY + timedelta(minutes=59)
    drafts.save(database, drafts.open_draft(database, capability, now=later), lambda answers: answers, now=later)
    drafts.open_draft(database, capability, now=later + timedelta(hours=23, minutes=59))
    with pytest.raises(DraftGone):
        drafts.open_draft(database, capability, now=later + timedelta(hours=24))
