"""What the tests of the address register client share."""

from __future__ import annotations

from citizen_portal.directory.address import Found

CODES = frozenset({"GM0344", "GM0310"})
BOLSTRAAT = Found(frozenset({"GM0344"}), "Bolstraat", "Utrecht", confirmed=True)


class Seconds:
    """A clock that a test moves."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now
