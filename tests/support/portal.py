"""A portal to test with: a database of its own, a clock that is set by hand, example municipalities."""

from __future__ import annotations

import gzip
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from citizen_portal import config
from citizen_portal.app import create_app
from citizen_portal.directory.address import AddressRegister, NoRegister
from citizen_portal.directory.municipality import Directory, load_directory
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import schema
from citizen_portal.storage.database import Database
from tests.support.databases import sqlite_url
from tests.support.lint import lint
from tests.support.lost_writes import LOST_WRITES

SECRET = "a secret of the tests that is long enough"
WEBHOOK_SECRET = "whsec_" + b64encode(b"0123456789abcdef0123456789abcdef").decode()
OTHER_WEBHOOK_SECRET = "whsec_" + b64encode(b"fedcba9876543210fedcba9876543210").decode()
INTAKE_TOKEN = "token-of-the-tests"
MONDAY = datetime(2026, 11, 23, 9, 4, tzinfo=UTC)

NOTIFY_KEY = "portal-11111111-1111-1111-1111-111111111111-22222222-2222-2222-2222-222222222222"
_TEMPLATE = "33333333-3333-3333-3333-333333333333"
CAN_SEND = {
    "PORTAL_SMTP_URL": "smtp://127.0.0.1:9",
    "PORTAL_MAIL_FROM": "no-reply@example.nl",
    "PORTAL_NOTIFY_URL": "http://127.0.0.1:9",
    "PORTAL_NOTIFY_KEY": NOTIFY_KEY,
    "PORTAL_NOTIFY_TEMPLATES": ",".join(f"{kind}={_TEMPLATE}" for kind in ("sms.news", "sms.link")),
    "PORTAL_NOTIFY_CALLBACK_TOKEN": "a token that the operator chose itself".replace(" ", "-"),
}
"""The settings of a portal that can send e-mail and SMS; nobody listens there."""

MUNICIPALITIES = """
[GM0363]
kennisgeving = "in-use"
phone = "14 020"
website = "https://www.amsterdam.nl/schuldhulp"
[GM0363.intake]
channel = "rest"
url = "{intake}"
token = "{token}"
webhook_secrets = ["{webhook}"]

[GM0344]
kennisgeving = "unknown"
phone = "14 030"
[GM0344.intake]
channel = "rest"
url = "{intake}"
token = "{token}"
webhook_secrets = ["{other_webhook}"]

[GM0014]
kennisgeving = "not-yet"
[GM0014.intake]
channel = "rest"
url = "{intake}"
token = "{token}"

[GM0518]
kennisgeving = "not-yet"
phone = "14 070"
website = "https://www.denhaag.nl/schulden"
"""


@dataclass
class SetClock:
    """A clock that stands still until a test moves it."""

    moment: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **duration: float) -> None:
        """Let time go by: `clock.pass_by(hours=25)`."""
        self.moment += timedelta(**duration)


@dataclass
class TestPortal:
    """One portal with what a test needs to look behind it."""

    __test__ = False

    app: Flask
    database: Database
    keys: KeyRing
    directory: Directory
    clock: SetClock
    folder: Path
    pages: list[str] = field(default_factory=list)

    def client(self) -> LintingClient:
        """A browser without cookies that lints what it sees."""
        return LintingClient(self.app, TestResponse, use_cookies=False)


class LintingClient(FlaskClient):
    """The test client; an HTML page with a fault, and a write that was not committed, fail the test that saw it."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        lost = LOST_WRITES.take()
        assert not lost, f"{response.request.method} {response.request.path}: " + "; ".join(lost)
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303, 308}:
            data = response.get_data()
            html = (gzip.decompress(data) if response.content_encoding == "gzip" else data).decode()
            faults = lint(response, html)
            assert not faults, f"{response.request.path}: " + "; ".join(faults)
        return response


def make_directory(folder: Path, intake: str = "http://127.0.0.1:9", text: str = MUNICIPALITIES) -> Directory:
    """The municipalities of the tests, their intake at `intake`."""
    file = folder / "municipalities.toml"
    file.write_text(
        text.format(intake=intake, token=INTAKE_TOKEN, webhook=WEBHOOK_SECRET, other_webhook=OTHER_WEBHOOK_SECRET)
    )
    return load_directory(file, production=False, environ={})


def make_portal(
    folder: Path,
    database_url: str = "",
    *,
    addresses: AddressRegister | None = None,
    environ: dict[str, str] | None = None,
    intake: str = "http://127.0.0.1:9",
    municipalities: str = MUNICIPALITIES,
) -> TestPortal:
    """A portal of its own in `folder`; its database is a file there, unless another is given."""
    settings = config.load(
        {
            "PORTAL_DATABASE_URL": database_url or sqlite_url(folder),
            "PORTAL_SECRET_KEYS": SECRET,
            "PORTAL_LIMITS": "off",
            **(environ or {}),
        }
    )
    database = Database(settings.database_url)
    schema.migrate(database)
    clock = SetClock()
    directory = make_directory(folder, intake, municipalities)
    app = create_app(settings, directory, database=database, addresses=addresses or NoRegister(), clock=clock)
    app.testing = False
    return TestPortal(app, database, KeyRing(settings.secret_keys), directory, clock, folder)
