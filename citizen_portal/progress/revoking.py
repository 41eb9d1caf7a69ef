"""Which events count, who has the registration, and who may take back that it was passed on. Pure.

The rules are those of contract/intake.md, "What events mean".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from citizen_portal.progress.events import Event, Status

# The source begins with its municipality: this names an event among all.
_Key = tuple[str, str]


def not_revoked(events: Iterable[Event]) -> list[Event]:
    """The events that count, each once, without revocations: those are never facts themselves.

    A revocation takes back the one event of its own source that it names, before or after that came in; it may be
    revoked itself, and then what it took back counts again. Revocations that revoke each other in a circle do nothing.
    """
    known: dict[_Key, Event] = {}
    for event in sorted(events, key=lambda event: event.arrival):
        known.setdefault((event.source, event.id), event)
    # What a revocation does is clear once all is clear that revokes it. In a circle that never comes, and a circle is
    # closed in itself: each revocation names one event, so nothing but its own revocations hangs on it.
    unclear: dict[_Key, int] = defaultdict(int)
    for event in known.values():
        if (target := _target(event)) in known:
            unclear[target] += 1
    revoked: set[_Key] = set()
    clear = [key for key in known if not unclear[key]]
    while clear:
        key = clear.pop()
        target = _target(known[key])
        if target not in known:
            continue
        if key not in revoked:
            revoked.add(target)
        unclear[target] -= 1
        if not unclear[target]:
            clear.append(target)
    return [event for key, event in known.items() if event.status is not Status.REVOKES and key not in revoked]


def last_forwarding(events: Iterable[Event]) -> Event | None:
    """Of events that count, the `doorgestuurd` that came last: to whom it went has the registration."""
    return max(
        (event for event in events if event.status is Status.FORWARDED), key=lambda event: event.arrival, default=None
    )


def owner(events: Iterable[Event], first_municipality: str) -> str:
    """The municipality (`GM0363`) that has the registration, by all events that were kept."""
    forwarding = last_forwarding(not_revoked(events))
    return (forwarding.forwarded_to if forwarding else None) or first_municipality


def may_take_back(event: Event, kept: Iterable[Event]) -> bool:
    """Whether `event`, of a municipality that passed the registration on, takes exactly that back, and still may.

    It may until the new municipality has sent an event of its own. `kept` are all events about the registration.
    """
    all_kept = list(kept)
    forwarding = last_forwarding(not_revoked(all_kept))
    if forwarding is None or _target(event) != (forwarding.source, forwarding.id):
        return False
    return not any(
        other.municipality_code == forwarding.forwarded_to and other.arrival > forwarding.arrival for other in all_kept
    )


def _target(event: Event) -> _Key | None:
    revokes = event.status is Status.REVOKES and event.revokes is not None
    return (event.source, str(event.revokes)) if revokes else None
