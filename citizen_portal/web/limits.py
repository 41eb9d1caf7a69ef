"""How much of something is allowed: counted per network or per municipality, for all processes together."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from math import ceil
from typing import TYPE_CHECKING

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

from citizen_portal.storage.rates import RateStorage

if TYPE_CHECKING:
    from citizen_portal.web.context import Portal


class _Key(Enum):
    """What is counted: a network, a reference (which is its owner's business), or a municipality's code."""

    NETWORK = "network"
    REFERENCE = "reference"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class _Limit:
    most: RateLimitItem
    by: _Key = _Key.NETWORK


# Generous: behind one address of a mobile provider or a library are many people. The proxy stops real floods.
_LIMITS = {
    "start": _Limit(RateLimitItemPerMinute(300, 5, namespace="start")),
    "events": _Limit(RateLimitItemPerMinute(600, 1, namespace="events"), _Key.PLAIN),
    "refused-events": _Limit(RateLimitItemPerMinute(120, 1, namespace="refused-events")),
    # Of 75 bits: whoever tries sixty codes a minute for a year has tried one in 10^15.
    # Wrong ones are counted per code, too (journey/handover.py); in a library many people hand over.
    "handover-code": _Limit(RateLimitItemPerHour(60, 1, namespace="handover-code")),
    "proof": _Limit(RateLimitItemPerMinute(60, 1, namespace="proof")),
    "proof-compare": _Limit(RateLimitItemPerDay(5, 1, namespace="proof-compare"), _Key.REFERENCE),
    # Five birth dates a day: within the 15 months that a status is kept one in sixteen of the last hundred years'.
    "lost-link": _Limit(RateLimitItemPerDay(5, 1, namespace="lost-link"), _Key.REFERENCE),
    "lost-link-network": _Limit(RateLimitItemPerHour(30, 1, namespace="lost-link-network")),
    "link-message": _Limit(RateLimitItemPerDay(3, 1, namespace="link-message"), _Key.REFERENCE),
    "link-message-network": _Limit(RateLimitItemPerHour(30, 1, namespace="link-message-network")),
}


def allow(portal: Portal, limit_name: str, key: str) -> bool:
    """Count one more, and say whether it is within the limit; what is refused is not counted, and not written.

    `key` is what is counted: the client's address (IPv6 counts per /64), a reference, or for `events` a municipality's
    code. All but the last are kept as an HMAC only. PORTAL_LIMITS=off allows everything.
    Raises KeyError for a limit that is not named here.
    """
    limit = _LIMITS[limit_name]
    if not portal.settings.limits:
        return True
    limiter, kept_key = _limiter(portal), _kept_key(portal, limit, key)
    return limiter.test(limit.most, kept_key) and limiter.hit(limit.most, kept_key)


def seconds_to_wait(portal: Portal, limit_name: str, key: str) -> int:
    """For `Retry-After`: whole seconds until `key` may try again, at least one."""
    limit = _LIMITS[limit_name]
    ends = _limiter(portal).get_window_stats(limit.most, _kept_key(portal, limit, key)).reset_time
    return max(1, ceil(ends - portal.clock().timestamp()))


def _limiter(portal: Portal) -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(RateStorage(portal.database, portal.clock))


def _kept_key(portal: Portal, limit: _Limit, key: str) -> str:
    if limit.by is _Key.PLAIN:
        return key
    counted = _network(key) if limit.by is _Key.NETWORK else key
    return hmac.new(portal.keys.keys("networks of rate limits")[0], counted.encode(), sha256).hexdigest()


def _network(address: str) -> str:
    """What one subscriber has at least: an IPv4 address, or an IPv6 /64."""
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(IPv6Network((int(parsed), 64), strict=False))
        parsed = parsed.ipv4_mapped
    return str(parsed)
