"""Signatures: two secrets at once, lists, and time."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta

import pytest
from standardwebhooks import Webhook

from citizen_portal.progress.signature import Signed, signed_by_one_of
from tests.support.portal import MONDAY, OTHER_WEBHOOK_SECRET, WEBHOOK_SECRET

THIRD = "whsec_" + b64encode(b"a third secret that nobody agreed").decode()
BODY = '{"naam": "Zoë"}'.encode()


def message(*secrets: str, sent_after: timedelta = timedelta(), between: str = " ") -> Signed:
    at = MONDAY + sent_after
    signatures = between.join(Webhook(secret).sign("id", at, BODY.decode()) for secret in secrets)
    return Signed("id", str(int(at.timestamp())), signatures, BODY)


@pytest.mark.parametrize("secret", [WEBHOOK_SECRET, OTHER_WEBHOOK_SECRET])
def test_each_of_two_active_secrets_proves(secret: str) -> None:
    assert signed_by_one_of([WEBHOOK_SECRET, OTHER_WEBHOOK_SECRET], message(secret), now=MONDAY)


def test_one_good_signature_in_a_list_is_enough_whatever_stands_beside_it() -> None:
    good = message(WEBHOOK_SECRET)
    for beside in ("v1,%%%", "nonsense", "v1a,AAAA", message(THIRD).signatures):
        both = Signed(good.message_id, good.timestamp, f"{beside} {good.signatures}", good.body)
        assert signed_by_one_of([WEBHOOK_SECRET], both, now=MONDAY)


@pytest.mark.parametrize("secrets", [(), (WEBHOOK_SECRET,), (WEBHOOK_SECRET, OTHER_WEBHOOK_SECRET)])
def test_another_secret_proves_nothing(secrets: tuple[str, ...]) -> None:
    assert not signed_by_one_of(secrets, message(THIRD), now=MONDAY)


@pytest.mark.parametrize(
    ("field", "value"), [("message_id", "other"), ("timestamp", "1795424641"), ("body", b"{}"), ("signatures", "")]
)
def test_what_was_signed_cannot_be_changed(field: str, value: str | bytes) -> None:
    good = message(WEBHOOK_SECRET)
    parts = {name: getattr(good, name) for name in ("message_id", "timestamp", "signatures", "body")}
    assert signed_by_one_of([WEBHOOK_SECRET], Signed(**parts), now=MONDAY)
    assert not signed_by_one_of([WEBHOOK_SECRET], Signed(**{**parts, field: value}), now=MONDAY)


@pytest.mark.parametrize(("seconds", "counts"), [(-301, False), (-300, True), (300, True), (301, False)])
def test_five_minutes_each_way(seconds: int, counts: bool) -> None:
    late = message(WEBHOOK_SECRET, sent_after=timedelta(seconds=seconds))
    assert signed_by_one_of([WEBHOOK_SECRET], late, now=MONDAY) is counts
