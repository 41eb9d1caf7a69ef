"""What a view works with: one object that `create_app` puts together, instead of globals."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from citizen_portal.clock import Clock
from citizen_portal.config import Settings
from citizen_portal.directory.address import AddressRegister
from citizen_portal.directory.municipality import Directory
from citizen_portal.sealing import KeyRing
from citizen_portal.storage.database import Database

_EXTENSION = "citizen_portal"


@dataclass(frozen=True, slots=True)
class Portal:
    """The parts of one running portal. Tests put their own clock or address register in."""

    settings: Settings
    database: Database
    keys: KeyRing
    directory: Directory
    addresses: AddressRegister
    clock: Clock

    def attach(self, extensions: dict[str, object]) -> None:
        """Make this the portal of the app that owns `extensions`."""
        extensions[_EXTENSION] = self


def portal() -> Portal:
    """The portal of the current request."""
    found = current_app.extensions[_EXTENSION]
    assert isinstance(found, Portal)  # noqa: S101 - create_app attached it
    return found
