"""What stands around the portal in the demo: messages that residents receive, and municipalities that forward."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse

from citizen_portal.config.sending import Notify, Templates
from citizen_portal.example.together import Agreed, create_all
from citizen_portal.intake.answer import ConnectionFault, Received, Result
from citizen_portal.sending.model import Notice
from citizen_portal.sending.notify import NotifySender
from citizen_portal.storage import message_choices
from citizen_portal.storage.message_choices import MessageChoice
from tests.example.conftest import REGISTRATION, TOKEN
from tests.example.portal_stand_in import SECRET, PortalStandIn
from tests.example.test_page import Page
from tests.fakes.notify_server import KEY
from tests.sending.notices import BY_EMAIL, BY_SMS, LINK, NOTICE_ID
from tests.support.databases import on_engine
from tests.support.deliveries import another_registration, press
from tests.support.lanes import notice
from tests.support.portal import TestPortal, make_portal
from tests.support.serving import served

CALLBACK_TOKEN = "a-token-that-the-operator-chose-for-notify"
AGREED = Agreed(TOKEN, SECRET, KEY, CALLBACK_TOKEN)
TEMPLATES: Templates = {(way, None, "news"): str(NOTICE_ID) for way in ("email", "sms")}


class _Around:
    """Everything around the portal at `url`; its pages are read without a network."""

    def __init__(self, folder: Path, portal_url: str) -> None:
        self.app = create_all(folder, portal_url, AGREED)

    def get(self, path: str) -> TestResponse:
        return self._client().get(path, base_url="http://127.0.0.1:8001", buffered=True)

    def post(self, path: str, **more: object) -> TestResponse:
        return self._client().post(path, base_url="http://127.0.0.1:8001", **more)

    def send(self, said: Notice, key: str = KEY) -> Result:
        with served(self.app) as url:
            sender = NotifySender(Notify(url, key, TEMPLATES))
            try:
                return sender.send(NOTICE_ID, said.to_bytes())
            finally:
                sender.close()

    def _client(self) -> Client:
        return Client(self.app, use_cookies=False)


class TestMessages:
    @pytest.fixture
    def around(self, tmp_path: Path) -> _Around:
        return _Around(tmp_path, "http://127.0.0.1:9")

    def test_what_the_portal_sends_can_be_read_and_its_links_be_clicked(self, around: _Around) -> None:
        assert around.send(BY_EMAIL) == Received(201)
        assert around.send(BY_SMS) == Received(201)
        page = Page(around.get("/berichten/"))
        assert "E-mail aan zoe@example.org" in page.text
        assert "SMS aan +31612345678" in page.text
        assert "Er is nieuws over uw aanvraag" in page.text
        links = [element.attrib["href"] for element in page.root.iter("a")]
        assert links.count(LINK) == 2
        assert f"{LINK}/messages" in links

    def test_a_message_is_text_and_no_page(self, around: _Around) -> None:
        around.send(replace(BY_EMAIL, subject="<b>x</b>", text="<script>alert(1)</script> http://x/<b>"))
        page = Page(around.get("/berichten/"))
        assert not list(page.root.iter("script"))
        assert not list(page.root.iter("b"))
        assert "<script>alert(1)</script>" in page.text

    def test_only_the_key_that_was_agreed_sends(self, around: _Around) -> None:
        assert around.send(BY_EMAIL, KEY[:-1] + "5") == ConnectionFault("403", 403)
        assert around.post("/v2/notifications/email", json={}).status_code == 403
        assert Page(around.get("/berichten/")).forms == []

    def test_a_portal_that_is_away_is_told(self, around: _Around) -> None:
        around.send(BY_EMAIL)
        [form] = Page(around.get("/berichten/")).forms
        assert around.post(form.action).status_code == 303
        assert "Het portaal is niet bereikbaar." in Page(around.get("/berichten/")).text

    def test_other_sites_cannot_press_the_button(self, around: _Around) -> None:
        around.send(BY_EMAIL)
        [form] = Page(around.get("/berichten/")).forms
        assert around.post(form.action, headers={"Origin": "https://elsewhere.example"}).status_code == 403

    def test_its_pages_have_their_style_where_they_look_for_it(self, around: _Around) -> None:
        for place in ("", "/utrecht", "/rotterdam", "/berichten"):
            response = around.get(f"{place}/")
            assert response.status_code == 200
            assert "unsafe" not in response.headers["Content-Security-Policy"]
            [style] = [one.attrib["href"] for one in Page(response).root.iter("link")]
            assert around.get(style).mimetype == "text/css"

    @on_engine("sqlite")
    def test_the_receipt_of_a_message_that_bounced_reaches_the_portal(self, portal: TestPortal, tmp_path: Path) -> None:
        registration = another_registration()
        press(portal.database, portal.keys, registration)
        choice = MessageChoice(registration.id, "email", "nl", portal.keys.seal_body(b"x", b""), portal.clock())
        with portal.database.writing() as connection:
            message_choices.choose(connection, choice)
        entry_id = notice(portal.database, portal.keys, registration.id)
        with served(portal.app) as portal_url:
            around = _Around(tmp_path, portal_url)
            with served(around.app) as url:
                sender = NotifySender(Notify(url, KEY, TEMPLATES))
                assert sender.send(entry_id, BY_EMAIL.to_bytes()) == Received(201)
                sender.close()
            [form] = Page(around.get("/berichten/")).forms
            around.post(form.action)
        assert "Gemeld: dit bericht kwam niet aan." in Page(around.get("/berichten/")).text
        with portal.database.reading() as connection:
            kept = message_choices.get(connection, registration.id)
        assert kept
        assert kept.failed_at == portal.clock()

    @pytest.fixture
    def portal(self, tmp_path: Path, database_url: str) -> Iterator[TestPortal]:
        made = make_portal(tmp_path, database_url, environ={"PORTAL_NOTIFY_CALLBACK_TOKEN": CALLBACK_TOKEN})
        yield made
        made.database.close()


class TestForwarding:
    def test_what_is_forwarded_is_in_the_hands_of_the_other_municipality(self, tmp_path: Path) -> None:
        with PortalStandIn() as portal:
            around = _Around(tmp_path, portal.url)
            self._deliver(around)
            form = Page(around.get("/")).form("Doorgestuurd")
            around.post(form.action, data={**form.fields, "gemeentecode": "GM0344"})
            there = Page(around.get("/utrecht/"))
            assert REGISTRATION["kenmerk"] in there.text
            form = there.form("Contact gelegd")
            around.post(form.action, data=form.fields)
        sources = [event["source"] for event in portal.events]
        assert sources == ["urn:nld:gemeentecode:0363:systeem:intake", "urn:nld:gemeentecode:0344:systeem:intake"]

    def test_a_municipality_outside_the_demo_gets_nothing(self, tmp_path: Path) -> None:
        with PortalStandIn() as portal:
            around = _Around(tmp_path, portal.url)
            self._deliver(around)
            form = Page(around.get("/")).form("Doorgestuurd")
            assert around.post(form.action, data={**form.fields, "gemeentecode": "GM0518"}).status_code == 303
        assert all(REGISTRATION["kenmerk"] not in Page(around.get(f"/{one}/")).text for one in ("utrecht", "rotterdam"))

    @staticmethod
    def _deliver(around: _Around) -> None:
        response = around.post(
            "/v1/aanmeldingen",
            data=json.dumps(REGISTRATION).encode(),
            headers={"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": f'"{REGISTRATION["aanmeldingId"]}"'},
        )
        assert response.status_code == 201
