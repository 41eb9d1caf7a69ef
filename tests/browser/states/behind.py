"""The pages behind a status link: what can be told, chosen, taken along or erased, and the links of messages."""

from __future__ import annotations

from datetime import timedelta

from citizen_portal.registration.links import ENVELOPE, INVITE, STOP
from tests.browser.states.standing import (
    BY_EMAIL,
    BY_SMS,
    HELPED,
    HELPED_LITTLE,
    MOVED_OUT_OF_REACH,
    SENT,
    URGENT,
    UTRECHT,
    WITHOUT_NUMBER,
    Standing,
    Told,
    chose_when_it_could_send,
    invites,
    is_followed,
    lends,
    sends,
    takes_paper,
)
from tests.browser.states.state import Kind, State
from tests.support.residents import NO_MESSAGES
from tests.support.walk import Form

_ENDED = Told("geen-contact")
_NEVER: Form = {"urgent_date_day": "31", "urgent_date_month": "2", "urgent_date_year": "2026"}
_FAR: Form = {**URGENT, "urgent_date_year": "2036"}

_BEHIND = (
    Standing("empty", page="urgent"),
    Standing("empty-without-a-number", page="urgent", municipality=WITHOUT_NUMBER),
    Standing("wrong", page="urgent", typed={}, status=422),
    Standing("wrong-date", page="urgent", typed=_NEVER, status=422),
    Standing("wrong-year", page="urgent", typed=_FAR, status=422),
    Standing("old", page="urgent", typed=URGENT, old=True, status=422),
    Standing("not-possible", (MOVED_OUT_OF_REACH,), page="urgent"),
    Standing("ended", (_ENDED,), page="urgent"),
    Standing("ended-as-it-was-sent", (_ENDED,), page="urgent", typed=URGENT),
    Standing("possible", page="withdraw"),
    Standing("possible-when-sent", (SENT,), page="withdraw"),
    Standing("not-possible", (MOVED_OUT_OF_REACH,), page="withdraw"),
    Standing("ended", (_ENDED,), page="withdraw"),
    Standing("done", did=(sends("withdraw"),), page="withdraw"),
    Standing("old", page="withdraw", typed={}, old=True, status=422),
    Standing("none", given=NO_MESSAGES, page="messages"),
    Standing("by-email", page="messages"),
    Standing("by-sms", given={"updates": BY_SMS}, page="messages"),
    Standing("wrong", page="messages", typed={}, status=422),
    Standing("wrong-email", page="messages", typed={**BY_EMAIL, "updates_email": "zoe"}, status=422),
    Standing("wrong-no-email", page="messages", typed={"updates_by": "email"}, status=422),
    Standing("wrong-number", page="messages", typed={**BY_SMS, "updates_phone": "12"}, status=422),
    Standing("wrong-no-number", page="messages", typed={"updates_by": "sms"}, status=422),
    Standing("old", page="messages", typed=BY_SMS, old=True, status=422),
    Standing("silent", page="messages", on=Kind.SILENT),
    Standing("silent-that-could-send", did=(chose_when_it_could_send,), page="messages", on=Kind.SILENT),
    Standing("with-a-copy", page="data"),
    Standing("with-a-helper", given=HELPED, page="data"),
    Standing("without-a-copy", after=timedelta(hours=73), given=NO_MESSAGES, page="data"),
    Standing("with-a-day", (Told("contact-gelegd"), Told("afgesloten")), page="data"),
    Standing("refused", received=False, page="data", typed={"erase": "yes"}, status=409),
    Standing("old", page="data", typed={"erase": "yes"}, old=True, status=422),
    Standing("asked", page="replace"),
    Standing("old", page="replace", typed={}, old=True, status=422),
    Standing("own", page="device"),
    Standing("old", page="device", typed={"way": "lend"}, old=True, status=422),
    Standing("lent", did=(lends,), page="device"),
    Standing("lent-without-an-address", did=(lends,), given=NO_MESSAGES, page="device"),
    Standing("lent-and-taken-along", did=(lends, takes_paper), page="device"),
    Standing("lent-and-sent", did=(lends, sends("device", {"way": "message"})), page="device"),
    Standing("lent-and-silent", did=(lends,), page="device", on=Kind.SILENT),
    Standing("lent-by-who-pressed", given=HELPED, page="device"),
    Standing("lent-on-the-screen", did=(lends,), page="device", typed={"way": "screen"}),
    Standing("lent-on-paper", did=(lends,), page="device", typed={"way": "paper"}),
    Standing("none", page="helper"),
    Standing("old", page="helper", typed={"helper": "stop"}, old=True, status=422),
    Standing("allowed", given=HELPED, page="helper"),
    Standing("not-allowed", given=HELPED_LITTLE, page="helper"),
    Standing("taken-back", given=HELPED, did=(sends("helper", {"helper": "no-contact"}),), page="helper"),
    Standing("invited", did=(invites,), page="helper"),
    Standing("followed", did=(is_followed,), page="helper"),
    Standing("ended", (_ENDED,), given=HELPED, page="helper"),
    Standing("invites", page="helper", typed={"helper": "invite"}),
    Standing("invites-from-a-lent-one", given=HELPED, page="helper", typed={"helper": "invite"}),
    Standing("closed", scope=ENVELOPE),
    Standing("closed", scope=INVITE),
    Standing("before", scope=STOP, page="messages"),
    Standing("after", scope=STOP, page="messages", typed={"updates_by": "none"}),
    Standing("of-one-that-nobody-knows-of", municipality=UTRECHT, scope=STOP, page="messages"),
)

BEHIND: tuple[State, ...] = tuple(standing.state for standing in _BEHIND)
