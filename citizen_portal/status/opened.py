"""A status link, opened: what every page behind one begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from citizen_portal.clock import amsterdam_day
from citizen_portal.directory.municipality import Municipality
from citizen_portal.progress.facts import Facts
from citizen_portal.progress.intake_events import facts_of
from citizen_portal.progress.timeline import Registered, Timeline, timeline
from citizen_portal.registration.links import HELPER, INVITE, OWNER, VIEW, LinkToken
from citizen_portal.storage import links
from citizen_portal.storage.links import LENT
from citizen_portal.storage.registrations import RegistrationRecord
from citizen_portal.web.access import Access
from citizen_portal.web.context import portal
from citizen_portal.web.csrf import TokenContext
from citizen_portal.web.errors import LinkGone
from citizen_portal.web.pages import render


@dataclass(frozen=True, slots=True)
class OpenStatus:
    """What a link opened, as it stands at `now`. `municipality` is the one that has the request now."""

    lang: str
    token: str
    link: LinkToken
    record: RegistrationRecord
    facts: Facts
    municipality: Municipality | None
    now: datetime
    is_lent: bool
    """It is on a helper's or a borrowed device, and not the owner's to keep."""
    works_until: datetime

    @property
    def is_owners(self) -> bool:
        """Whether the link is the owner's own: all that is personal hangs on that."""
        return self.link.scope == OWNER

    @property
    def was_helped(self) -> bool:
        """Whether somebody else filled in the form."""
        return self.record.helper_may_be_contacted is not None

    @property
    def today(self) -> date:
        """The day in Amsterdam."""
        return amsterdam_day(self.now)

    @property
    def can_be_told(self) -> bool:
        """Whether what the resident tells now reaches the municipality that has the request."""
        return self.municipality is not None and self.municipality.connected

    @property
    def reports_back(self) -> bool:
        """Whether that municipality can report what happens."""
        return self.municipality is not None and self.municipality.settings.reports_back

    @property
    def line(self) -> Timeline:
        """How it stands."""
        record = self.record
        registered = Registered(
            # With it anybody who knows the address sees more than a helper may, and nobody could end that.
            reference=record.reference if self.link.scope in {OWNER, VIEW} else "",
            registered_at=record.registered_at,
            conversation_due=record.conversation_due,
            urgent=record.urgent,
            received_at=record.received_at,
            told_urgent_at=record.told_urgent_at,
            # A note for the resident alone: who came with the reference sees what the municipality reported.
            called_at=record.called_at if self.is_owners else None,
        )
        return timeline(registered, self.facts, now=self.now, reports_back=self.reports_back)

    def path(self, act: str = "") -> str:
        """The address of the page, or of what belongs to it."""
        return f"/{self.lang}/s/{self.token}" + (f"/{act}" if act else "")

    def form(self, purpose: str) -> TokenContext:
        """What the token of a form on one of its pages is bound to."""
        return TokenContext(portal().form_tokens, purpose, self.link.hash, 0)

    def form_token(self, purpose: str, revision: int = 0) -> str:
        """The token for a form with this purpose. `revision` says what its page showed, where that matters."""
        return portal().form_tokens.make(purpose, self.link.hash, revision)

    def sent_from_here(self, token: str, purpose: str) -> bool:
        """Whether this form token came from such a page of this link, within a day."""
        return self.revision_in(token, purpose) is not None

    def revision_in(self, token: str, purpose: str) -> int | None:
        """The revision that `form_token` was given; None when this token is too old, or of another page."""
        return portal().form_tokens.revision_in(token, purpose, self.link.hash)

    def back(self) -> AnyResponse:
        """To the status page, after something was done."""
        return redirect(self.path(), 303)

    def page(self, template: str, *, status: int = 200, has_errors: bool = False, **context: Any) -> Response:
        """A page of this link; every one knows `opened`."""
        shown: Mapping[str, Any] = {"opened": self, **context}
        # With a link that may not look, not even where help was asked for.
        municipality = self.municipality if self.link.scope in {OWNER, VIEW, HELPER} else None
        return render(template, status=status, municipality=municipality, has_errors=has_errors, **shown)


def open_status(lang: str, token: str, rule: Access) -> OpenStatus:
    """What this link opens, for a view with this access rule. Raises LinkGone."""
    parts, now = portal(), portal().clock()
    link = parts.links.read(token)
    if link is None or link.scope not in rule.scopes:
        raise LinkGone
    with parts.database.reading() as connection:
        found = links.follow(connection, link.hash, link.scope, now=now)
        if found is None:
            raise LinkGone
        facts = facts_of(connection, found.record, today=amsterdam_day(now))
    if facts.ended is not None and link.scope in {HELPER, INVITE}:
        # What a helper may do ends by itself.
        raise LinkGone
    municipality = parts.directory.get(facts.owner)
    return OpenStatus(lang, token, link, found.record, facts, municipality, now, found.origin == LENT, found.expires_at)
