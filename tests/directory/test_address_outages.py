"""The address register client when the register is slow, down or hostile: bounded, spared, and silent in logs."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from structlog.testing import capture_logs

from citizen_portal.directory.address import Found, Locatieserver, NotFound, Unavailable
from tests.directory.clients import BOLSTRAAT, CODES, Seconds
from tests.fakes.address_register import FakeAddressRegister, Mode, address

DAY = 24 * 60 * 60


def calls_running() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "bounded-get"]


@pytest.mark.parametrize(
    "mode", [Mode.SLOW, Mode.DRIPPING_HEADERS, Mode.DRIPPING_BODY, Mode.ENDLESS_CHUNK_SIZE], ids=lambda mode: mode.name
)
def test_a_slow_answer_is_given_up_in_time_and_leaves_no_thread(fake: FakeAddressRegister, mode: Mode) -> None:
    register = Locatieserver(fake.url, CODES, seconds=0.2)
    fake.mode = mode
    began = time.monotonic()
    assert register.find("3581WS", 1, None) == Unavailable()
    assert time.monotonic() - began < 2
    for thread in calls_running():
        thread.join(timeout=5)
    assert calls_running() == []


def test_two_seconds_are_the_limit_unless_said_otherwise(fake: FakeAddressRegister) -> None:
    fake.mode = Mode.DRIPPING_BODY
    began = time.monotonic()
    assert Locatieserver(fake.url, CODES).find("3581WS", 1, None) == Unavailable()
    assert 1.9 < time.monotonic() - began < 3


def test_a_name_server_that_does_not_answer_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def hang(*_: object, **__: object) -> list[Any]:
        over.wait(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    register = Locatieserver("https://register.example", CODES, seconds=0.1)
    began = time.monotonic()
    try:
        assert register.find("3581WS", 1, None) == Unavailable()
        assert time.monotonic() - began < 2
    finally:
        over.set()
    for thread in calls_running():
        thread.join(timeout=5)


@pytest.mark.parametrize("trusted", [True, False])
def test_https_needs_a_trusted_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool) -> None:
    certificate, tls = loopback_certificate(tmp_path)
    if trusted:
        monkeypatch.setattr("certifi.where", lambda: str(certificate))
    with FakeAddressRegister(tls=tls) as fake:
        found = Locatieserver(fake.url, CODES).find("3581WS", 1, None)
    assert found == (BOLSTRAAT if trusted else Unavailable())
    assert len(fake.asked) == int(trusted)


def loopback_certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that only those trust who read its file, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, SHA256())
    )
    file, key_file = folder / "certificate.pem", folder / "key.pem"
    file.write_bytes(certificate.public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(file, key_file)
    return file, tls


def test_proxies_of_the_environment_are_not_used(fake: FakeAddressRegister, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert Locatieserver(fake.url, CODES).find("3581WS", 1, None) == BOLSTRAAT


def test_a_register_that_cannot_be_reached_is_unavailable(unused_port: int) -> None:
    assert Locatieserver(f"http://127.0.0.1:{unused_port}", CODES).find("3581WS", 1, None) == Unavailable()


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def test_answers_are_kept_for_a_day(fake: FakeAddressRegister, register: Locatieserver, clock: Seconds) -> None:
    assert register.find("3581WS", 1, None) == BOLSTRAAT
    assert register.find("3581WS", 2, None) == NotFound()
    fake.documents = [address(straatnaam="Nieuwe straat"), address(huisnummer=2)]
    clock.now += DAY - 1
    assert register.find("3581WS", 1, None) == BOLSTRAAT
    assert register.find("3581WS", 2, None) == NotFound()
    assert len(fake.asked) == 2
    clock.now += 1
    renewed = register.find("3581WS", 1, None)
    assert isinstance(renewed, Found)
    assert renewed.street == "Nieuwe straat"
    assert isinstance(register.find("3581WS", 2, None), Found)


def test_kept_answers_help_while_the_register_is_down(fake: FakeAddressRegister, register: Locatieserver) -> None:
    register.find("3581WS", 1, None)
    fake.mode = Mode.ERROR
    for number in range(2, 6):
        register.find("3581WS", number, None)
    assert register.find("3581WS", 1, None) == BOLSTRAAT


def test_the_least_used_answer_is_forgotten_first(
    fake: FakeAddressRegister, register: Locatieserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("citizen_portal.directory.address._MOST_KEPT", 2)
    for number in (1, 2, 1, 3):
        register.find("3581WS", number, None)
    asked = len(fake.asked)
    register.find("3581WS", 1, None)
    register.find("3581WS", 3, None)
    assert len(fake.asked) == asked == 3
    register.find("3581WS", 2, None)
    assert len(fake.asked) == asked + 1


def test_after_three_failures_it_rests_for_thirty_seconds_and_probes_once(
    fake: FakeAddressRegister, register: Locatieserver, clock: Seconds
) -> None:
    fake.mode = Mode.ERROR
    for number in range(1, 10):
        assert register.find("3581WS", number, None) == Unavailable()
    assert len(fake.asked) == 3

    clock.now += 29.9
    register.find("3581WS", 1, None)
    assert len(fake.asked) == 3

    clock.now += 0.1
    for number in range(1, 10):
        assert register.find("3581WS", number, None) == Unavailable()
    assert len(fake.asked) == 4

    clock.now += 30
    fake.mode = Mode.RIGHT
    assert register.find("3581WS", 1, None) == BOLSTRAAT
    assert register.find("3581WS", 2, None) == NotFound()
    assert len(fake.asked) == 6


def test_failures_count_only_in_a_row(fake: FakeAddressRegister, register: Locatieserver) -> None:
    for number in range(1, 10, 3):
        fake.mode = Mode.GARBAGE
        register.find("3581WS", number, None)
        register.find("3581WS", number + 1, None)
        fake.mode = Mode.RIGHT
        assert register.find("3581WS", number + 2, None) == NotFound()
    assert len(fake.asked) == 9


def test_only_one_of_many_askers_is_the_probe(fake: FakeAddressRegister, clock: Seconds) -> None:
    register = Locatieserver(fake.url, CODES, clock=clock, seconds=0.5)
    fake.mode = Mode.ERROR
    for _ in range(3):
        register.find("3581WS", 1, None)
    clock.now += 30
    fake.mode = Mode.SLOW
    with ThreadPoolExecutor(8) as askers:
        found = list(askers.map(lambda number: register.find("3581WS", number, None), range(1, 9)))
    assert found == [Unavailable()] * 8
    assert len(fake.asked) == 4


def test_many_threads_get_right_answers(fake: FakeAddressRegister, register: Locatieserver) -> None:
    fake.documents = [address(huisnummer=number, straatnaam=f"Straat {number}") for number in range(1, 9)]
    with ThreadPoolExecutor(3) as askers:
        found = list(askers.map(lambda number: register.find("3581WS", number % 8 + 1, None), range(40)))
    assert [answer.street for answer in found if isinstance(answer, Found)] == [
        f"Straat {n % 8 + 1}" for n in range(40)
    ]


def test_hung_calls_cannot_pile_up(fake: FakeAddressRegister, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("citizen_portal.directory.bounded_get._MOST_CALLS_AT_ONCE", 1)
    fake.mode = Mode.SLOW
    register = Locatieserver(fake.url, CODES, seconds=0.5)
    with ThreadPoolExecutor(2) as askers:
        assert set(askers.map(lambda number: register.find("3581WS", number, None), (1, 2))) == {Unavailable()}
    assert len(fake.asked) == 1


def test_a_slow_register_holds_up_three_and_no_fourth(fake: FakeAddressRegister) -> None:
    fake.mode = Mode.SLOW
    register = Locatieserver(fake.url, CODES, seconds=1)
    with ThreadPoolExecutor(4) as askers, capture_logs() as logs:
        assert set(askers.map(lambda number: register.find("3581WS", number, None), (1, 2, 3, 4))) == {Unavailable()}
    assert sorted(line["reason"] for line in logs) == ["busy", "timeout", "timeout", "timeout"]


def test_calls_that_are_over_make_room_for_others(register: Locatieserver) -> None:
    assert {register.find("3581WS", number, None) for number in range(2, 60)} == {NotFound()}


def test_logs_say_what_failed_and_nothing_of_the_address(fake: FakeAddressRegister, register: Locatieserver) -> None:
    with capture_logs() as logs:
        register.find("3581WS", 1, None)
        fake.mode = Mode.ERROR
        register.find("3581WS", 47, "bis")
        fake.mode = Mode.REDIRECT
        register.find("3581WS", 47, "bis")
        fake.mode = Mode.HANG_UP
        register.find("3581WS", 47, "bis")
    expected = {"event": "address_register.failed", "log_level": "warning"}
    assert logs == [
        {**expected, "reason": "status", "status_class": "5xx"},
        {**expected, "reason": "status", "status_class": "3xx"},
        {**expected, "reason": "RemoteDisconnected", "status_class": None},
    ]
