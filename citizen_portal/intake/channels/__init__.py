"""The ways into a municipality's system, behind one small protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from citizen_portal.directory.settings import Intake
from citizen_portal.intake.answer import Answer


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One message on its way. Every try carries the same `body`; `outbox_id` ties the tries together in traces."""

    outbox_id: UUID
    registration_id: UUID
    body: bytes


class Channel(Protocol):
    """One way into a municipality's system; used by several threads at once."""

    def deliver(self, intake: Intake, dispatch: Dispatch) -> Answer:
        """Try once, within the limit of the channel, and say what came of it. Raises nothing that it foresees."""
        ...

    def close(self) -> None:
        """Let go of connections that are kept open."""
        ...
