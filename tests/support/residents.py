"""Somebody who pressed: what they see, what they do afterwards, and what goes out because of it."""

from __future__ import annotations

import json
import os
import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID

from sqlalchemy import select
from werkzeug.test import TestResponse

from citizen_portal.intake import outbox as rules
from citizen_portal.intake.answer import MessageFault, Received, Result
from citizen_portal.registration.links import token_hash
from citizen_portal.registration.proof import ProofCodes
from citizen_portal.sealing import SealedBody
from citizen_portal.sending.model import Notice
from citizen_portal.storage import links, message_choices, outbox, registrations
from citizen_portal.storage.message_choices import MessageChoice
from citizen_portal.storage.outbox import NOTICE
from citizen_portal.storage.registrations import RegistrationRecord
from citizen_portal.storage.tables import outbox as outbox_table
from tests.progress.sending import document, send
from tests.support.portal import TestPortal
from tests.support.walk import Form, Walk, press_as

NOT_URGENT: dict[str, Form] = {"urgent": {"urgent": "none"}}
NO_MESSAGES: dict[str, Form] = {"updates": {"updates_by": "none"}}
LINK = re.compile(r"/s/([\w.-]+)")


class Resident:
    """Somebody who pressed, and the municipality that reports back about them."""

    def __init__(
        self,
        portal: TestPortal,
        municipality: str = "GM0363",
        *,
        urgent: bool = True,
        answers: dict[str, Form] | None = None,
        lang: str = "nl",
    ) -> None:
        self.portal = portal
        self.lang = lang
        self.municipality = municipality
        given: dict[str, Form] = {"municipality": {"municipality": municipality}, **(answers or {})}
        self.walk: Walk = press_as(portal, given if urgent else {**given, **NOT_URGENT}, lang=lang)
        self.path = self.walk.path
        read = portal.app.extensions["citizen_portal"].links.read(self.walk.step)
        with portal.database.reading() as connection:
            found = links.follow(connection, read.hash, read.scope, now=portal.clock())
        assert found is not None
        self.id: UUID = found.record.id

    @property
    def record(self) -> RegistrationRecord:
        """What the portal keeps of it now."""
        with self.portal.database.reading() as connection:
            found = registrations.get(connection, self.id)
        assert found is not None
        return found

    @property
    def code(self) -> str:
        """The code of the proof."""
        return ProofCodes(self.portal.keys).of(self.id, self.record.proof_hash) or ""

    @property
    def choice(self) -> MessageChoice | None:
        """The choice of messages."""
        with self.portal.database.reading() as connection:
            return message_choices.get(connection, self.id)

    def told(self, status: str, *, sender: str | None = None, at: datetime | None = None, **data: Any) -> str:
        """The municipality reports; the id of the event."""
        event = document(
            status, subject=self.id, sender=sender or self.municipality, at=at or self.portal.clock(), **data
        )
        response = send(self.portal, event)
        assert response.status_code == 204, response.get_data(as_text=True)
        return str(event["id"])

    def sees(self, act: str = "", *, path: str | None = None) -> str:
        """The status page, or one of its acts, as it is now."""
        self.walk.get(self._to(path, act))
        assert self.walk.page.status_code == 200, self.walk.text
        return self.walk.text

    def headline(self) -> str:
        """`data-status` of the page."""
        found = re.search(r'<main[^>]* data-status="([^"]+)"', self.sees())
        assert found
        return found[1]

    def opens(self, act: str, form: Form | None = None, *, path: str | None = None) -> TestResponse:
        """The page of `act`, and then its form sent with these answers; what comes back, not followed."""
        self.sees(act, path=path)
        return self.posts(act, self.walk.filled(form or {}), path=path)

    def posts(self, act: str, form: dict[str, Any], *, path: str | None = None) -> TestResponse:
        """A form as it is, with or without a token."""
        return self.portal.client().post(self._to(path, act), data=form)

    def link(self, scope: str, *, lives: timedelta = timedelta(days=1)) -> str:
        """The path of another link to the same registration."""
        bits, now = os.urandom(16), self.portal.clock()
        with self.portal.database.writing() as connection:
            links.add(connection, token_hash(bits, scope), self.id, scope, now=now, expires_at=now + lives)
        return f"/{self.lang}/s/{self.portal.app.extensions['citizen_portal'].links.write(bits, scope)}"

    def queued(self, kind: str) -> list[dict[str, Any]]:
        """The content of what waits for its receiver, of this kind, in order."""
        return [json.loads(body) for body in self._bodies(kind)]

    def notices(self) -> list[Notice]:
        """The messages that are on their way to the resident."""
        return [Notice.from_bytes(body) for body in self._bodies(NOTICE)]

    def lanes(self) -> list[tuple[str, str, int]]:
        """Kind, lane and place of everything that ever was to go out."""
        with self.portal.database.reading() as connection:
            return [(row.kind, row.municipality_code, row.position) for row in connection.execute(self._rows())]

    def _bodies(self, kind: str) -> list[bytes]:
        with self.portal.database.reading() as connection:
            rows = [row for row in connection.execute(self._rows()) if row.kind == kind and row.body is not None]
        return [
            self.portal.keys.open_body(SealedBody(row.body, row.wrapped_key), rules.seal_context(row.id, kind))
            for row in rows
        ]

    def _rows(self) -> Any:
        mine = select(outbox_table).where(outbox_table.c.registration_id == self.id)
        return mine.order_by(outbox_table.c.position)

    def _to(self, path: str | None, act: str) -> str:
        return (path or self.path) + (f"/{act}" if act else "")


def deliver(portal: TestPortal) -> list[str]:
    """Everything that is due arrives; the kinds, in the order in which a worker took them."""
    return _settle_all(portal, Received(201))


def bounce(portal: TestPortal) -> list[str]:
    """Everything that is due is refused for good."""
    return _settle_all(portal, MessageFault("550", 550))


def _settle_all(portal: TestPortal, result: Result) -> list[str]:
    kinds: list[str] = []
    while True:
        now = portal.clock()
        with portal.database.writing() as connection:
            claimed = outbox.claim(connection, now=now, lease=rules.LEASE, limit=100, cap=4)
        if not claimed:
            return kinds
        with portal.database.writing() as connection:
            rules.settle(connection, [(entry, result) for entry in claimed], now=now, jitter=lambda: 0.5)
        kinds += [entry.kind for entry in claimed]


def links_in(text: str) -> list[str]:
    """The tokens of the status links in a message or a page."""
    return [found[1] for found in LINK.finditer(unescape(text))]


def shown_address(html: str) -> str:
    """The address that a page shows to be scanned or copied, whole, as it is when somebody copies it."""
    found = re.search(r'<p dir="ltr">(\S+)</p>', unescape(html).replace("<wbr>", ""))
    assert found, html
    return found[1]


def words(answer: TestResponse) -> str:
    """What an answer says, as it is read."""
    return unescape(answer.get_data(as_text=True))


def shown_path(resident: Resident, answer: TestResponse) -> str:
    """The path of the address that an answer shows to be scanned or copied."""
    base_url = resident.portal.app.extensions["citizen_portal"].settings.base_url
    return shown_address(words(answer)).removeprefix(base_url)
