"""How long what is kept is kept. Pure. The terms stand on the privacy page, too (templates/privacy.html).

The status stays 4 weeks after the end: long enough to read how it ended. After a decision not to help 8 weeks: the six
of the objection term (Awb art. 6:7) and two of margin. Never longer than 15 months after the press.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from citizen_portal.clock import AMSTERDAM, months_after

COPY_LIFE = timedelta(hours=72)
"""So long the owner's copy of the answers is kept."""

NOTICE_LIFE = timedelta(days=3)
"""So long it is tried to send a message to a resident."""

AFTER_END = timedelta(weeks=4)
AFTER_REFUSAL = timedelta(weeks=8)
LATEST_MONTHS = 15


def forget_at(
    registered_at: datetime, ended_at: datetime | None = None, refused_at: datetime | None = None
) -> datetime:
    """When a registration's status is erased. All moments are aware.

    `ended_at`: when it ended, which may be ahead (the end of the pause); `refused_at`: when the municipality decided
    not to help.
    """
    latest = _at_the_latest(registered_at)
    ends = [
        *([ended_at + AFTER_END] if ended_at else []),
        *([refused_at + AFTER_REFUSAL] if refused_at else []),
    ]
    return min(max(ends, default=latest), latest)


def _at_the_latest(registered_at: datetime) -> datetime:
    local = registered_at.astimezone(AMSTERDAM)
    return datetime.combine(months_after(local.date(), LATEST_MONTHS), local.timetz())
