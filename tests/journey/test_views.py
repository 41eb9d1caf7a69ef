"""The journey as a browser without script sees it. Every page is linted by the client."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from citizen_portal.directory.address import Found, NotFound, Unavailable
from citizen_portal.journey.draft import keys_of
from citizen_portal.registration.press import DraftChanged
from citizen_portal.sealing import SealedBody
from citizen_portal.storage.tables import draft as draft_table
from citizen_portal.storage.tables import outbox as outbox_table
from citizen_portal.storage.tables import registration as registration_table
from tests.support.portal import TestPortal, make_portal
from tests.support.walk import ZOE, Form, Walk, begin, press_as


class Register:
    """An address register that always gives the same answer."""

    def __init__(self, answer: Found | NotFound | Unavailable) -> None:
        self.answer = answer

    def find(self, postcode: str, house_number: int, addition: str | None) -> Found | NotFound | Unavailable:
        assert (postcode, house_number, addition) == ("1012AB", 12, "A")
        return self.answer


def with_register(folder: Path, *codes: str) -> TestPortal:
    return make_portal(
        folder, addresses=Register(Found(frozenset(codes), street="Bolstraat", town="Amsterdam", confirmed=True))
    )


def sent(portal: TestPortal) -> list[dict[str, Any]]:
    """What waits in the outbox, opened."""
    with portal.database.reading() as connection:
        rows = connection.execute(select(outbox_table).order_by(outbox_table.c.created_at)).all()
    bodies = []
    for row in rows:
        context = row.id.bytes + row.kind.encode()
        bodies.append(json.loads(portal.keys.open_body(SealedBody(row.body, row.wrapped_key), context)))
    return bodies


def counts(portal: TestPortal) -> tuple[int, int, int]:
    """Drafts, registrations, outbox entries."""
    with portal.database.reading() as connection:
        drafts, registrations, entries = (
            len(connection.execute(select(table)).all()) for table in (draft_table, registration_table, outbox_table)
        )
    return drafts, registrations, entries


def test_the_whole_way_ends_at_the_status_page(portal: TestPortal) -> None:
    walk = press_as(portal)
    assert walk.seen[:7] == ["for-whom", "address", "municipality", "urgent", "name", "contact", "check"]
    assert 'data-status="ingediend"' in walk.text
    assert "Er is nog niets gepauzeerd" in walk.text
    assert "donderdag 26 november" in walk.text
    assert "Zoë" not in walk.text and "Jansen" not in walk.text
    assert counts(portal) == (0, 1, 1)
    (body,) = sent(portal)
    assert body["inwoner"]["voornaam"] == "Zoë"
    assert body["inwoner"]["adres"] == {
        "postcode": "1012AB",
        "huisnummer": 12,
        "toevoeging": "A",
        "straat": None,
        "woonplaats": None,
        "gecontroleerd": False,
    }
    assert body["hulpvraag"]["dringend"] == ["ontruiming", "gas"]
    assert body["hulpvraag"]["dringendDatum"] == "2026-12-03"
    assert body["inwoner"]["contact"]["telefoon"] == "+31612345678"
    assert body["kenmerk"] in walk.text


def test_a_helper_is_named_and_the_message_says_who_pressed(portal: TestPortal) -> None:
    walk = press_as(
        portal, {"for-whom": {"for_whom": "other"}, "contact": {"contact_by": ["helper", "self"]}}, lang="nl"
    )
    assert walk.seen[:2] == ["for-whom", "helper"]
    (body,) = sent(portal)
    assert body["inzender"]["rol"] == "helper"
    assert body["inzender"]["helper"]["naam"] == "Ria de Vries"
    assert body["inzender"]["helper"]["telefoon"] == "+31687654321"
    assert body["inzender"]["helper"]["toestemmingOp"] == "2026-11-23T09:04:00Z"
    assert body["inwoner"]["contact"]["kanalen"] == ["helper", "zelf"]


def test_without_an_address_the_municipality_is_asked_and_nothing_is_made_up(portal: TestPortal) -> None:
    typed_before: Form = {"no_fixed_address": "yes", "postcode": "1012AB", "house_number": "12"}
    press_as(portal, {"address": typed_before, "contact": {"contact_by": "self"}, "urgent": {"urgent": "none"}})
    (body,) = sent(portal)
    assert body["inwoner"]["adres"] is None
    assert body["hulpvraag"] == {"dringend": [], "dringendDatum": None, "uiterlijkGesprekOp": "2026-12-21"}


def test_an_address_the_register_knows_skips_the_question(tmp_path: Path) -> None:
    portal = with_register(tmp_path, "GM0363")
    walk = press_as(portal)
    assert "municipality" not in walk.seen
    (body,) = sent(portal)
    assert body["inwoner"]["adres"]["straat"] == "Bolstraat"
    assert body["inwoner"]["adres"]["gecontroleerd"] is True
    assert body["gemeente"] == {"code": "GM0363", "naam": "Amsterdam"}


@pytest.mark.parametrize(
    "answer", [NotFound(), Unavailable(), Found(frozenset({"GM0363", "GM0344"}), None, None, True)]
)
def test_a_register_that_does_not_settle_it_never_stops_anybody(
    tmp_path: Path, answer: Found | NotFound | Unavailable
) -> None:
    portal = make_portal(tmp_path, addresses=Register(answer))
    walk = press_as(portal)
    assert "municipality" in walk.seen


def test_the_register_wins_over_the_municipality_chosen_beforehand_and_the_page_says_so(tmp_path: Path) -> None:
    portal = with_register(tmp_path, "GM0363")
    walk = begin(portal, form={"gemeente": "GM0344"})
    walk.post(ZOE["for-whom"])
    walk.post(ZOE["address"])
    assert walk.step == "urgent"
    assert "Uw gemeente is Amsterdam" in walk.text and "Utrecht" in walk.text
    walk.to_check()
    assert "U begon bij gemeente Utrecht" in walk.text
    walk.get(walk.path.replace("check", "municipality"))
    walk.post({"municipality": "GM0344"})
    assert walk.step == "check"
    walk.press()
    assert sent(portal)[0]["gemeente"]["code"] == "GM0344"


def test_a_municipality_chosen_beforehand_is_suggested_when_the_address_does_not_settle_it(portal: TestPortal) -> None:
    walk = begin(portal, form={"gemeente": "GM0344"})
    walk.post(ZOE["for-whom"])
    walk.post(ZOE["address"])
    assert walk.step == "municipality"
    assert re.search(r'<option value="GM0344"[^>]* selected', walk.text)


def test_all_342_can_be_chosen_at_once_and_a_search_narrows_them(portal: TestPortal) -> None:
    walk = begin(portal)
    walk.post(ZOE["for-whom"])
    walk.post(ZOE["address"])
    assert len(set(re.findall(r'<option value="(GM\d{4})"', walk.text))) == 342
    walk.get(walk.path + "?q=utrecht")
    assert 'value="GM0344"' in walk.text and 'value="GM0363"' not in walk.text
    walk.post({"municipality": "GM0344"})
    assert walk.step == "urgent"
    walk.get(walk.path.replace("urgent", "municipality") + "?q=" + "x" * 5000)
    assert len(set(re.findall(r'<option value="(GM\d{4})"', walk.text))) == 342


@pytest.mark.parametrize(
    ("step", "form", "field", "says"),
    [
        ("for-whom", {}, "for_whom", "Kies voor wie"),
        ("address", {}, "postcode", "Vul uw postcode in"),
        ("address", {"postcode": "1012AB", "house_number": "twaalf"}, "house_number", "Vul uw huisnummer in"),
        ("municipality", {"municipality": "GM9999"}, "municipality", "Kies uw gemeente"),
        ("urgent", {}, "urgent", "Kies wat er dringend is"),
        ("urgent", {"urgent": ["gas", "none"]}, "urgent", "Haal één van de twee weg"),
        (
            "urgent",
            {"urgent": "gas", "urgent_date_day": "31", "urgent_date_month": "2"},
            "urgent_date_day",
            "klopt niet",
        ),
        ("name", {"given_name": "Zoë"}, "family_name", "Vul de achternaam in"),
        ("name", {"given_name": "Zoë 999990342", "family_name": "J"}, "given_name", "burgerservicenummer"),
        ("name", {"given_name": "x" * 201, "family_name": "J"}, "given_name", "te lang"),
        (
            "name",
            {
                "given_name": "Z",
                "family_name": "J",
                "birth_date_day": "1",
                "birth_date_month": "1",
                "birth_date_year": "2030",
            },
            "birth_date_day",
            "geboortedatum",
        ),
        ("contact", {}, "contact_by", "Kies hoe de gemeente"),
        ("contact", {"contact_by": "phone"}, "phone", "Vul een telefoonnummer in"),
        ("contact", {"contact_by": "phone", "phone": "12"}, "phone", "telefoonnummer klopt niet"),
        ("contact", {"contact_by": "email", "email": "zoe@"}, "email", "e-mailadres klopt niet"),
        ("contact", {"contact_by": "helper"}, "contact_by", "helper"),
        ("contact", {"contact_by": "self", "contact_language": "tlh"}, "contact_language", "Kies een taal"),
    ],
)
def test_a_wrong_answer_says_what_to_do_where_it_is_and_above(
    portal: TestPortal, step: str, form: Form, field: str, says: str
) -> None:
    walk = begin(portal).to_step(step)
    walk.post(form)
    assert walk.page.status_code == 422
    assert walk.step == step
    assert f'href="#{field}"' in walk.text
    assert walk.text.count(says) >= 2
    assert "<title>Fout: " in walk.text


def test_what_was_typed_stays(portal: TestPortal) -> None:
    walk = begin(portal)
    walk.post(ZOE["for-whom"])
    walk.post({"postcode": "99", "house_number": "<b>12", "house_number_addition": "ض"})
    for typed in ("99", "<b>12", "ض"):
        assert f'value="{typed}"' in walk.text.replace("&lt;", "<")


def test_back_and_change_links_keep_what_was_answered(portal: TestPortal) -> None:
    walk = begin(portal).to_check()
    walk.get(walk.path.replace("check", "name"))
    assert 'value="Zoë"' in walk.text
    walk.post({"given_name": "Zita", "family_name": "Jansen"})
    assert walk.step == "check"
    assert "Zita Jansen" in walk.text and "1980" not in walk.text


def test_a_page_that_is_not_on_the_way_leads_to_the_first_open_question(portal: TestPortal) -> None:
    walk = begin(portal)
    for step in ("contact", "check", "helper"):
        walk.get(f"{walk.path.rpartition('/')[0]}/{step}")
        assert walk.step == "for-whom"


def test_pressing_again_gives_the_same_status_page_for_a_quarter_of_an_hour(portal: TestPortal) -> None:
    walk = begin(portal).to_check()
    check, form = walk.path, walk.filled({"press": "yes"})
    client = portal.client()
    first = client.post(check, data=form)
    assert first.status_code == 303
    portal.clock.pass_by(minutes=14)
    assert client.post(check, data=form).headers["Location"] == first.headers["Location"]
    assert client.get(check).status_code == 404
    assert client.post(check, data={"press": "yes", "form_token": "forged"}).status_code == 404
    portal.clock.pass_by(minutes=2)
    assert client.post(check, data=form).status_code == 404
    assert counts(portal) == (0, 1, 1)


def test_an_old_token_shows_the_page_again_with_what_was_typed(portal: TestPortal) -> None:
    walk = begin(portal)
    walk.post(ZOE["for-whom"])
    walk.post(ZOE["address"], token="old or forged")
    assert walk.page.status_code == 422
    assert "Deze pagina stond lang open" in walk.text and 'value="1012 ab"' in walk.text
    walk.post(ZOE["address"])
    assert walk.step == "municipality"


def test_the_button_does_not_press_with_an_old_token(portal: TestPortal) -> None:
    walk = begin(portal).to_check()
    walk.post({"press": "yes"}, token="old or forged")
    assert walk.page.status_code == 422
    assert "Er is nog niets verstuurd" in walk.text
    assert counts(portal) == (1, 0, 0)


def test_a_token_of_another_draft_presses_nothing(portal: TestPortal) -> None:
    mine, other = begin(portal).to_check(), begin(portal).to_check()
    mine.post({"press": "yes"}, token=other.token)
    assert mine.page.status_code == 422
    assert counts(portal) == (2, 0, 0)


def test_two_tabs_lose_nothing(portal: TestPortal) -> None:
    walk = begin(portal).to_check()
    base = walk.path.rpartition("/")[0]
    one, two = (Walk(portal.client(), "", walk.page) for _ in range(2))
    one.get(f"{base}/name")
    two.get(f"{base}/urgent")
    one.post({"given_name": "Zita", "family_name": "Jansen"})
    two.post({"urgent": "water"})
    assert two.step == "check"
    assert "Zita" in two.text and "Mijn water wordt afgesloten" in two.text


def test_the_button_presses_only_what_was_shown(portal: TestPortal) -> None:
    walk = begin(portal).to_check()
    other = Walk(portal.client(), "", walk.page).get(walk.path.replace("check", "name"))
    other.post({"given_name": "Zita", "family_name": "Jansen"})
    walk.press()
    assert walk.page.status_code == 422
    assert "Uw antwoorden zijn veranderd" in walk.text and "Zita" in walk.text
    assert counts(portal) == (1, 0, 0)
    walk.press()
    assert sent(portal)[0]["inwoner"]["voornaam"] == "Zita"


def test_an_answer_that_another_tab_opens_again_during_the_press_is_asked_and_not_sent(
    portal: TestPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = begin(portal).to_check()
    other = Walk(portal.client(), "", walk.page).get(walk.path.replace("check", "for-whom"))

    def overtaken(*_: object, **__: object) -> None:
        other.post({"for_whom": "other"})
        raise DraftChanged

    monkeypatch.setattr("citizen_portal.journey.press_views.press", overtaken)
    walk.press()
    assert walk.step == "helper"
    assert counts(portal) == (1, 0, 0)


def test_delete_now_erases_at_once(portal: TestPortal) -> None:
    walk = begin(portal).to_check()
    check = walk.path
    walk.get(walk.path.replace("check", "delete"))
    assert counts(portal)[0] == 1
    walk.post({})
    assert "Alles is gewist" in walk.text
    assert counts(portal) == (0, 0, 0)
    assert portal.client().get(check).status_code == 404


def test_a_draft_without_answers_lives_an_hour_and_one_with_answers_a_day(portal: TestPortal) -> None:
    empty, begun = begin(portal), begin(portal)
    begun.post(ZOE["for-whom"])
    portal.clock.pass_by(minutes=61)
    assert portal.client().get(empty.path).status_code == 404
    assert portal.client().get(begun.path).status_code == 200
    portal.clock.pass_by(hours=24)
    assert portal.client().get(begun.path).status_code == 404


def test_unknown_used_and_spoiled_links_look_the_same(portal: TestPortal) -> None:
    used = begin(portal).to_check()
    path = used.path
    used.press()
    client = portal.client()
    pages = [
        client.get(address).get_data()
        for address in (path, f"/nl/d/{'A' * 43}/check", "/nl/d/x/check", f"/nl/d/{'A' * 43}/name")
    ]
    texts = {re.sub(rb"/d/[^\"]*", b"", page) for page in pages}
    assert len(texts) == 1


def test_not_connected_makes_a_letter_and_offers_no_button(portal: TestPortal) -> None:
    walk = begin(portal).to_check({"municipality": {"municipality": "GM0518"}})
    assert "Er is nog niets verstuurd" in walk.text
    assert "Ik vraag om schuldhulp" in walk.text
    assert "Handtekening" in walk.text
    assert "Zoë Jansen" in walk.text and "1012 AB" in walk.text
    assert "14 070" in walk.text and "https://www.denhaag.nl/schulden" in walk.text
    assert 'name="press"' not in walk.text
    walk.post({"press": "yes"}, token=walk.token or "x")
    assert counts(portal) == (1, 0, 0)


def test_the_language_can_be_changed_at_any_question(portal: TestPortal) -> None:
    walk = begin(portal)
    walk.post(ZOE["for-whom"])
    english = walk.path.replace("/nl/", "/en/")
    assert f'href="{english}"' in walk.text
    walk.get(english)
    assert '<html lang="en"' in walk.text
    walk.post(ZOE["address"])
    assert walk.path.startswith("/en/d/")


def test_the_draft_row_tells_nothing_without_its_link(portal: TestPortal) -> None:
    walk = begin(portal).to_check()
    capability = walk.path.split("/")[3]
    keys = keys_of(capability)
    assert keys is not None
    with portal.database.reading() as connection:
        row = connection.execute(select(draft_table)).one()
    assert row.row_id == keys.row_id
    stored = b"".join(bytes(value) for value in row if isinstance(value, bytes))
    for secret in (capability.encode(), keys.capability, keys.data_key, b"Jansen", "Zoë".encode()):
        assert secret not in stored
