"""Signatures of the Standard Webhooks scheme: did one of these secrets sign this message, just now? Pure."""

from __future__ import annotations

import hmac
import os
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from standardwebhooks import Webhook

TOLERANCE = timedelta(minutes=5)
"""So much may a sender's clock differ, and so long may a message be under way."""

HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
"""What a signed message carries."""

_SECRETS_AT_ONCE = 2
# Known to nobody: tried where a municipality has fewer, so that an unknown one costs the same as a wrong signature.
_NOBODYS = tuple("whsec_" + b64encode(os.urandom(32)).decode() for _ in range(_SECRETS_AT_ONCE))


@dataclass(frozen=True, slots=True)
class Signed:
    """A message as it came in: what the three HEADERS hold, and the body (UTF-8) that was signed with them."""

    message_id: str
    timestamp: str
    signatures: str
    body: bytes


def signed_by_one_of(secrets: Sequence[str], message: Signed, *, now: datetime) -> bool:
    """Whether one of `secrets` (`whsec_...`) signed `message`, at most five minutes before or after `now`.

    Not the library's own `verify`: that takes the time from the machine's clock and raises ValueError for a
    signature that is not base64. What is signed, and how, is the library's.
    """
    if not re.fullmatch("[0-9]{1,11}", message.timestamp):
        return False
    sent_at = datetime.fromtimestamp(int(message.timestamp), tz=UTC)
    tried = (*secrets, *_NOBODYS)[: max(len(secrets), _SECRETS_AT_ONCE)]
    # A list, not a generator: all are tried, whichever fits.
    fits = [_fits(secret, message, sent_at) for secret in tried]
    return any(fits) and abs(now - sent_at) <= TOLERANCE


def _fits(secret: str, message: Signed, sent_at: datetime) -> bool:
    right = Webhook(secret).sign(message.message_id, sent_at, message.body.decode()).encode()
    return any(hmac.compare_digest(right, given.encode()) for given in message.signatures.split(" "))
