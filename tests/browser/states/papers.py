"""What residents read that is no page: the proof, the calendar and the messages, as the portal makes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar

from citizen_portal.acknowledgement.document import ProofDocument
from tests.browser.states.others import LEAST, MOST
from tests.browser.states.questions import NO_ADDRESS
from tests.browser.states.standing import BY_SMS, SENT, Standing, Told
from tests.browser.states.state import Making
from tests.support.residents import Resident

_MEETING = Told("gesprek-gepland", {"afspraak": {"begint": "2026-11-25T09:00:00Z", "vorm": "kantoor"}})
_STANDINGS = (
    Standing("least", given=LEAST),
    Standing("most", (_MEETING,), given=MOST),
    Standing("without-an-address", given=NO_ADDRESS),
    Standing("without-a-copy", after=timedelta(hours=73)),
    Standing("sent", (SENT,)),
    # What has not left yet can still be read.
    Standing("by-email", (Told("contact-gelegd"),), received=False),
    Standing("by-sms", (Told("contact-gelegd"),), given={"updates": BY_SMS}, received=False),
)


def papers(making: Making) -> Iterator[str]:
    """The texts of everything that these residents can hold in their hands, or get."""
    for standing in _STANDINGS:
        making.anew()
        resident = standing.resident(making)
        yield from _proof(resident)
        yield from _calendar(resident)
        yield from _messages(resident)


def _proof(resident: Resident) -> Iterator[str]:
    documents: list[ProofDocument] = []

    def is_set(document: ProofDocument) -> bytes:
        documents.append(document)
        return b"%PDF"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("citizen_portal.status.proof.to_pdf", is_set)
        assert resident.portal.client().get(f"{resident.path}/proof.pdf").status_code == 200
    for document in documents:
        yield from _strings(asdict(document))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _strings(tuple(value.values()))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)


def _calendar(resident: Resident) -> Iterator[str]:
    file = resident.portal.client().get(f"{resident.path}/calendar.ics").get_data()
    for entry in Calendar.from_ical(file).walk():
        yield from (str(entry[name]) for name in ("SUMMARY", "DESCRIPTION") if name in entry)


def _messages(resident: Resident) -> Iterator[str]:
    asked = resident.portal.client().post(
        f"/{resident.lang}/status/message", data={"reference": resident.record.reference}
    )
    assert asked.status_code == 200
    for notice in resident.notices():
        yield from (notice.subject, notice.text)
