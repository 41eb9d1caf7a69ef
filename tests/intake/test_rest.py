"""The channel `rest` against a real server that does what servers do, and worse."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from uuid import UUID

import pytest

from citizen_portal.directory.settings import Channel, Intake
from citizen_portal.intake.answer import Answer as Classified
from citizen_portal.intake.answer import ConnectionFault, MessageFault, Received, Temporary
from citizen_portal.intake.channels import Dispatch
from citizen_portal.intake.channels.rest import RestChannel
from citizen_portal.intake.message import registration_body
from tests.fakes.intake_server import Answer, IntakeServer, answer, drip, hang_up, raw, receipt, reset, silence
from tests.support.certificates import certificate
from tests.support.deliveries import EXAMPLE

NOW = datetime(2026, 11, 23, 9, 4, tzinfo=UTC)
OUTBOX_ID = UUID("0b3d6a52-5c0e-4a7e-9c55-0d1f2e3a4b5c")
DISPATCH = Dispatch(OUTBOX_ID, EXAMPLE.id, registration_body(EXAMPLE))
LIMIT = 0.5
IN_TIME = LIMIT + 1.5


@pytest.fixture
def channel() -> Iterator[RestChannel]:
    made = RestChannel(call_seconds=LIMIT, clock=lambda: NOW)
    yield made
    made.close()


def _deliver(channel: RestChannel, url: str) -> Classified:
    return channel.deliver(Intake(Channel.REST, url, "geheim-token"), DISPATCH)


def test_it_sends_what_the_contract_says(channel: RestChannel, intake: IntakeServer) -> None:
    assert _deliver(channel, f"{intake.url}/schuldhulp") == Received(201, "Z-2026-00001")
    [request] = intake.requests
    assert request.line == "POST /schuldhulp/v1/aanmeldingen HTTP/1.1"
    assert request.body == DISPATCH.body
    headers = request.headers
    assert headers["content-type"] == "application/json"
    assert headers["idempotency-key"] == f'"{EXAMPLE.id}"'
    assert headers["authorization"] == "Bearer geheim-token"
    assert headers["user-agent"].startswith("citizen-portal/")
    version, trace, span, flags = headers["traceparent"].split("-")
    assert (version, trace, len(span), flags) == ("00", OUTBOX_ID.hex, 16, "01")


def test_a_retry_sends_the_same_bytes_in_the_same_trace_with_a_span_of_its_own(
    channel: RestChannel, intake: IntakeServer
) -> None:
    intake.will_answer(answer(503))
    assert _deliver(channel, intake.url) == Temporary("503", 503)
    assert _deliver(channel, intake.url) == Received(201, "Z-2026-00001")
    assert _deliver(channel, intake.url) == Received(200, "Z-2026-00001")
    assert {request.body for request in intake.requests} == {DISPATCH.body}
    traces = [request.headers["traceparent"].split("-") for request in intake.requests]
    assert len({trace for _, trace, _, _ in traces}) == 1
    assert len({span for _, _, span, _ in traces}) == 3


@pytest.mark.parametrize(
    ("said", "classified"),
    [
        (receipt("Z-7", status=200), Received(200, "Z-7")),
        (receipt(None), Received(201)),
        (receipt("Z-7", aanmeldingId="een ander"), Temporary("201 unreadable", 201)),
        (answer(202), Temporary("202", 202)),
        (answer(204), Temporary("204", 204)),
        (answer(200, b"<html>Welkom</html>"), Temporary("200 unreadable", 200)),
        (answer(401), ConnectionFault("401", 401)),
        (answer(404, b"weg"), ConnectionFault("404", 404)),
        (answer(422, b'{"detail": "Zoe"}'), MessageFault("422", 422)),
        (answer(413), MessageFault("413", 413)),
        (answer(429, Retry_After="30"), Temporary("429", 429, timedelta(seconds=30))),
        (answer(503, Retry_After="Mon, 23 Nov 2026 09:14:00 GMT"), Temporary("503", 503, timedelta(minutes=10))),
        (answer(500, Retry_After="morgen"), Temporary("500", 500)),
        (answer(103), Temporary("103", 103)),
        (answer(600), Temporary("600", 600)),
    ],
)
def test_an_answer_has_its_class(
    channel: RestChannel, intake: IntakeServer, said: Answer, classified: Classified
) -> None:
    intake.will_answer(said)
    assert _deliver(channel, intake.url) == classified
    # Whatever it was, the next message goes out as if nothing had happened.
    assert _deliver(channel, intake.url) == Received(201, "Z-2026-00001")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_the_connections_fault_and_is_not_followed(
    channel: RestChannel, intake: IntakeServer, status: int
) -> None:
    with IntakeServer() as elsewhere:
        intake.will_answer(answer(status, b"x" * 100_000, Location=f"{elsewhere.url}/v1/aanmeldingen"))
        assert _deliver(channel, intake.url) == ConnectionFault(str(status), status)
        assert elsewhere.requests == []
    assert len(intake.requests) == 1


def test_a_redirect_is_neither_read_nor_parsed(channel: RestChannel, intake: IntakeServer) -> None:
    endless = b"HTTP/1.1 302 Found\r\nLocation: http://[::1:99999/\x80\r\nTransfer-Encoding: chunked\r\n\r\n"
    intake.will_answer(drip(endless, b"1\r\nx\r\n"))
    before = monotonic()
    assert _deliver(channel, intake.url) == ConnectionFault("302", 302)
    assert monotonic() - before < LIMIT


@pytest.mark.parametrize(
    "slow",
    [
        silence,
        drip(b"", b"H"),
        drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b" "),
        drip(b"HTTP/1.1 200 OK\r\n\r\n", b" "),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_a_call_is_over_in_time_however_slowly_it_is_answered(
    channel: RestChannel, intake: IntakeServer, slow: Answer
) -> None:
    intake.will_answer(slow)
    before = monotonic()
    classified = _deliver(channel, intake.url)
    took = monotonic() - before
    assert classified == Temporary("time-out")
    assert LIMIT <= took < IN_TIME


def test_a_call_is_over_in_time_when_its_body_is_not_taken(channel: RestChannel) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        large = Dispatch(OUTBOX_ID, EXAMPLE.id, b" " * 50_000_000)
        before = monotonic()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        assert channel.deliver(Intake(Channel.REST, url, "t"), large) == Temporary("time-out")
        assert monotonic() - before < IN_TIME


def test_a_name_that_is_looked_up_for_ever_is_the_connections_fault_in_time(
    channel: RestChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()

    def never(*_: object, **__: object) -> list[object]:
        over.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", never)
    before = monotonic()
    assert _deliver(channel, "https://intake.example.nl") == ConnectionFault("dns")
    assert monotonic() - before < IN_TIME
    over.set()


@pytest.mark.parametrize("host", ["intake.invalid", "a" * 64 + ".nl", "a..nl"])
def test_a_name_that_does_not_exist_is_the_connections_fault(channel: RestChannel, host: str) -> None:
    assert _deliver(channel, f"https://{host}") == ConnectionFault("dns")


def test_no_connection_is_temporary(channel: RestChannel) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert _deliver(channel, f"http://127.0.0.1:{port}") == Temporary("no connection")


@pytest.mark.parametrize("ending", [hang_up, reset, raw(b"HTTP/1.1 201 Created\r\nContent-Length: 90\r\n\r\n{")])
def test_a_connection_that_breaks_is_temporary(channel: RestChannel, intake: IntakeServer, ending: Answer) -> None:
    intake.will_answer(ending)
    assert isinstance(_deliver(channel, intake.url), Temporary)


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00" * 1000,
        b"220 mail.example.nl ESMTP\r\n",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 twee OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\xff\r\n\r\n\xff\xfe",
    ],
)
def test_garbage_is_temporary(channel: RestChannel, intake: IntakeServer, garbage: bytes) -> None:
    intake.will_answer(raw(garbage))
    assert isinstance(_deliver(channel, intake.url), Temporary)


def test_a_huge_answer_is_not_read(channel: RestChannel, intake: IntakeServer) -> None:
    endless = drip(b"HTTP/1.1 200 OK\r\n\r\n", b" " * 40_000, seconds=0)
    intake.will_answer(endless)
    before = monotonic()
    assert _deliver(channel, intake.url) == Temporary("200 unreadable", 200)
    assert monotonic() - before < LIMIT


def test_a_compressed_answer_is_not_unpacked(channel: RestChannel, intake: IntakeServer) -> None:
    intake.will_answer(answer(200, b"\x1f\x8b\x08" + b"\x00" * 100, Content_Encoding="gzip"))
    assert _deliver(channel, intake.url) == Temporary("200 unreadable", 200)
    assert intake.requests[0].headers["accept-encoding"] == "identity"


def test_no_cookie_is_kept_and_no_proxy_or_netrc_is_used(
    channel: RestChannel, intake: IntakeServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    intake.will_answer(answer(503, Set_Cookie="a=b"))
    _deliver(channel, intake.url)
    assert _deliver(channel, intake.url) == Received(201, "Z-2026-00001")
    assert "cookie" not in intake.requests[1].headers
    assert intake.requests[1].headers["authorization"] == "Bearer geheim-token"


def test_a_connection_is_used_again(channel: RestChannel, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = []
    look_up = socket.getaddrinfo

    def count(*args: object, **named: object) -> object:
        looked_up.append(args)
        return look_up(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", count)
    with IntakeServer() as intake:
        for _ in range(3):
            assert isinstance(_deliver(channel, intake.url), Received)
    assert len(looked_up) == 1


class TestTls:
    """Certificates are verified, by authority and by name."""

    def test_a_certificate_of_an_authority_that_this_machine_trusts_is_accepted(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server_side, authority = certificate(tmp_path, "localhost")
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        channel = RestChannel(call_seconds=LIMIT * 4, clock=lambda: NOW)
        with IntakeServer(tls=server_side) as intake:
            assert _deliver(channel, intake.url) == Received(201, "Z-2026-00001")
            assert _deliver(channel, intake.url) == Received(200, "Z-2026-00001")
            intake.will_answer(drip(b"HTTP/1.1 200 OK\r\n\r\n", b" "))
            before = monotonic()
            assert _deliver(channel, intake.url) == Temporary("time-out")
            assert LIMIT * 4 <= monotonic() - before < LIMIT * 4 + 1.5
            channel.close()

    def test_an_unknown_authority_is_the_connections_fault(self, tmp_path: Path, channel: RestChannel) -> None:
        server_side, _ = certificate(tmp_path, "localhost")
        with IntakeServer(tls=server_side) as intake:
            assert _deliver(channel, intake.url) == ConnectionFault("tls")
            assert intake.requests == []

    def test_another_name_is_the_connections_fault(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        server_side, authority = certificate(tmp_path, "intake.example.nl")
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        channel = RestChannel(call_seconds=LIMIT, clock=lambda: NOW)
        with IntakeServer(tls=server_side) as intake:
            assert _deliver(channel, intake.url) == ConnectionFault("tls")
            assert intake.requests == []
        channel.close()

    def test_no_tls_at_all_is_the_connections_fault(self, channel: RestChannel) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            thread = threading.Thread(target=_speak_plainly, args=(listening,))
            thread.start()
            port = listening.getsockname()[1]
            assert _deliver(channel, f"https://localhost:{port}") == ConnectionFault("tls")
            thread.join()

    def test_a_handshake_that_never_ends_is_over_in_time(self, channel: RestChannel) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            before = monotonic()
            port = listening.getsockname()[1]
            assert _deliver(channel, f"https://localhost:{port}") == Temporary("time-out")
            assert LIMIT <= monotonic() - before < IN_TIME


def _speak_plainly(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    with connection:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
