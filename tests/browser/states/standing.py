"""Somebody who pressed, as data: what the municipality reported, what they did on their page, how much time went by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from werkzeug.test import TestResponse

from citizen_portal.notices.queueing import Notices
from citizen_portal.progress.merged import move_merged
from citizen_portal.registration.links import ENVELOPE, HELPER, INVITE, OWNER, STOP
from citizen_portal.registration.model import MessageAddress
from citizen_portal.storage import postcodes
from tests.browser.states.state import Kind, Making, State, merged
from tests.support.portal import TestPortal
from tests.support.residents import NOT_URGENT, Resident, bounce, deliver
from tests.support.walk import ZOE, Form

AMSTERDAM, UTRECHT, WITHOUT_EVENTS, NOT_CONNECTED = "GM0363", "GM0344", "GM0014", "GM0518"
WITHOUT_NUMBER = "GM0153"
HOME: Form = {"postcode": "1012 AB", "house_number": "12"}
_PAGES = {STOP: "stop", ENVELOPE: "envelope", INVITE: "invite", HELPER: "followed"}
_A_MINUTE = timedelta(minutes=1)

Deed = Callable[[Resident], None]
"""What somebody does with the link, or with the reference, after the press."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event: a status, what belongs to it, and who says it (the one that was asked when nobody else is named)."""

    status: str
    data: Mapping[str, object] = field(default_factory=dict)
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A page behind a status link after these events, `after` the press, and what was `did` then; `later` is more time.

    `received`: the intake took it. `page` is the act whose page is shown, with a link of this `scope`; `typed` is what
    is sent there, if anything, and `old` a page that stood open too long.
    """

    variant: str
    told: tuple[Told, ...] = ()
    after: timedelta = timedelta()
    did: tuple[Deed, ...] = ()
    later: timedelta = timedelta()
    received: bool = True
    urgent: bool = True
    municipality: str = AMSTERDAM
    given: Mapping[str, Form] = field(default_factory=dict)
    scope: str = OWNER
    page: str = ""
    typed: Form | None = None
    old: bool = False
    status: int = 200
    on: Kind = Kind.SENDS

    @property
    def state(self) -> State:
        """The standing as a state."""
        kind = _PAGES.get(self.scope) or (f"own-{self.page}" if self.page else "status")
        return State(f"{kind}-{self.variant}", kind, self._made, self.status, self.on)

    def resident(self, making: Making) -> Resident:
        """Somebody about whom, and by whom, all this was done."""
        # The address settles the municipality: a long page less on the way.
        making.found(self.municipality)
        given = merged(ZOE, {} if self.urgent else NOT_URGENT, self.given)
        resident = Resident(making.portal, self.municipality, answers=given, lang=making.lang)
        if self.received:
            deliver(making.portal)
        clock = making.portal.clock
        # Each a minute after the one before, so that the newest is the last.
        for event in self.told:
            clock.moment += _A_MINUTE
            data: dict[str, Any] = dict(event.data)
            resident.told(event.status, sender=event.sender or None, **data)
        clock.moment += self.after
        for deed in self.did:
            clock.moment += _A_MINUTE
            deed(resident)
        clock.moment += self.later
        return resident

    def _made(self, making: Making) -> TestResponse:
        resident = self.resident(making)
        path = resident.path if self.scope == OWNER else resident.link(self.scope)
        walk = resident.walk.get(f"{path}/{self.page}" if self.page else path)
        if self.typed is not None:
            walk.post(self.typed, token="of another day" if self.old else None)
        return walk.page


def sends(act: str, form: Form | None = None) -> Deed:
    """Sends the form of the page of `act`."""

    def deed(resident: Resident) -> None:
        answer = resident.opens(act, form)
        assert answer.status_code == 303, answer.get_data(as_text=True)

    return deed


def notes_a_call(said: str = "yes") -> Deed:
    """Says on the status page that somebody called; "no" takes that back."""

    def deed(resident: Resident) -> None:
        resident.sees()
        assert resident.posts("called", resident.walk.filled({"called": said})).status_code == 303

    return deed


def comes_with_the_reference(resident: Resident) -> None:
    """Somebody looks who has the reference and the address, and no link."""
    form = {"reference": resident.record.reference, **HOME}
    assert resident.portal.client().post(f"/{resident.lang}/status", data=form).status_code == 303


def lends(resident: Resident) -> None:
    """Says that the device is not theirs: from now on the link is a lent one."""
    assert resident.opens("device", {"way": "lend"}).status_code == 303


def takes_paper(resident: Resident) -> None:
    """Takes a link along on paper."""
    assert resident.opens("device", {"way": "paper"}).status_code == 200


def invites(resident: Resident) -> None:
    """Makes a link for a helper."""
    assert resident.opens("helper", {"helper": "invite"}).status_code == 200


def is_followed(resident: Resident) -> None:
    """Has invited a helper, who opened the link."""
    invites(resident)
    resident.link(HELPER)


def gets_nothing(resident: Resident) -> None:
    """Whatever is on its way is refused by its receiver: a message, if all else has arrived."""
    bounce(resident.portal)
    choice = resident.choice
    assert choice and choice.failed_at


def chose_when_it_could_send(resident: Resident) -> None:
    """Had chosen messages, on a portal whose operator has no longer any to send with."""
    parts, address = resident.portal.app.extensions["citizen_portal"], MessageAddress("email", "zoe@example.nl")
    with resident.portal.database.writing() as connection:
        notices = Notices(parts)
        notices.choose(connection, resident.id, address, language=resident.lang, now=resident.portal.clock())


def lives_through_a_merger(resident: Resident) -> None:
    """What the worker does when municipalities have merged."""
    assert move_merged(resident.portal.database, resident.portal.directory, resident.portal.clock())


def know_postcodes(portal: TestPortal, rows: Mapping[str, tuple[str, ...]]) -> None:
    """Import which municipalities lie in these postcodes."""
    now = portal.clock()
    with portal.database.writing() as connection:
        generation = postcodes.begin(connection, now=now)
        postcodes.add(connection, generation, [(place, code) for place, codes in rows.items() for code in codes])
        postcodes.finish(connection, generation, now=now)


BY_EMAIL: Form = {"updates_by": "email", "updates_email": "zoe@example.nl"}
BY_SMS: Form = {"updates_by": "sms", "updates_phone": "06-12345678"}
URGENT: Form = {"urgent": ["gas"], "urgent_date_day": "27", "urgent_date_month": "11", "urgent_date_year": "2026"}
HELPED: Mapping[str, Form] = {"for-whom": {"for_whom": "other"}, "helper": ZOE["helper"]}
"""A helper fills in the form, who may be called and may follow, and presses with the resident beside them."""
HELPED_LITTLE: Mapping[str, Form] = {
    **HELPED,
    "helper": {**ZOE["helper"], "helper_may_be_contacted": "", "helper_may_follow": ""},
}
"""The same, and the helper may do nothing of that afterwards."""
PAUSE: dict[str, object] = {"pauzeTot": "2027-07-20", "aantalSchuldeisers": 14}
SENT = Told("kennisgeving-verstuurd", PAUSE)
MOVED = Told("doorgestuurd", {"gemeentecode": UTRECHT})
MOVED_OUT_OF_REACH = Told("doorgestuurd", {"gemeentecode": NOT_CONNECTED})
