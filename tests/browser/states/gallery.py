"""The rendered states, shown to a browser as if a portal sent them: same addresses, same headers, no server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Route

from tests.browser.states.catalogue import Catalogue, Seen
from tests.browser.visit import PHONE

# A browser trusts this name as it trusts https; nothing is asked of the network.
_HOST = "http://localhost"
_OPEN_WHAT_CAN_BE_OPENED = "() => document.querySelectorAll('main details').forEach(one => { one.open = true; })"
# What the browser works out by itself, from what it is given.
_NOT_OURS = {"content-length", "content-encoding", "strict-transport-security"}


@dataclass
class Gallery:
    """One tab of a phone that looks at one state after the other; `faults` is what the browser complained of."""

    page: Page
    catalogue: Catalogue
    faults: list[str] = field(default_factory=list)
    _status: int = 200

    def show(self, name: str) -> Seen:
        """Open the state with this name, as `Catalogue.pages` has it, on a phone's screen in daylight."""
        seen = self.catalogue.pages[name]
        self.faults.clear()
        self._status = seen.status
        self.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        self.page.goto(f"{_HOST}/{name}")
        # A page that moves the focus does so in its first frame: a key pressed before it would race with that.
        self.page.evaluate("() => new Promise(done => { requestAnimationFrame(done); })")
        return seen

    def unfold(self) -> None:
        """Open all that can be opened on the page."""
        self.page.evaluate(_OPEN_WHAT_CAN_BE_OPENED)

    def answer(self, route: Route) -> None:
        """Send what was rendered. Anything else that the page asks for is a fault."""
        path = urlsplit(route.request.url).path
        seen = self.catalogue.pages.get(path.removeprefix("/"))
        if seen is not None:
            route.fulfill(status=seen.status, headers=_passed_on(seen.headers), body=seen.html)
        elif path in self.catalogue.files:
            headers, content = self.catalogue.files[path]
            route.fulfill(status=200, headers=_passed_on(headers), body=content)
        else:
            self.faults.append(f"asked for {route.request.url}")
            route.abort()

    def heard(self, message: ConsoleMessage) -> None:
        """Keep what stands in the console and should not: it says of a page that is an error that it is one."""
        expected = f"Failed to load resource: the server responded with a status of {self._status} "
        if message.type in {"error", "warning"} and not message.text.startswith(expected):
            self.faults.append(f"console: {message.text}")


@contextmanager
def gallery(browser: Browser, catalogue: Catalogue, *, script: bool = True) -> Iterator[Gallery]:
    """A gallery in a browser of its own. Without `script` the portal's own never come; a test's still can."""
    context = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]},
        is_mobile=True,
        has_touch=True,
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        color_scheme="light",
        service_workers="block",
    )
    context.set_default_timeout(10_000)
    made = Gallery(context.new_page(), catalogue)
    context.route("**/*", made.answer)
    if not script:
        context.route("**/*.js", lambda route: route.fulfill(status=200, content_type="text/javascript", body=""))
    context.on("console", made.heard)
    context.on("weberror", lambda error: made.faults.append(f"script: {error.error}"))
    try:
        yield made
    finally:
        context.close()


def _passed_on(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in _NOT_OURS}
