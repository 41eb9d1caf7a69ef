"""The ways to residents that there are, by the outbox's lane."""

from __future__ import annotations

from urllib.parse import urlsplit

from citizen_portal.clock import Clock
from citizen_portal.clock import now as present
from citizen_portal.config import Settings
from citizen_portal.intake.channels import Sender
from citizen_portal.sending.notify import NotifySender
from citizen_portal.sending.queue import LANES
from citizen_portal.sending.smtp import SmtpSender


def senders(settings: Settings, *, clock: Clock = present) -> dict[str, Sender]:
    """One for each way that the settings name: SMS by Notify, e-mail by a mail server if there is one, else by Notify.

    Both ways of Notify share one sender, and with it the connections to it.
    """
    sending, found = settings.sending, dict[str, Sender]()
    if sending.notify:
        by_notify = NotifySender(sending.notify)
        found |= {LANES[way]: by_notify for way in LANES if sending.notify.has(way)}
    if sending.mail_server and sending.mail_from:
        own_name = urlsplit(settings.base_url).hostname or "localhost"
        found[LANES["email"]] = SmtpSender(sending.mail_server, sending.mail_from, own_name=own_name, clock=clock)
    return found
