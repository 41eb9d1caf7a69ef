"""What anybody may see: a proof, the way back for who lost the link, and which municipalities take part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import pytest
from werkzeug.test import TestResponse

from citizen_portal.acknowledgement.pdf import PdfFailed
from tests.browser.states.questions import NO_ADDRESS
from tests.browser.states.standing import HOME, MOVED, Standing, Told
from tests.browser.states.state import Kind, Making, State
from tests.support.walk import Form

NOWHERE = "P-2345-6789"
_MOST_TRIES = 40
_PRESSED = Standing("pressed")
_ELSEWHERE: Form = {**HOME, "house_number": "13"}


@dataclass(frozen=True, slots=True)
class Proof:
    """The page of a proof; `typed` is what is compared, if anything, until it is answered with `status`."""

    variant: str
    standing: Standing = _PRESSED
    typed: Form | None = None
    status: int = 200
    on: Kind = Kind.SENDS

    @property
    def state(self) -> State:
        """The page as a state."""
        return State(f"proof-{self.variant}", "proof", self._made, self.status, self.on)

    def _made(self, making: Making) -> TestResponse:
        path = f"proof/{self.standing.resident(making).code}"
        if self.typed is None:
            return making.get(path)
        typed = self.typed
        return _until(self.status, lambda: making.post(path, typed))


_PROOFS = (
    Proof("known"),
    Proof("agrees", typed=HOME),
    Proof("does-not-agree", typed=_ELSEWHERE),
    Proof("mistyped", typed={"postcode": "10 12", "house_number": "twaalf"}, status=422),
    Proof("tries-over", typed=_ELSEWHERE, status=429, on=Kind.LIMITED),
    Proof("ended", Standing("ended", (Told("contact-gelegd"), Told("afgesloten")))),
    Proof("refused", Standing("refused", (Told("niet-toegelaten"),))),
    Proof("forwarded", Standing("forwarded", (MOVED,))),
    Proof("without-an-address", Standing("without-an-address", given=NO_ADDRESS)),
)


def _until(status: int, tries: Callable[[], TestResponse]) -> TestResponse:
    """Once, or, for what is answered to too many tries only, until that many were made."""
    for _ in range(_MOST_TRIES if status == HTTPStatus.TOO_MANY_REQUESTS else 1):
        answer = tries()
        if answer.status_code == status:
            break
    return answer


def _no_pdf(making: Making) -> TestResponse:
    def fails(*_document: object) -> bytes:
        raise PdfFailed("no font")

    resident = _PRESSED.resident(making)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("citizen_portal.status.proof.to_pdf", fails)
        return making.portal.client().get(f"{resident.path}/proof.pdf")


def _lost(form: Form, path: str = "status") -> Callable[[Making], TestResponse]:
    return lambda making: making.post(path, form)


def _link_sent(making: Making) -> TestResponse:
    return making.post("status/message", {"reference": _PRESSED.resident(making).record.reference})


def _lost_too_often(making: Making) -> TestResponse:
    return _until(429, lambda: making.post("status", {"reference": NOWHERE, **HOME}))


_LOST = (
    State("lost-empty", "lost", lambda making: making.get("status")),
    State("lost-silent", "lost", lambda making: making.get("status"), on=Kind.SILENT),
    State("lost-wrong", "lost", _lost({}), 422),
    State("lost-wrong-reference", "lost", _lost({"reference": "P-7K2M", **HOME}), 422),
    State("lost-too-little", "lost", _lost({"reference": NOWHERE, "postcode": "1012 AB"}), 422),
    State("lost-not-found", "lost", _lost({"reference": NOWHERE, **HOME}), 422),
    State("lost-no-message", "lost", _lost({"reference": "P"}, "status/message"), 422),
    State("lost-too-often", "lost", _lost_too_often, 429, Kind.LIMITED),
    State("link-sent", "lost", _link_sent),
    State("link-not-sent", "lost", _lost({"reference": NOWHERE}, "status/message")),
)


def _municipalities(search: str = "") -> Callable[[Making], TestResponse]:
    return lambda making: making.get(f"municipalities?q={search}" if search else "municipalities")


STRANGERS: tuple[State, ...] = (
    *(proof.state for proof in _PROOFS),
    State("proof-not-found", "proof", lambda making: making.get("proof/2345-6789-2345-6789"), 404),
    State("proof-no-code", "proof", lambda making: making.get("proof?code=nothing"), 404),
    State("proof-no-pdf", "error", _no_pdf, 500),
    *_LOST,
    State("municipalities", "municipalities", _municipalities()),
    State("municipalities-one", "municipalities", _municipalities("amsterdam")),
    State("municipalities-few", "municipalities", _municipalities("burg")),
    State("municipalities-none", "municipalities", _municipalities("xyz")),
)
