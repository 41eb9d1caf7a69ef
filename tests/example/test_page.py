"""The page with buttons: each sends one signed event, and what the portal answered can be read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from citizen_portal.example.intake import create_intake
from citizen_portal.example.page import STATUSES, countdown, dutch
from tests.example.conftest import REGISTRATION, TOKEN, Deliver
from tests.example.portal_stand_in import SECRET, PortalStandIn

ID = REGISTRATION["aanmeldingId"]
EVENTS = f"/v1/aanmeldingen/{ID}"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}


@dataclass
class Form:
    """A form as a browser would send it when nothing is typed."""

    action: str
    button: str
    fields: dict[str, str]


class Page:
    """A page that is valid HTML, with what a test asks of it."""

    def __init__(self, response: TestResponse) -> None:
        self.html = response.get_data(as_text=True)
        self.root: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(self.html)
        self.text = " ".join("".join(self.root.find("body").itertext()).split())

    @property
    def forms(self) -> list[Form]:
        return [_form(element) for element in self.root.iter("form")]

    def form(self, button: str) -> Form:
        (found,) = [form for form in self.forms if form.button == button]
        return found


def _form(element: Element) -> Form:
    fields = {}
    for field in element.iter():
        if field.tag == "input":
            fields[field.attrib["name"]] = field.attrib.get("value", "")
        elif field.tag == "select":
            fields[field.attrib["name"]] = next(option.text or "" for option in field.iter("option"))
    return Form(element.attrib["action"], (element.findtext("button") or "").strip(), fields)


TYPED = {"begint": "2026-12-01T14:30", "gemeentecode": "GM0344", "locatie": "Stadsloket Oost"}


def press(client: FlaskClient, button: str, **typed: str) -> TestResponse:
    form = Page(client.get("/")).form(button)
    typed = {**{name: TYPED[name] for name in form.fields if name in TYPED}, **typed}
    return client.post(form.action, data={**form.fields, **typed})


def test_the_page_is_valid_dutch_and_labelled_and_needs_no_script(client: FlaskClient, deliver: Deliver) -> None:
    empty = Page(client.get("/"))
    deliver()
    press(client, "Contact gelegd")
    response = client.get("/")
    full = Page(response)

    for page in (empty, full):
        assert page.root.attrib["lang"] == "nl"
        assert len(list(page.root.iter("h1"))) == 1
        assert page.root.findtext("head/title")
        assert not list(page.root.iter("script"))
        assert not [element for element in page.root.iter() if "style" in element.attrib]
    ids = [element.attrib["id"] for element in full.root.iter() if "id" in element.attrib]
    labelled = {label.attrib["for"] for label in full.root.iter("label")}
    asked = [field for field in full.root.iter() if field.tag in {"input", "select"} and _is_seen(field)]
    assert len(asked) == 7
    assert {field.attrib["id"] for field in asked} == labelled
    assert len(ids) == len(set(ids))
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"
    assert "unsafe" not in response.headers["Content-Security-Policy"]


def _is_seen(field: Element) -> bool:
    return field.attrib.get("type") != "hidden"


def test_everything_that_came_in_can_be_read(client: FlaskClient, deliver: Deliver) -> None:
    deliver(
        inzender={
            "rol": "helper",
            "helper": {
                "naam": "Anna de Vries",
                "organisatie": "SchuldHulpMaatje",
                "telefoon": "+31201234567",
                "email": "anna@example.nl",
                "magBenaderdWorden": True,
                "magMeekijken": False,
                "toestemmingOp": "2026-11-23T09:00:00Z",
            },
        }
    )
    text = Page(client.get("/")).text

    for shown in (
        "P-7K3M-9QXZ",
        "Zoë van den Berg <b>",
        "vrijdag 29 februari 1980",
        "Damrak 12 hs 1012AB Amsterdam",
        "telefoon, de inwoner komt of belt zelf",
        "+31612345678",
        "ochtend, avond",
        "maandag 21 december 2026",
        "maandag 23 november 2026, 10.04 uur",
        "Anna de Vries SchuldHulpMaatje",
        "anna@example.nl",
        ID,
    ):
        assert shown in text


def test_no_fixed_address_is_said_in_words(client: FlaskClient, deliver: Deliver) -> None:
    deliver(inwoner={**REGISTRATION["inwoner"], "adres": None})

    assert "geen vast adres" in Page(client.get("/")).text


def test_the_newest_comes_first_and_older_ones_stay_within_reach(client: FlaskClient, deliver: Deliver) -> None:
    for number in range(22):
        deliver(aanmeldingId=str(uuid4()), kenmerk=f"P-0000-{number:04d}")

    first = Page(client.get("/"))
    headings = ["".join(heading.itertext())[:11] for heading in first.root.iter("h2")]
    (older,) = [link.attrib["href"] for link in first.root.iter("a") if link.text == "Oudere aanmeldingen"]
    rest = Page(client.get(older))
    form = rest.forms[0]
    answer = client.post(form.action, data=form.fields)

    assert headings == [f"P-0000-{number:04d}" for number in range(21, 1, -1)]
    assert ["".join(heading.itertext())[:11] for heading in rest.root.iter("h2")] == ["P-0000-0001", "P-0000-0000"]
    assert answer.headers["Location"].startswith(older)


def test_urgent_is_said_in_words_also_when_it_became_so_later(client: FlaskClient, deliver: Deliver) -> None:
    deliver()
    assert "Dringend" not in Page(client.get("/")).text
    addition = {
        "aanvullingId": str(uuid4()),
        "ingediendOp": "2026-11-24T09:00:00Z",
        "dringend": ["ontruiming", "gas"],
        "dringendDatum": "2026-12-03",
        "uiterlijkGesprekOp": "2026-11-27",
    }
    headers = {**AUTHORIZED, "Idempotency-Key": f'"{addition["aanvullingId"]}"'}
    client.post(f"{EVENTS}/aanvullingen", json=addition, headers=headers)

    text = Page(client.get("/")).text
    assert "Dringend: ontruiming, gas, op donderdag 3 december 2026" in text
    assert "vrijdag 27 november 2026" in text
    assert "maandag 21 december 2026" not in text


def test_a_request_to_stop_is_shown_with_what_to_do(client: FlaskClient, deliver: Deliver) -> None:
    deliver()
    withdrawal = {"intrekkingId": str(uuid4()), "ingediendOp": "2026-11-24T09:00:00Z"}
    headers = {**AUTHORIZED, "Idempotency-Key": f'"{withdrawal["intrekkingId"]}"'}
    client.post(f"{EVENTS}/intrekking", json=withdrawal, headers=headers)

    assert "Vraag de inwoner eerst of dat klopt" in Page(client.get("/")).text


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "herroepen"])
def test_every_button_sends_one_signed_event_that_the_schema_accepts(
    client: FlaskClient, deliver: Deliver, portal: PortalStandIn, status: str
) -> None:
    deliver()
    answer = press(client, STATUSES[status][0])

    assert answer.status_code == 303
    (event,) = portal.events
    assert answer.headers["Location"] == f"/#g-{event['id']}"
    assert event["subject"] == ID
    assert event["source"] == "urn:nld:gemeentecode:0363:systeem:intake"
    assert event["sequence"] == "1"
    assert event["data"]["status"] == status
    assert event["data"]["ingegaanOp"].endswith("Z")
    assert set(STATUSES[status][1]) <= {*event["data"], *event["data"].get("afspraak", {})}
    assert "Gelukt" in Page(client.get("/")).text


def test_an_appointment_is_sent_in_utc_with_its_place(
    client: FlaskClient, deliver: Deliver, portal: PortalStandIn
) -> None:
    deliver()
    press(client, "Gesprek gepland", vorm="kantoor")

    expected = {"begint": "2026-12-01T13:30:00Z", "vorm": "kantoor", "locatie": "Stadsloket Oost"}
    assert portal.events[0]["data"]["afspraak"] == expected
    assert "dinsdag 1 december 2026, 14.30 uur" in Page(client.get("/")).text


def test_a_tried_call_was_by_phone(client: FlaskClient, deliver: Deliver, portal: PortalStandIn) -> None:
    deliver()
    press(client, "Wij probeerden te bellen")

    assert portal.events[0]["data"]["kanaal"] == "telefoon"


def test_the_pause_is_prefilled_with_a_date_that_the_portal_takes(client: FlaskClient, deliver: Deliver) -> None:
    deliver()
    prefilled = date.fromisoformat(Page(client.get("/")).form("Kennisgeving verstuurd").fields["pauzeTot"])

    assert timedelta(days=230) < prefilled - datetime.now(UTC).date() < timedelta(days=242)


def test_a_mistake_is_revoked_by_its_id_and_only_once(
    client: FlaskClient, deliver: Deliver, portal: PortalStandIn
) -> None:
    deliver()
    press(client, "Contact gelegd")
    press(client, "Dat was een vergissing")

    made, revoked = portal.events
    assert revoked["data"]["status"] == "herroepen"
    assert revoked["data"]["herroept"] == made["id"]
    assert [made["sequence"], revoked["sequence"]] == ["1", "2"]
    page = Page(client.get("/"))
    assert "Dit was een vergissing" in page.text
    assert "Dat was een vergissing" not in [form.button for form in page.forms]


def test_a_double_click_is_one_event(client: FlaskClient, deliver: Deliver, portal: PortalStandIn) -> None:
    deliver()
    form = Page(client.get("/")).form("Wij probeerden te bellen")
    for _ in range(2):
        client.post(form.action, data=form.fields)

    assert len({event["id"] for event in portal.events}) == 1
    answer = client.get(EVENTS, headers=AUTHORIZED).json
    assert answer is not None
    assert len(answer["gebeurtenissen"]) == 1


def test_the_portal_can_catch_up_with_exactly_what_was_sent(
    client: FlaskClient, deliver: Deliver, portal: PortalStandIn
) -> None:
    deliver()
    press(client, "Ontvangen")
    press(client, "Contact gelegd")

    answer = client.get(EVENTS, headers=AUTHORIZED).json
    assert answer == {"aanmeldingId": ID, "gebeurtenissen": portal.events}


@pytest.mark.parametrize(
    ("code", "words"),
    [(202, "Bewaard: het portaal kent deze aanmelding nog niet"), (400, "Geweigerd door het portaal. Dat was later.")],
)
def test_the_answer_of_the_portal_is_shown_in_words(
    client: FlaskClient, deliver: Deliver, portal: PortalStandIn, code: int, words: str
) -> None:
    deliver()
    portal.answer, portal.detail = code, "Dat was later."
    press(client, "Ontvangen")

    page = Page(client.get("/"))
    assert words in page.text
    assert "Opnieuw sturen" not in page.text


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        (
            [{"detail": "pauzeTot is te laat."}, {"detail": "<b>"}],
            "Geweigerd door het portaal. Nee. pauzeTot is te laat., <b>",
        ),
        ("text", "Geweigerd door het portaal. Nee."),
        ([1, None, []], "Geweigerd door het portaal. Nee."),
        ([{"detail": "x" * 9000}], "Geweigerd door het portaal. Nee. xxx"),
    ],
)
def test_every_reason_of_a_refusal_can_be_read_whatever_the_portal_says(
    client: FlaskClient, deliver: Deliver, portal: PortalStandIn, errors: object, words: str
) -> None:
    deliver()
    portal.answer, portal.detail, portal.errors = 400, "Nee.", errors
    press(client, "Ontvangen")

    page = Page(client.get("/"))
    assert words in page.text
    assert len(page.text) < 3000


def test_a_refused_event_is_not_offered_for_catching_up(
    client: FlaskClient, deliver: Deliver, portal: PortalStandIn
) -> None:
    deliver()
    portal.answer = 400
    press(client, "Ontvangen")

    assert client.get(EVENTS, headers=AUTHORIZED).json == {"aanmeldingId": ID, "gebeurtenissen": []}
    assert "Dat was een vergissing" not in Page(client.get("/")).text


@pytest.mark.parametrize("code", [302, 401, 429, 500, 503])
def test_what_the_portal_did_not_take_can_be_sent_again(
    client: FlaskClient, deliver: Deliver, portal: PortalStandIn, code: int
) -> None:
    deliver()
    portal.answer, portal.detail = code, "Even wachten."
    press(client, "Contact gelegd")
    page = Page(client.get("/"))
    assert f"Nog niet gelukt, probeer opnieuw. Het portaal antwoordde {code}. Even wachten." in page.text

    portal.answer = 204
    assert press(client, "Opnieuw sturen").status_code == 303
    assert "Gelukt" in Page(client.get("/")).text
    first, second = portal.events
    assert first == second


def test_an_event_survives_a_portal_that_is_away(
    client: FlaskClient, deliver: Deliver, portal: PortalStandIn, tmp_path: Path
) -> None:
    gone = PortalStandIn()
    gone.close()
    away = create_intake(
        tmp_path / "intake.db", token=TOKEN, webhook_secret=SECRET, portal_url=gone.url, municipality_code="GM0363"
    )
    deliver()
    form = Page(client.get("/")).form("Contact gelegd")
    away.test_client().post(form.action, data=form.fields, base_url="http://127.0.0.1:8001")

    page = Page(client.get("/"))
    assert "Het portaal is niet bereikbaar" in page.text
    press(client, "Opnieuw sturen")
    assert [event["id"] for event in portal.events] == [form.fields["id"]]


def test_a_wrong_secret_is_told(client: FlaskClient, deliver: Deliver, portal: PortalStandIn, tmp_path: Path) -> None:
    deliver()
    wrong = create_intake(
        tmp_path / "intake.db",
        token=TOKEN,
        webhook_secret="whsec_" + "YW5kZXJz" * 5,
        portal_url=portal.url,
        municipality_code="GM0363",
    )
    form = Page(client.get("/")).form("Ontvangen")
    wrong.test_client().post(form.action, data=form.fields, base_url="http://127.0.0.1:8001")

    assert "Het portaal antwoordde 401" in Page(client.get("/")).text
    assert portal.events == []


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "not-an-id"},
        {"id": ""},
        {"status": "nothing"},
        {"status": ""},
        {"status": "kennisgeving-verstuurd", "aantalSchuldeisers": "veel"},
        {"status": "gesprek-gepland", "begint": "morgen"},
        {"status": "gesprek-gepland", "begint": "0001-01-01T00:00"},
    ],
)
def test_a_form_that_makes_no_sense_sends_nothing_and_says_so(
    client: FlaskClient, deliver: Deliver, portal: PortalStandIn, changes: dict[str, str]
) -> None:
    deliver()
    form = Page(client.get("/")).form("Ontvangen")
    answer = client.post(form.action, data={**form.fields, **changes})

    assert answer.status_code == 422
    assert "Een veld is niet goed ingevuld" in Page(answer).text
    assert portal.deliveries == 0


def test_other_sites_cannot_press_the_buttons(client: FlaskClient, deliver: Deliver, portal: PortalStandIn) -> None:
    deliver()
    form = Page(client.get("/")).form("Ontvangen")
    foreign = [
        client.post(form.action, data=form.fields, headers={"Origin": origin})
        for origin in ("https://evil.example", "null")
    ]
    own = client.post(form.action, data=form.fields, headers={"Origin": "http://127.0.0.1:8001"})

    assert [answer.status_code for answer in foreign] == [403, 403]
    assert own.status_code == 303
    assert portal.deliveries == 1


def test_a_foreign_name_for_this_machine_sees_nothing(client: FlaskClient, deliver: Deliver) -> None:
    deliver()
    answer = client.get("/", base_url="http://rebound.example:8001")

    assert answer.status_code == 400
    assert "Zoë" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/nowhere", "/?voor=-1", "/?voor=99999999999999999999999", "/?voor=x"])
def test_odd_addresses_get_a_page(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code in {200, 404}
    Page(answer)


def test_a_message_with_wrong_types_is_still_shown(client: FlaskClient, deliver: Deliver) -> None:
    deliver(
        taal=["nl"],
        gemeente="Amsterdam",
        inwoner={"voornaam": 1, "achternaam": [{}], "adres": 7, "contact": {"kanalen": 5, "tolk": {}}},
        hulpvraag={"dringend": {"a": 1}, "dringendDatum": 4, "uiterlijkGesprekOp": "straks"},
        inzender=None,
    )

    assert "straks" in Page(client.get("/")).text


def test_no_answer_shows_a_stack(client: FlaskClient, deliver: Deliver, tmp_path: Path) -> None:
    deliver()
    (tmp_path / "intake.db").unlink()
    (tmp_path / "intake.db").mkdir()
    client.application.testing = False
    for answer in (client.get("/"), client.get(EVENTS, headers=AUTHORIZED)):
        assert answer.status_code == 500
        assert "Traceback" not in answer.get_data(as_text=True)
    assert json.loads(client.get(EVENTS, headers=AUTHORIZED).data)["status"] == 500


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-12-21", "nog 28 dagen"),
        ("2026-11-24", "nog 1 dag"),
        ("2026-11-23", "vandaag"),
        ("2026-11-22", "1 dag geleden"),
        ("2026-11-01", "22 dagen geleden"),
        ("straks", ""),
        (None, ""),
    ],
)
def test_days_are_counted_in_words(day: Any, words: str) -> None:
    assert countdown(day, date(2026, 11, 23)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-12-18", "vrijdag 18 december 2026"),
        ("2026-07-01T22:30:00Z", "donderdag 2 juli 2026, 00.30 uur"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
        ("Damrak 12", "Damrak 12"),
        ("", ""),
    ],
)
def test_dates_are_dutch_and_other_text_stays(text: str, words: str) -> None:
    assert dutch(text) == words
