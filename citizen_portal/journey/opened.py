"""A draft's link, opened: what every page behind one begins with."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect
from werkzeug.wrappers import Response as AnyResponse

from citizen_portal.directory.municipality import Municipality
from citizen_portal.journey import drafts, flow
from citizen_portal.journey.answers import Answers
from citizen_portal.journey.drafts import OpenDraft
from citizen_portal.journey.steps import for_somebody_else, in_helpers_hands
from citizen_portal.web.context import portal

NEXT = "next"
"""The purpose of the form that leaves the device to the next person."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Whose form it is, for every page of a draft: a helper fills it in, or the resident does, helped or not.

    `resident` and `helper` are names, empty as long as they were not given. Only a helper leaves the device to the next
    person: `next_token` is for that form.
    """

    is_helpers: bool
    is_helped: bool
    resident: str
    helper: str
    next_token: str | None


def open_link(capability: str) -> OpenDraft:
    """The draft behind a link, with what can be offered to its resident. Raises DraftGone."""
    parts = portal()
    return offered(drafts.open_draft(parts.database, capability, now=parts.clock()))


def offered(draft: OpenDraft) -> OpenDraft:
    """The same draft, with what can be offered to its resident."""
    municipality = municipality_of(draft.answers)
    # Of a letter that somebody takes to the town hall there is no news to send.
    has_news = municipality is None or municipality.connected
    return draft.offering(portal().settings.ways_of_sending if has_news else ())


def municipality_of(answers: Answers) -> Municipality | None:
    """The municipality that the request goes to as things stand, else the one that it was started for."""
    directory = portal().directory
    return directory.get(answers.municipality or answers.started_for or "")


def token_for(draft: OpenDraft, purpose: str) -> str:
    """The token for a form with this purpose on this draft."""
    return portal().form_tokens.make(purpose, draft.keys.row_id, draft.revision)


def hands_of(draft: OpenDraft) -> Hands:
    """Who sits at the form."""
    answers = draft.answers
    is_helpers = in_helpers_hands(answers)
    return Hands(
        is_helpers=is_helpers,
        is_helped=for_somebody_else(answers) and answers.taken_over,
        resident=answers.text("name", "given_name"),
        helper=answers.text("helper", "helper_name"),
        next_token=token_for(draft, NEXT) if is_helpers else None,
    )


def off_the_way(lang: str, draft: OpenDraft, step_name: str) -> AnyResponse | None:
    """To the first open question, when this page cannot be shown yet (or any more)."""
    if flow.allowed(step_name, draft.answers):
        return None
    return to_step(lang, draft.capability, flow.first_open(draft.answers))


def to_step(lang: str, capability: str, step_name: str) -> AnyResponse:
    """To this question."""
    return redirect(f"/{lang}/d/{capability}/{step_name}", 303)
