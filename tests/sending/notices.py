"""Messages to residents, as the tests send them."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from citizen_portal.sending.model import Notice

NOTICE_ID = UUID("5b1f7c1e-2f0a-4f0e-9a57-3c9d8e7f6a10")
LINK = "http://127.0.0.1:8000/nl/s/" + "Ab3_-" * 14
BY_EMAIL = Notice(
    way="email",
    to="zoe@example.org",
    language="nl",
    subject="Er is nieuws over uw aanvraag",
    text=f"Er is nieuws over uw aanvraag. U leest het hier:\n\n{LINK}\n\nStoppen:\n\n{LINK}/messages\n",
    kind="news",
    link=LINK,
    stop_link=f"{LINK}/messages",
)
BY_SMS = replace(BY_EMAIL, way="sms", to="+31612345678", text=f"Er is nieuws over uw aanvraag:\n{LINK}")
