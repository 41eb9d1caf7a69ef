"""Who may use a route: said beside it, so that its reader sees it and a test can hold every route to it.

What is said here is not checked here: a view opens the draft, the status link or the signed event by itself, and shows
what it opened. tests/web/test_routes.py tries every route with every link and compares.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

_View = TypeVar("_View", bound=Callable[..., Any])
_rules: dict[Callable[..., Any], Access] = {}


@dataclass(frozen=True, slots=True)
class Access:
    """One way to a route. `scopes` are those of the status links that open it."""

    needs: str
    scopes: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return " ".join((self.needs, *sorted(self.scopes)))


ANYONE = Access("anyone")
"""It holds nothing of anybody's."""

DRAFT_LINK = Access("draft-link")
"""The capability in the path opens the draft; without it there is only the page for links that open nothing."""

SIGNED_EVENT = Access("signed-event")
"""A municipality proves with its signature who it is."""


NOTIFY_RECEIPT = Access("notify-receipt")
"""The service that sends messages proves with the token that the operator gave it."""


def status_link(*scopes: str) -> Access:
    """A status link with one of these scopes; with any other the page for links that open nothing."""
    return Access("status-link", frozenset(scopes))


def access(rule: Access) -> Callable[[_View], _View]:
    """Says of a view who may use it. Stands below the route: `@blueprint.get(...)`, then `@access(...)`."""

    def declare(view: _View) -> _View:
        _rules[view] = rule
        return view

    return declare


def access_of(view: Callable[..., Any]) -> Access | None:
    """What was said of this view; None when nothing was."""
    return _rules.get(view)
