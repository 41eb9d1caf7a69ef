"""One example intake with a portal beside it, and a registration as the portal sends it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from citizen_portal.example.intake import create_intake
from tests.example.portal_stand_in import SECRET, PortalStandIn

TOKEN = "a-token-of-the-tests"
REGISTRATION: dict[str, Any] = {
    "schemaVersie": "1.0",
    "aanmeldingId": "0b6c6f3e-6a1c-4c58-9a8d-0f5d3c1e7a42",
    "kenmerk": "P-7K3M-9QXZ",
    "ingediendOp": "2026-11-23T09:04:00Z",
    "taal": "nl",
    "gemeente": {"code": "GM0363", "naam": "Amsterdam"},
    "inwoner": {
        "voornaam": "Zoë",
        "achternaam": "van den Berg <b>",
        "geboortedatum": "1980-02-29",
        "adres": {
            "postcode": "1012AB",
            "huisnummer": 12,
            "toevoeging": "hs",
            "straat": "Damrak",
            "woonplaats": "Amsterdam",
            "gecontroleerd": True,
        },
        "contact": {
            "kanalen": ["telefoon", "zelf"],
            "telefoon": "+31612345678",
            "bereikbaar": ["ochtend", "avond"],
            "voicemail": False,
            "contacttaal": "ti",
            "tolk": True,
        },
    },
    "hulpvraag": {"dringend": [], "dringendDatum": None, "uiterlijkGesprekOp": "2026-12-21"},
    "inzender": {"rol": "inwoner", "helper": None},
}


@pytest.fixture
def portal() -> Iterator[PortalStandIn]:
    """A portal that takes events."""
    with PortalStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def app(tmp_path: Path, portal: PortalStandIn) -> Flask:
    """The intake of Amsterdam."""
    return create_intake(
        tmp_path / "intake.db",
        token=TOKEN,
        webhook_secret=SECRET,
        portal_url=portal.url,
        municipality_code="GM0363",
    )


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A caller on the same machine."""
    app.test_client_class = _Client
    return app.test_client()


class _Client(FlaskClient):
    """Comes from this machine under the address that the intake listens to."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("base_url", "http://127.0.0.1:8001")
        return super().open(*args, **kwargs)


Deliver = Callable[..., TestResponse]


@pytest.fixture
def deliver(client: FlaskClient) -> Deliver:
    """Deliver a registration as the portal does, with changes at the top of the message."""

    def call(**changes: Any) -> TestResponse:
        message = {**copy.deepcopy(REGISTRATION), **changes}
        return client.post(
            "/v1/aanmeldingen",
            data=json.dumps(message, ensure_ascii=False).encode(),
            headers={
                "Authorization": f"Bearer {TOKEN}",
                "Content-Type": "application/json",
                "Idempotency-Key": f'"{message["aanmeldingId"]}"',
            },
        )

    return call
