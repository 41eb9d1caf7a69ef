"""Channel `rest` (contract/intake.md, "Portal to intake"): one POST for each try, which is over within its limit."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from secrets import token_hex

import requests
import urllib3

from citizen_portal.clock import Clock
from citizen_portal.clock import now as present
from citizen_portal.directory.settings import Intake
from citizen_portal.intake.answer import (
    LARGEST_BODY,
    READABLE,
    Answer,
    ConnectionFault,
    Temporary,
    classify,
    classify_addition,
)
from citizen_portal.intake.channels import Dispatch
from citizen_portal.intake.channels.punctual import NameFault, PunctualAdapter, time_limit, tls_context

CALL_SECONDS = 10.0

_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError)


class RestChannel:
    """Delivers to intakes that speak the contract. Each thread keeps its own connections open between calls."""

    def __init__(self, *, call_seconds: float = CALL_SECONDS, clock: Clock = present) -> None:
        self._call_seconds = call_seconds
        self._clock = clock
        self._tls = tls_context()
        self._of_thread = threading.local()
        self._sessions: list[requests.Session] = []

    def deliver(self, intake: Intake, dispatch: Dispatch) -> Answer:
        """Send once and classify what came back, no later than `call_seconds` from now.

        Follows no redirect, uses no proxy, cookie or .netrc, and reads at most 64 KiB of an answer.
        """
        try:
            with time_limit(self._call_seconds):
                return self._exchange(intake, dispatch)
        except _FAILURES as error:
            return failure(error)

    def close(self) -> None:
        """Close the connections of all threads; none of them may be delivering."""
        while self._sessions:
            self._sessions.pop().close()

    def _exchange(self, intake: Intake, dispatch: Dispatch) -> Answer:
        session = self._session()
        response = session.send(
            session.request_for(intake, dispatch), timeout=self._call_seconds, allow_redirects=False, stream=True
        )
        with response:
            status, wait = response.status_code, response.headers.get("Retry-After")
            if dispatch.addition is not None:
                return classify_addition(status, wait, passed_on=dispatch.passed_on, now=self._clock())
            body = b""
            if status in READABLE:
                # One byte more than allowed tells a large answer from one that just fits.
                body = response.raw.read(LARGEST_BODY + 1, decode_content=False)
            return classify(status, wait, body, registration_id=dispatch.registration_id, now=self._clock())

    def _session(self) -> _Session:
        session: _Session | None = getattr(self._of_thread, "session", None)
        if session is None:
            session = self._of_thread.session = _Session(self._tls)
            self._sessions.append(session)
        return session


class _Session(requests.Session):
    def __init__(self, tls: ssl.SSLContext) -> None:
        super().__init__()
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.headers.update(
            {
                "User-Agent": f"citizen-portal/{version('citizen-portal')}",
                "Accept": "application/json",
                # A compressed answer could be of any size.
                "Accept-Encoding": "identity",
            }
        )
        self.mount("https://", PunctualAdapter(tls))
        self.mount("http://", PunctualAdapter(tls))
        self._prepared: dict[Intake, requests.PreparedRequest] = {}

    def request_for(self, intake: Intake, dispatch: Dispatch) -> requests.PreparedRequest:
        """The POST of this message. It is prepared once for each intake, for that costs as much as sending it."""
        prepared = self._prepared.get(intake)
        if prepared is None:
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {intake.token}"}
            prepared = self.prepare_request(requests.Request("POST", f"{intake.url}/v1/aanmeldingen", headers))
            self._prepared[intake] = prepared
        request = prepared.copy()
        if dispatch.addition is not None:
            request.url = f"{prepared.url}/{dispatch.registration_id}/{dispatch.addition}"
        request.body = dispatch.body
        request.headers.update(
            {
                "Content-Length": str(len(dispatch.body)),
                # A string of RFC 8941: the quotes belong to it.
                "Idempotency-Key": f'"{dispatch.idempotency_key}"',
                # W3C Trace Context: one trace for all tries, a span for each.
                "traceparent": f"00-{dispatch.outbox_id.hex}-{token_hex(8)}-01",
            }
        )
        return request

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None: even when it does not follow a redirect, `requests` would read all of its body and parse its target."""
        return None


def failure(error: BaseException) -> Temporary | ConnectionFault:
    """The class of a call that brought no answer; names and certificates are the connection's fault."""
    causes = list(_causes(error))
    if any(isinstance(cause, NameFault | requests.exceptions.InvalidURL) for cause in causes):
        return ConnectionFault("dns")
    if any(isinstance(cause, TimeoutError | requests.exceptions.Timeout) for cause in causes):
        return Temporary("time-out")
    # A connection that ends in the middle of TLS is a reset like any other.
    if any(isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError) for cause in causes):
        return ConnectionFault("tls")
    if any(isinstance(cause, HTTPException | ValueError) for cause in causes):
        return Temporary("unreadable answer")
    return Temporary("no connection")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """`error` and what led to it: `requests` and `urllib3` each wrap what the socket said."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
