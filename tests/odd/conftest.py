"""The same portal and browser that the browser tests use."""

from tests.browser.conftest import chromium, driver, shown, stack, visits

__all__ = ["chromium", "driver", "shown", "stack", "visits"]
