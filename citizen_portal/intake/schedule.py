"""When a message is tried again (contract/intake.md): about 10 s, 1 min, ... 12 h, then daily until delivered. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

DAY = timedelta(days=1)
STEPS = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    DAY,
)

# So that what failed together does not come back together.
_SPREAD = 0.2
_LONGEST_HEADER = 64
# An intake may shorten a step, but not to a tight loop that lasts for days.
_SHORTEST_SHARE = 0.1


def step(failures: int) -> timedelta:
    """The wait after so many failures in a row (1 or more), without jitter: from the eighth on a day, for ever."""
    return STEPS[min(failures, len(STEPS)) - 1]


def next_try(failures: int, now: datetime, *, jitter: float, wanted: timedelta | None = None) -> datetime:
    """When to try again after so many failures in a row; `jitter` is a random number from 0 to 1.

    Without `wanted` within 10 % of the step. `wanted` is what the intake asked for in Retry-After: never earlier than
    that, at most 10 % later, and in any case within a day.
    """
    planned = step(failures)
    if wanted is None:
        return now + planned * (1 + _SPREAD * (jitter - 0.5))
    wait = max(wanted, planned * _SHORTEST_SHARE)
    return now + min(wait * (1 + _SPREAD * jitter / 2), DAY)


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """What a Retry-After asks for (RFC 9110, 10.2.3: seconds or an HTTP date), from nothing to a day; else None."""
    text = (header or "").strip()
    if not text or len(text) > _LONGEST_HEADER or not text.isascii():
        return None
    if text.isdigit():
        return min(timedelta(seconds=min(int(text), DAY.total_seconds())), DAY)
    try:
        moment = parsedate_to_datetime(text)
        wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    except (ValueError, TypeError, IndexError, OverflowError):
        # The parser of the standard library documents ValueError only; a hostile date finds the others.
        return None
    return min(max(wait, timedelta()), DAY)
