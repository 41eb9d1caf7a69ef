"""Every route says who may use it, and is held to it: each kind of link, alive or not, against each route.

A new route stands in ROUTES, with its rule, or the first test fails; the others then try it by themselves.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from citizen_portal.journey.draft import keys_of, new_capability
from citizen_portal.registration.links import OWNER, SCOPES, LinkSigner, token_hash
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import links
from citizen_portal.web.access import access_of
from citizen_portal.web.csrf import FormTokens
from tests.support.databases import on_engine
from tests.support.portal import TestPortal
from tests.support.residents import Resident
from tests.support.walk import Walk, begin, press_as

ROUTES = """
GET  /                                      anyone
GET  /.well-known/security.txt              anyone
GET  /<lang:lang>/                          anyone
GET  /<lang:lang>/about                     anyone
GET  /<lang:lang>/accessibility             anyone
GET  /<lang:lang>/d/<capability>/<step_name> draft-link
GET  /<lang:lang>/d/<capability>/check      draft-link
GET  /<lang:lang>/d/<capability>/delete     draft-link
GET  /<lang:lang>/d/<capability>/handover   draft-link
GET  /<lang:lang>/deleted                   anyone
GET  /<lang:lang>/handover                  anyone
GET  /<lang:lang>/helpers                   anyone
GET  /<lang:lang>/municipalities            anyone
GET  /<lang:lang>/privacy                   anyone
GET  /<lang:lang>/proof                     anyone
GET  /<lang:lang>/proof/<code>              anyone
GET  /<lang:lang>/s/<token>                 status-link envelope helper invite owner view
GET  /<lang:lang>/s/<token>/calendar.ics    status-link owner
GET  /<lang:lang>/s/<token>/data            status-link owner
GET  /<lang:lang>/s/<token>/data/export.json status-link owner
GET  /<lang:lang>/s/<token>/device          status-link owner
GET  /<lang:lang>/s/<token>/helper          status-link owner
GET  /<lang:lang>/s/<token>/messages        status-link owner stop
GET  /<lang:lang>/s/<token>/proof.pdf       status-link owner
GET  /<lang:lang>/s/<token>/urgent          status-link owner
GET  /<lang:lang>/s/<token>/replace         status-link owner
GET  /<lang:lang>/s/<token>/withdraw        status-link owner
GET  /<lang:lang>/safety                    anyone
GET  /<lang:lang>/status                    anyone
GET  /<lang:lang>/what-if/                  anyone
GET  /<lang:lang>/what-if/<situation>       anyone
GET  /api/v1/openapi.json                   anyone
GET  /healthz                               anyone
GET  /readyz                                anyone
GET  /robots.txt                            anyone
GET  /static/<digest>/<path:name>           anyone
POST /<lang:lang>/d/<capability>/<step_name> draft-link
POST /<lang:lang>/d/<capability>/check      draft-link
POST /<lang:lang>/d/<capability>/delete     draft-link
POST /<lang:lang>/d/<capability>/handover   draft-link
POST /<lang:lang>/d/<capability>/next       draft-link
POST /<lang:lang>/handover                  anyone
POST /<lang:lang>/proof/<code>              anyone
POST /<lang:lang>/s/<token>                 status-link envelope invite
POST /<lang:lang>/s/<token>/called          status-link owner
POST /<lang:lang>/s/<token>/data            status-link owner
POST /<lang:lang>/s/<token>/device          status-link owner
POST /<lang:lang>/s/<token>/helper          status-link owner
POST /<lang:lang>/s/<token>/messages        status-link owner stop
POST /<lang:lang>/s/<token>/next            status-link owner
POST /<lang:lang>/s/<token>/urgent          status-link owner
POST /<lang:lang>/s/<token>/replace         status-link owner
POST /<lang:lang>/s/<token>/withdraw        status-link owner
POST /<lang:lang>/start                     anyone
POST /<lang:lang>/status                    anyone
POST /<lang:lang>/status/message            anyone
POST /api/v1/gebeurtenissen                 signed-event
POST /api/v1/notify-bonnen                  notify-receipt
"""

# Nothing here hangs on the database.
pytestmark = on_engine("sqlite")

_BY_FLASK = {"HEAD", "OPTIONS"}
OPENED = {200, 303, 422}
"""A form that was sent empty is shown again: it was opened."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Route:
    """A line of ROUTES."""

    method: str
    rule: str
    needs: str
    scopes: frozenset[str]

    def path(self, key: str = "", *, name: str = "") -> str:
        """Its address in Dutch, with this capability, token or code in it."""
        digest, _, file = name.removeprefix("/static/").partition("/")
        filled = {
            "<lang:lang>": "nl",
            "<capability>": key,
            "<token>": key,
            "<code>": key,
            "<step_name>": "for-whom",
            "<situation>": "letter",
            "<digest>": digest,
            "<path:name>": file,
        }
        path = self.rule
        for placeholder, value in filled.items():
            path = path.replace(placeholder, value)
        assert "<" not in path, f"what stands in {self.rule}?"
        return f"{path}?code={key}" if path.endswith("/proof") else path

    def ask(self, portal: TestPortal, key: str = "", *, name: str = "") -> TestResponse:
        """The answer to this route with this key."""
        return portal.client().open(self.path(key, name=name), method=self.method)


def _table() -> list[Route]:
    lines = [line.split() for line in ROUTES.strip().splitlines()]
    return [Route(method, rule, needs, frozenset(scopes)) for method, rule, needs, *scopes in lines]


def _that_need(needs: str) -> list[Route]:
    return [route for route in _table() if route.needs == needs]


def _look(answer: TestResponse, key: str) -> tuple[int, list[tuple[str, str]], str]:
    """All that can be seen of an answer, but for the key itself."""
    headers = [(name, value) for name, value in answer.headers if name != "Content-Length"]
    body = answer.get_data().decode(errors="replace")
    return answer.status_code, headers, body.replace(quote(key), "KEY")


def _unknown_draft(route: Route, portal: TestPortal) -> tuple[int, list[tuple[str, str]], str]:
    key = new_capability()
    return _look(route.ask(portal, key), key)


def _unknown_link(route: Route, portal: TestPortal) -> tuple[int, list[tuple[str, str]], str]:
    key = LinkSigner(portal.keys).write(os.urandom(16), OWNER)
    return _look(route.ask(portal, key), key)


def test_every_route_is_known_and_says_who_may_use_it(portal: TestPortal) -> None:
    def lines(rule: Rule) -> list[str]:
        said = access_of(portal.app.view_functions[rule.endpoint]) or "NOTHING IS SAID"
        return [f"{method} {rule.rule} {said}" for method in (rule.methods or set()) - _BY_FLASK]

    found = sorted(line for rule in portal.app.url_map.iter_rules() for line in lines(rule))
    assert found == sorted(" ".join(line.split()) for line in ROUTES.strip().splitlines())
    assert {scope for route in _table() for scope in route.scopes} == SCOPES


def test_what_is_for_anyone_needs_no_link(portal: TestPortal) -> None:
    style = portal.app.extensions["citizen_portal"].assets.url("portal.css")
    code = Resident(portal).code
    for route in _that_need("anyone"):
        assert route.ask(portal, code, name=style).status_code in OPENED, route


def _draft(walk: Walk) -> str:
    return walk.path.split("/")[3]


def _outlived(portal: TestPortal) -> str:
    key = _draft(begin(portal).to_step("address"))
    portal.clock.pass_by(hours=24)
    return key


def _erased(portal: TestPortal) -> str:
    walk = begin(portal)
    key = _draft(walk)
    walk.get(f"/nl/d/{key}/delete").post({})
    return key


def _pressed(portal: TestPortal) -> str:
    walk = begin(portal).to_check()
    key = _draft(walk)
    walk.press()
    return key


DEAD_DRAFTS: dict[str, Callable[[TestPortal], str]] = {
    "outlived": _outlived,
    "erased": _erased,
    "pressed": _pressed,
    "of another portal": lambda portal: _draft(begin(portal))[::-1],
    "no capability": lambda _portal: "nothing-like-it",
    "a status link": lambda portal: press_as(portal).step,
}


def test_a_draft_opens_with_its_own_link(portal: TestPortal) -> None:
    key = _draft(begin(portal))
    for route in _that_need("draft-link"):
        assert route.ask(portal, key).status_code in OPENED, route


@pytest.mark.parametrize("dead", DEAD_DRAFTS)
def test_no_other_link_opens_a_draft_and_all_look_the_same(portal: TestPortal, dead: str) -> None:
    key = DEAD_DRAFTS[dead](portal)
    for route in _that_need("draft-link"):
        look = _look(route.ask(portal, key), key)
        assert look[0] == 404, route
        assert look == _unknown_draft(route, portal), route


def _link(portal: TestPortal, scope: str, *, lives: timedelta = _DAY, revoked: bool = False) -> str:
    """A link with this scope to a registration of its own."""
    signer, now = LinkSigner(portal.keys), portal.clock()
    owner = signer.read(press_as(portal).step)
    assert owner is not None
    bits = os.urandom(16)
    with portal.database.writing() as connection:
        found = links.follow(connection, owner.hash, OWNER, now=now)
        assert found is not None
        links.add(connection, token_hash(bits, scope), found.record.id, scope, now=now, expires_at=now + lives)
        if revoked:
            links.revoke(connection, token_hash(bits, scope), now=now)
    return signer.write(bits, scope)


def _forged(portal: TestPortal) -> str:
    read = LinkSigner(portal.keys).read(_link(portal, OWNER))
    assert read is not None
    return LinkSigner(KeyRing(["somebody else's secret"])).write(read.bits, read.scope)


def _with_a_form_token(portal: TestPortal) -> str:
    keys = keys_of(_draft(begin(portal)))
    assert keys is not None
    return FormTokens(portal.keys, portal.clock).make("check", keys.row_id, 0)


DEAD_LINKS: dict[str, Callable[[TestPortal], str]] = {
    "outlived": lambda portal: _link(portal, OWNER, lives=timedelta()),
    "revoked": lambda portal: _link(portal, OWNER, revoked=True),
    "forged": _forged,
    "cut short": lambda portal: _link(portal, OWNER)[:-1],
    "no link": lambda _portal: "nothing-like-it",
    "a form token": _with_a_form_token,
    "a draft": lambda portal: _draft(begin(portal)),
}


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_a_status_link_opens_what_its_scope_allows_and_nothing_else(portal: TestPortal, scope: str) -> None:
    for route in _that_need("status-link"):
        key = _link(portal, scope)
        look = _look(route.ask(portal, key), key)
        if scope in route.scopes:
            assert look[0] in OPENED, route
        else:
            assert look == _unknown_link(route, portal), route


@pytest.mark.parametrize("dead", DEAD_LINKS)
def test_no_dead_link_opens_a_status_and_all_look_the_same(portal: TestPortal, dead: str) -> None:
    key = DEAD_LINKS[dead](portal)
    for route in _that_need("status-link"):
        look = _look(route.ask(portal, key), key)
        assert look[0] == 404, route
        assert look == _unknown_link(route, portal), route


def test_an_event_without_a_signature_is_refused(portal: TestPortal) -> None:
    for route in _that_need("signed-event"):
        assert route.ask(portal).status_code == 401, route
