"""What the tests of storage share."""

from tests.support.deliveries import database, keys

__all__ = ["database", "keys"]
