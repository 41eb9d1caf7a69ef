"""What the tests of storage share."""

from tests.support.deliveries import keys

__all__ = ["keys"]
