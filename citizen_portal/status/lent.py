"""What every page of a lent link shows: how long it works here, and the way to leave this device clean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Response

from citizen_portal.registration.devices import FreshLink, took_along
from citizen_portal.registration.links import ENVELOPE
from citizen_portal.status.opened import OpenStatus
from citizen_portal.storage import links
from citizen_portal.web.context import portal

NEXT = "next"
"""The purpose of the form token that leaves the device."""


@dataclass(frozen=True, slots=True)
class Lent:
    """`works_until` is when the page is over by itself; `is_helpers`: somebody helped, and the next resident waits.

    `took_along`: the owner has a link that does not end here; `message_sent`: one is on its way to them.
    """

    works_until: datetime
    is_helpers: bool
    took_along: bool
    message_sent: bool
    leave_token: str


def lent_of(opened: OpenStatus) -> Lent | None:
    """What there is to say when the link is lent; None when it is the owner's to keep."""
    if not opened.is_lent:
        return None
    with portal().database.reading() as connection:
        live = links.live(connection, opened.record.id, now=opened.now)
    sent = any(link.scope == ENVELOPE and link.origin is None for link in live)
    return Lent(opened.works_until, opened.was_helped, took_along(live), sent, opened.form_token(NEXT))


def shown_link(opened: OpenStatus, template: str, fresh: FreshLink, scope: str) -> Response:
    """The answer to a POST that made a link: a page that shows it, once, as a picture and as an address.

    No address of the portal leads to this page, so neither history nor the back button brings the link up again.
    """
    parts = portal()
    address = f"{parts.settings.base_url}/{opened.lang}/s/{parts.links.write(fresh.bits, scope)}"
    return opened.page(template, address=address, works_until=fresh.works_until, lent=lent_of(opened))
