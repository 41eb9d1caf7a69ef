"""What a view works with: one object that `create_app` puts together, instead of globals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app
from jinja2 import Environment

from citizen_portal.clock import Clock, amsterdam_day
from citizen_portal.config import Settings
from citizen_portal.directory.address import AddressRegister
from citizen_portal.directory.municipality import Directory
from citizen_portal.registration.links import LinkSigner
from citizen_portal.sealing import KeyRing
from citizen_portal.storage.database import Database
from citizen_portal.web.csrf import FormTokens

if TYPE_CHECKING:
    from citizen_portal.web.assets import Assets

_EXTENSION = "citizen_portal"


@dataclass(frozen=True, slots=True, eq=False)
class Portal:
    """The parts of one running portal. Tests put their own clock or address register in."""

    settings: Settings
    database: Database
    keys: KeyRing
    municipalities: Directory
    addresses: AddressRegister
    clock: Clock
    form_tokens: FormTokens
    links: LinkSigner
    environments: dict[str, Environment]
    assets: Assets

    @property
    def directory(self) -> Directory:
        """The municipalities of today: on 1 January some merge, and nobody starts the portal anew for that."""
        return self.municipalities.on(amsterdam_day(self.clock()))

    def attach(self, extensions: dict[str, object]) -> None:
        """Make this the portal of the app that owns `extensions`."""
        extensions[_EXTENSION] = self


def portal() -> Portal:
    """The portal of the current request."""
    found = current_app.extensions[_EXTENSION]
    assert isinstance(found, Portal)  # noqa: S101 - create_app attached it
    return found
