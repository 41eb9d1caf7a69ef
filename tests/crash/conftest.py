"""What the tests of bad days share."""

from __future__ import annotations

from tests.intake.conftest import intake, keys

__all__ = ["intake", "keys"]
