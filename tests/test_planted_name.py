"""Nothing personal stays behind: planted answers go all the way, and stand in no log and nowhere in the database."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import unicodedata
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Iterator
from contextlib import closing, suppress
from html import escape
from pathlib import Path
from urllib.parse import quote, quote_plus
from uuid import UUID, uuid4

import pytest
import requests

from citizen_portal import clock
from tests.fakes.intake_server import Conversation, IntakeServer, Request, answer, known_by_id
from tests.progress.sending import PATH, document, signed
from tests.support.portal import WEBHOOK_SECRET
from tests.support.processes import Processes, Visitor, form_token, reference_on, wait_until
from tests.support.walk import Form

_BSN = "111222333"
_PLANTED = {
    "given name": ("Quirijnelde",),
    "family name": ("Wapströnczky", "Vlötenhaar"),
    "e-mail": ("qvw.wapstr7@zomerpeen-voorbeeld.nl", "qvw.wapstr7"),
    "phone": ("06 83917264", "06-83917264", "0683917264", "+31683917264", "683917264"),
    "postcode": ("9473ZX", "9473 zx"),
    "birth date": ("1961-09-27",),
    "BSN": (_BSN, "111 222 333", "111.222.333"),
}
_ANSWERS: dict[str, Form] = {
    "address": {"postcode": "9473 zx", "house_number": "12", "house_number_addition": ""},
    "name": {
        "given_name": "Quirijnelde",
        "family_name": "Wapströnczky-Vlötenhaar",
        "birth_date_day": "27",
        "birth_date_month": "9",
        "birth_date_year": "1961",
    },
    "urgent": {"urgent": ["gas"]},
    "contact": {
        "contact_by": ["phone", "email"],
        "phone": "06-83917264",
        "email": "qvw.wapstr7@zomerpeen-voorbeeld.nl",
    },
}
_SHORTEST = 6
"""Characters: what is shorter stands in random bytes by chance."""


def spellings(text: str) -> set[bytes]:
    """How `text` may stand in a log, a dump or a page of a database, all in lower case but base64."""
    forms = {text, unicodedata.normalize("NFD", text), text.casefold()}
    found: set[bytes] = set()
    for form in forms:
        raw = form.encode()
        found |= {raw, form.encode("utf-16-le"), form.encode("utf-16-be"), raw.hex().encode()}
        found |= {quote(form).encode(), quote_plus(form, safe="").encode(), escape(form).encode()}
        found |= {json.dumps(form).strip('"').encode(), ascii(form).strip("'").encode(), repr(raw)[2:-1].encode()}
    return {spelling.lower() for spelling in found} | set(_base64(text.encode()))


def _base64(raw: bytes) -> Iterator[bytes]:
    """What is sure to stand in the base64 of a text with `raw` in it, whatever stands before and after."""
    for before in range(3):
        whole = b64encode(bytes(before) + raw)
        first = (0, 2, 3)[before]
        last = len(whole) - (0, 3, 2)[(before + len(raw)) % 3]
        for sure in (whole[first:last], whole[first:last].translate(bytes.maketrans(b"+/", b"-_"))):
            if len(sure) >= _SHORTEST:
                yield sure


def found_in(haystack: bytes, needles: dict[str, tuple[str, ...]]) -> set[str]:
    """The names of the needles of which some spelling stands in `haystack`, whatever its case."""
    folded = haystack.lower() + haystack.decode("utf-8", "ignore").casefold().encode()
    return {
        name
        for name, texts in needles.items()
        for text in texts
        if any(spelling in folded or spelling in haystack for spelling in spellings(text))
    }


@pytest.mark.parametrize(
    "written",
    [
        "x Wapströnczky-Vlötenhaar y".encode(),
        "WAPSTRÖNCZKY".encode(),
        unicodedata.normalize("NFD", "Wapströnczky").encode(),
        b"?q=Wapstr%c3%b6nczky&",
        b'{"name": "Wapstr\\u00f6nczky"}',
        b"X'" + "Wapströnczky".encode().hex().upper().encode() + b"'",
        b64encode("Wapströnczky".encode()),
        b64encode("1Wapströnczky!".encode()),
        b64encode("12Wapströnczky!!".encode()),
        "Wapströnczky".encode("utf-16-le"),
    ],
)
def test_the_finder_finds_every_spelling(tmp_path: Path, written: bytes) -> None:
    control = tmp_path / "control"
    control.write_bytes(b"\x00\xff some other words " + written + b"\xc3")
    assert found_in(control.read_bytes(), _PLANTED) == {"family name"}
    assert found_in(control.read_bytes().replace(written, b""), _PLANTED) == set()


@pytest.mark.crash
def test_planted_answers_stand_in_no_log_and_nowhere_in_the_database(tmp_path: Path) -> None:
    with IntakeServer(usual=_echo_503) as intake, Processes(tmp_path, intake.url) as portal:
        portal.run("migrate")
        portal.serve()
        portal.work()
        with Visitor(portal.url) as resident:
            draft = resident.start()
            capability = draft.rpartition("/")[2]
            _make_mistakes(resident, draft)
            form = resident.to_check(draft, _ANSWERS)
            # Not pressed yet: the answers are in the draft.
            _assert_clean(portal, _PLANTED | _secret_words(capability))
            pressed = resident.ask("POST", f"{draft}/check", form)
            assert pressed.status_code == 303
            page = pressed.headers["Location"]
            needles = _PLANTED | _secret_words(capability) | _secret_words(page.rpartition("/")[2])
            _go_astray(resident, draft, page)
            subject = UUID(str(_rows(portal.database, "SELECT id FROM registration")[0][0]))
            _send_events(resident, subject, received=False)

            wait_until(lambda: '"status": 503' in portal.log_text(), "the intake's 503")
            assert _sent_planted(intake)
            operators = _as_operator(portal)
            sealed = _rows(portal.database, "SELECT body, wrapped_key FROM outbox")
            assert None not in sealed[0]
            _assert_clean(portal, needles)

            intake.usual = known_by_id
            portal.run("outbox", "retry", "--all")
            wait_until(lambda: '"event": "delivery.received"' in portal.log_text(), "the receipt")
            _go_astray(resident, draft, page)
            _send_events(resident, subject, received=True)
            status_page = resident.ask("GET", page)
            assert 'data-contact="made"' in status_page.text
            assert reference_on(status_page) in operators
            _as_operator(portal)
            assert _rows(portal.database, "SELECT state, body, wrapped_key FROM outbox") == [("delivered", None, None)]
            _assert_clean(portal, needles)
            wait_until(lambda: not _kept_anywhere(portal, sealed[0]), "the end of the sealed content")
            text = portal.log_text()
    for event in ("request.done", "delivery.postponed", "delivery.received", "event.kept", "event.parked"):
        assert f'"event": "{event}"' in text, event
    assert set(re.findall(r'"status": (\d{3}),', text)) >= {"200", "303", "400", "401", "404", "405", "413", "422"}


def _echo_503(conversation: Conversation, request: Request) -> None:
    """An intake that is out of order, and says back what it was sent."""
    answer(503, request.body, Content_Type="application/json", X_Was="Quirijnelde")(conversation, request)


def _make_mistakes(resident: Visitor, draft: str) -> None:
    """Wrong answers with planted words in them, to every question on the way to the last."""
    contact: Form = {**_ANSWERS["contact"], "phone": "06-83917264000", "email": "qvw.wapstr7@"}
    given: tuple[tuple[str, Form, int], ...] = (
        ("for-whom", {"for_whom": "Quirijnelde"}, 422),
        ("for-whom", {"for_whom": "self"}, 303),
        ("address", {**_ANSWERS["address"], "house_number": "Wapströnczky"}, 422),
        ("address", _ANSWERS["address"], 303),
        ("municipality", {"municipality": "Quirijnelde"}, 422),
        ("municipality", {"municipality": "GM0363"}, 303),
        ("urgent", {**_ANSWERS["urgent"], "urgent_date_day": "Quirijnelde"}, 422),
        ("urgent", _ANSWERS["urgent"], 303),
        ("name", {**_ANSWERS["name"], "family_name": f"Wapströnczky {_BSN}"}, 422),
        ("name", {**_ANSWERS["name"], "form_token": "Quirijnelde"}, 422),
        ("name", _ANSWERS["name"], 303),
        ("contact", contact, 422),
    )
    for step, form, status in given:
        page = resident.patiently("GET", f"{draft}/{step}")
        answered = resident.ask("POST", f"{draft}/{step}", {"form_token": form_token(page), **form})
        assert answered.status_code == status, step
    # The server answers before it has read all of it; that may reset the connection before the answer is seen.
    with suppress(requests.ConnectionError), Visitor(resident.url) as another:
        another.ask("POST", f"{draft}/contact", {**contact, "phone": "06-83917264" * 8000})


def _go_astray(resident: Visitor, draft: str, page: str) -> None:
    """Requests that get an error, with the links and planted words in every place of a request."""
    name: Form = {**_ANSWERS["name"], "form_token": "x"}
    assert _status(resident, "POST", f"{draft}/name", name) == 404
    assert _status(resident, "GET", f"{draft}/Quirijnelde") == 404
    assert _status(resident, "GET", f"{page}x") == 404
    assert _status(resident, "GET", f"{page}/Wapströnczky?postcode=9473ZX") == 404
    assert _status(resident, "PUT", f"{draft}/name", name) == 405
    assert _status(resident, "QUIRIJNELDE", page, name) == 405
    assert _status(resident, "POST", page, name) == 404
    assert _status(resident, "GET", page, Host="quirijnelde.example") == 400
    assert _status(resident, "GET", f"{page}?q=Quirijnelde", Referer=f"{resident.url}{draft}/check") == 200
    for raw in (f"GET {page} Quirijnelde\r\n\r\n", f"GET {page} HTTP/1.1\r\nQuirijnelde\r\n\r\n"):
        _say(resident.url, raw.encode())
    # Longer than what is sent: the connection ends in the middle of the body.
    _say(
        resident.url,
        f"POST {draft}/name HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999\r\n\r\ngiven_name=Q".encode(),
    )


def _status(resident: Visitor, method: str, path: str, form: Form | None = None, **headers: str) -> int:
    """The status of one request on a connection of its own: the server ends one whose body it did not read."""
    with Visitor(resident.url) as visitor:
        return visitor.ask(method, path, form, **headers).status_code


def _say(url: str, raw: bytes) -> None:
    host, _, port = url.removeprefix("http://").partition(":")
    with closing(socket.create_connection((host, int(port)), timeout=5)) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass


def _send_events(resident: Visitor, subject: UUID, *, received: bool) -> None:
    """Events with planted words where the contract has no place for them: refused, parked and kept ones."""
    words = {"naam": "Quirijnelde Wapströnczky", "telefoon": "+31683917264"}
    unsaid = document("ontvangen", subject=subject, at=clock.now(), toelichting="Wapströnczky, 9473ZX")
    assert _send(resident, unsaid) == 400
    assert _send(resident, unsaid, secret="whsec_" + b64encode(bytes(32)).decode()) == 401
    misplaced = {**document(subject=subject, at=clock.now()), "source": "urn:nld:gemeentecode:0363:Quirijnelde 9473ZX"}
    assert _send(resident, misplaced) == 400
    parked = {**document(subject=uuid4(), at=clock.now()), **words}
    assert _send(resident, parked) == 202
    if received:
        assert _send(resident, {**document(subject=subject, at=clock.now()), **words}) == 204


def _send(resident: Visitor, event: dict[str, object], secret: str = WEBHOOK_SECRET) -> int:
    body = json.dumps(event, ensure_ascii=False).encode()
    headers = signed(body, str(event["id"]), secret, clock.now())
    return resident.send(PATH, body, headers).status_code


def _sent_planted(intake: IntakeServer) -> bool:
    """Whether the intake got the planted words: then they were there to leak."""
    return {"given name", "family name", "e-mail", "phone", "postcode", "birth date"} == found_in(
        intake.requests[-1].body, _PLANTED
    )


def _as_operator(portal: Processes) -> str:
    """What an operator's commands say; their output is kept with the logs."""
    ids = [str(UUID(str(row[0]))) for row in _rows(portal.database, "SELECT id FROM outbox")]
    return "".join(
        portal.run(*command) for command in (("outbox", "list"), ("outbox", "show", *ids), ("status",), ("purge",))
    )


def _secret_words(word: str) -> dict[str, tuple[str, ...]]:
    """A capability or token: itself, its parts, and (in `_assert_clean`, by hex) the bytes that it says."""
    return {f"link {word[:3]}": tuple(part for part in {word, *word.split(".")} if len(part) >= _SHORTEST)}


def _assert_clean(portal: Processes, needles: dict[str, tuple[str, ...]]) -> None:
    """No needle in a log file, in a file of the database, or in its dump; and all of these are there to be searched."""
    files = [portal.database, *(portal.database.with_name(f"portal.db-{end}") for end in ("wal", "shm"))]
    places = {path.name: path.read_bytes() for path in (*portal.log_files(), *files)}
    with closing(sqlite3.connect(portal.database)) as connection:
        places["dump"] = "\n".join(connection.iterdump()).encode()
    # The log may be empty: the worker empties it when something was erased.
    assert places[portal.database.name] and places[f"{portal.database.name}-shm"]
    assert b"INSERT INTO" in places["dump"]
    assert b'"event": "request.done"' in b"".join(places.values())
    links = [part for name, words in needles.items() if name.startswith("link") for part in words]
    bits = [urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in links if "." not in part]
    assert {name: found for name, content in places.items() if (found := found_in(content, needles))} == {}
    assert [name for name, content in places.items() if any(raw in content for raw in bits)] == []


def _kept_anywhere(portal: Processes, values: tuple[object, ...]) -> list[str]:
    """The files of the database in which one of these values still stands, erased or not."""
    folder = portal.database.parent
    files = [path for path in folder.glob(f"{portal.database.name}*") if path.is_file()]
    return [path.name for path in files if any(isinstance(one, bytes) and one in path.read_bytes() for one in values)]


def _rows(path: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()
