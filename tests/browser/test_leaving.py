"""Leaving quickly, in a real browser: by the link, by three presses of Shift, in frames of other sites, without script.

The pages are the portal's own; only what keeps others from framing them is taken off on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect
from werkzeug.wrappers import Request, Response

from tests.browser.visit import PHONE
from tests.support.portal import TestPortal, make_portal
from tests.support.serving import served
from tests.support.walk import begin

pytestmark = pytest.mark.browser

WEATHER = "https://www.buienradar.nl/"
BEFORE = "/before"
STILL_THERE = "Het venster eromheen is nog open. Sluit het zelf."
ALLOWED_TO_LEAVE = "allow-forms allow-scripts allow-top-navigation"
NOT_ALLOWED = ("allow-forms allow-scripts", "allow-forms allow-scripts allow-same-origin")
QUESTION = "/question"
# What keeps others from framing our pages, and a sandbox from loading our script.
_NO_FRAMES = "; frame-ancestors 'none'"
_AGAINST_FRAMES = ("X-Frame-Options", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy")
_SENTENCE = "[role=alert]"
_NOTE_THE_CLICK = """() => window.addEventListener("click", event => {
  document.title = event.defaultPrevented ? "for the page" : "for the browser";
  event.preventDefault();
})"""


@pytest.fixture(scope="module")
def portal_to_frame(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestPortal]:
    """A portal with one draft, open at a question (`QUESTION`)."""
    portal = make_portal(tmp_path_factory.mktemp("portal"))
    yield portal
    portal.database.close()


@pytest.fixture(scope="module")
def site(portal_to_frame: TestPortal) -> Iterator[str]:
    """The address of that portal, on which there are pages of others too: `/before`, and `/around` with a frame."""
    question = begin(portal_to_frame).to_step("name").path

    @Request.application
    def answer(request: Request) -> Response:
        if request.path == QUESTION:
            return Response(status=303, headers={"Location": question})
        if not request.path.startswith(("/nl/", "/static/")):
            return Response(_page_of_others(request), content_type="text/html; charset=utf-8")
        sent = Response.from_app(portal_to_frame.app, request.environ)
        for name in _AGAINST_FRAMES:
            del sent.headers[name]
        sent.headers["Content-Security-Policy"] = sent.headers["Content-Security-Policy"].replace(_NO_FRAMES, "")
        return sent

    with served(answer) as address:
        yield address


def _page_of_others(request: Request) -> str:
    sandbox = f' sandbox="{request.args["sandbox"]}"' if "sandbox" in request.args else ""
    frame = f'<iframe src="{request.args["src"]}"{sandbox} width="360" height="600"></iframe>' * ("src" in request.args)
    return f'<!DOCTYPE html><html lang="nl"><title>{request.path}</title><h1>Een ander</h1>{frame}</html>'


Opens = Callable[..., Page]


@pytest.fixture
def opens(chromium: Browser, site: str) -> Iterator[Opens]:
    """Opens these pages one after the other, in a browser of its own in which the weather can be looked at."""
    with ExitStack() as stack:

        def open_pages(*paths: str, script: bool = True) -> Page:
            context = stack.enter_context(_browser(chromium, script=script))
            page = context.new_page()
            for path in paths:
                page.goto(site + path)
            return page

        yield open_pages


@contextmanager
def _browser(chromium: Browser, *, script: bool) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, java_script_enabled=script)
    context.set_default_timeout(10_000)
    context.route(f"{WEATHER}**", lambda route: route.fulfill(content_type="text/html", body="<h1>Regen</h1>"))
    try:
        yield context
    finally:
        context.close()


def _by_the_link(where: Page | Frame) -> None:
    where.locator("[data-leave]").click()


def _by_shift(where: Page | Frame) -> None:
    page = where.page if isinstance(where, Frame) else where
    for _press in range(3):
        page.keyboard.press("Shift")


WAYS = [_by_the_link, _by_shift]


@pytest.mark.parametrize("leave", WAYS)
def test_back_does_not_return_to_the_page_that_was_left(opens: Opens, leave: Callable[[Page], None]) -> None:
    page = opens(BEFORE, "/nl/")
    leave(page)
    page.wait_for_url(WEATHER)
    page.go_back()
    assert page.url.endswith(BEFORE)
    page.go_forward()
    assert page.url == WEATHER


@pytest.mark.parametrize("leave", WAYS)
def test_nothing_shows_while_the_weather_is_on_its_way(opens: Opens, leave: Callable[[Page], None]) -> None:
    page = opens(QUESTION)
    page.locator("[name=given_name]").fill("Zoë")
    # "No content" never replaces the page: the slowest network that there is.
    page.context.route(f"{WEATHER}**", lambda route: route.fulfill(status=204))
    leave(page)
    expect(page.locator("body")).to_be_empty()
    assert page.title() == "www.buienradar.nl"
    assert "Zoë" not in page.content()


def test_without_script_it_is_a_link_that_leaves_the_whole_window(opens: Opens, site: str) -> None:
    page = opens(f"/around?src={site}/nl/", script=False)
    _by_the_link(_framed(page))
    page.wait_for_url(WEATHER)


def test_a_click_that_asks_for_another_tab_is_left_to_the_browser(opens: Opens) -> None:
    page = opens("/nl/")
    page.evaluate(_NOTE_THE_CLICK)
    page.locator("[data-leave]").click(modifiers=["ControlOrMeta"])
    assert page.title() == "for the browser"
    expect(page.locator("h1")).to_be_visible()


def test_each_press_says_how_many_more_it_takes(opens: Opens) -> None:
    page = opens("/nl/")
    said = page.get_by_role("status")
    expect(said).to_be_attached()
    expect(said).to_be_empty()
    page.keyboard.press("Shift")
    expect(said).to_contain_text("nog 2 keer")
    page.keyboard.press("Shift")
    expect(said).to_contain_text("nog 1 keer")
    page.keyboard.press("a")
    expect(said).to_be_empty()


def test_presses_that_are_far_apart_do_not_count_together(opens: Opens) -> None:
    page = opens()
    page.clock.install()
    page.goto(opens("/nl/").url)
    said = page.get_by_role("status")
    for _press in range(2):
        page.keyboard.press("Shift")
    expect(said).to_contain_text("nog 1 keer")
    page.clock.run_for(2000)
    expect(said).to_be_empty()
    page.keyboard.press("Shift")
    expect(said).to_contain_text("nog 2 keer")


def test_shift_with_anything_else_is_no_press(opens: Opens) -> None:
    page = opens(QUESTION)
    name, said = page.locator("[name=given_name]"), page.get_by_role("status")
    name.focus()
    for key in ("Shift+Z", "Shift+O", "Shift+E", "Shift+Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab"):
        page.keyboard.press(key)
    for together in (("Alt", "Shift"), ("Shift", "Control"), ("Shift", "Alt"), ("Alt", "Shift")):
        for key in together:
            page.keyboard.down(key)
        for key in reversed(together):
            page.keyboard.up(key)
    for _click in range(3):
        page.keyboard.down("Shift")
        page.locator("h1").click()
        page.keyboard.up("Shift")
    expect(said).to_be_empty()
    expect(name).to_have_value("ZOE")
    # Two bare ones with a capital between them are not two in a row.
    for key in ("Shift", "Shift", "Shift+A", "Shift"):
        page.keyboard.press(key)
    expect(said).to_contain_text("nog 2 keer")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("sandbox", [None, ALLOWED_TO_LEAVE])
@pytest.mark.parametrize("leave", WAYS)
def test_in_a_frame_the_whole_window_leaves(
    opens: Opens, site: str, host: str, sandbox: str | None, leave: Callable[[Frame], None]
) -> None:
    """`localhost` is another site than `127.0.0.1`."""
    page = opens(BEFORE, _around(site, host, sandbox))
    frame = _framed(page)
    frame.locator("h1").click()
    leave(frame)
    page.wait_for_url(WEATHER)
    page.go_back()
    assert page.url.endswith(BEFORE)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("sandbox", NOT_ALLOWED)
@pytest.mark.parametrize("leave", WAYS)
def test_where_the_window_may_not_be_left_the_page_goes_and_says_so(
    opens: Opens, site: str, host: str, sandbox: str, leave: Callable[[Frame], None]
) -> None:
    page = opens(_around(site, host, sandbox))
    frame = _framed(page)
    frame.locator("h1").click()
    leave(frame)
    expect(frame.locator(_SENTENCE)).to_contain_text(STILL_THERE)
    assert frame.locator("body").inner_text() == frame.locator(_SENTENCE).inner_text()
    assert page.url.startswith(site)


def test_a_browser_that_refuses_without_a_word_is_noticed(opens: Opens, site: str) -> None:
    """Nothing was touched yet: then Chromium refuses a frame of another site the window."""
    page = opens(_around(site, "localhost", None))
    frame = _framed(page)
    page.keyboard.press("Tab")
    _by_shift(frame)
    expect(frame.locator(_SENTENCE)).to_contain_text(STILL_THERE)
    assert page.url.startswith(site)


def _around(site: str, host: str, sandbox: str | None) -> str:
    inner = site.replace("127.0.0.1", host) + QUESTION
    return f"/around?src={inner}" + (f"&sandbox={sandbox}" if sandbox else "")


def _framed(page: Page) -> Frame:
    frame = page.frames[1]
    frame.wait_for_load_state()
    return frame
