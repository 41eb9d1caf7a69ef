"""The same portal and browser that the browser tests use."""

from tests.browser.conftest import catalogue, chromium, driver, shown, stack, visits

__all__ = ["catalogue", "chromium", "driver", "shown", "stack", "visits"]
