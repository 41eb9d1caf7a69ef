"""`/.well-known/security.txt` (RFC 9116): where to report a weakness."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response

from citizen_portal.clock import utc_text
from citizen_portal.web.access import ANYONE, access
from citizen_portal.web.context import portal

blueprint = Blueprint("security_txt", __name__)

_VALID_FOR = timedelta(days=180)


@blueprint.get("/.well-known/security.txt")
@access(ANYONE)
def security_txt() -> Response:
    """Contact, languages and expiry, always half a year ahead. Without a contact of its own: the Dutch NCSC."""
    parts = portal()
    lines = (
        "Contact: https://www.ncsc.nl/contact/kwetsbaarheid-melden",
        f"Expires: {utc_text(parts.clock() + _VALID_FOR)}",
        "Preferred-Languages: nl, en",
        f"Canonical: {parts.settings.base_url}/.well-known/security.txt",
    )
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
