"""The status page: open the link, gather the facts, show how it stands."""

from __future__ import annotations

from flask import Blueprint, Response

from citizen_portal.clock import amsterdam_day
from citizen_portal.progress.intake_events import facts_of
from citizen_portal.progress.timeline import Registered, timeline
from citizen_portal.registration.links import OWNER
from citizen_portal.storage import links
from citizen_portal.web.access import access, status_link
from citizen_portal.web.context import portal
from citizen_portal.web.errors import LinkGone
from citizen_portal.web.pages import render

blueprint = Blueprint("progress", __name__, url_prefix="/<lang:lang>")
_SEES_STATUS = status_link(OWNER)


@blueprint.get("/s/<token>")
@access(_SEES_STATUS)
def status(lang: str, token: str) -> Response:
    """How it stands, behind a signed and revocable link. Raises LinkGone."""
    parts, now = portal(), portal().clock()
    link = parts.links.read(token)
    if link is None or link.scope not in _SEES_STATUS.scopes:
        raise LinkGone
    with parts.database.reading() as connection:
        record = links.follow(connection, link.hash, link.scope, now=now)
        if record is None:
            raise LinkGone
        facts = facts_of(connection, record, today=amsterdam_day(now))
    municipality = parts.directory.get(facts.owner)
    registered = Registered(
        record.reference, record.registered_at, record.conversation_due, record.urgent, record.received_at
    )
    reports_back = bool(municipality and municipality.settings.reports_back)
    return render(
        "status/status.html",
        municipality=municipality,
        first_municipality=parts.directory.get(record.first_municipality_code),
        line=timeline(registered, facts, now=now, reports_back=reports_back),
        facts=facts,
        # What the first municipality called it would only lead astray at the next.
        intake_number=facts.intake_number or (None if facts.forwarded else record.intake_number),
        reports_back=reports_back,
        names={step.receiver: parts.directory.get(step.receiver) for step in facts.forwarded},
    )
