"""The ways into a municipality's system, and those to residents, each behind one small protocol."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from citizen_portal.directory.settings import Intake
from citizen_portal.intake.answer import Answer, Result


class Addition(StrEnum):
    """What is sent about a registration later, by the name of its place in the contract."""

    SUPPLEMENT = "aanvullingen"
    WITHDRAWAL = "intrekking"


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One message on its way. Every try carries the same `body`; `outbox_id` ties the tries together in traces.

    No `addition`: the registration itself. `passed_on`: it was another municipality that was sent the registration.
    """

    outbox_id: UUID
    registration_id: UUID
    body: bytes
    addition: Addition | None = None
    passed_on: bool = False

    @property
    def idempotency_key(self) -> UUID:
        """The id inside the body: a registration's own, an addition's is that of its outbox entry."""
        return self.registration_id if self.addition is None else self.outbox_id


class Channel(Protocol):
    """One way into a municipality's system; used by several threads at once."""

    def deliver(self, intake: Intake, dispatch: Dispatch) -> Answer:
        """Try once, within the limit of the channel, and say what came of it. Raises nothing that it foresees."""
        ...

    def close(self) -> None:
        """Let go of connections that are kept open."""
        ...


class Sender(Protocol):
    """One way to residents; used by several threads at once."""

    def send(self, notice_id: UUID, body: bytes) -> Result:
        """Try once to send this message, within a limit, and say what came of it. Raises nothing that it foresees."""
        ...

    def close(self) -> None:
        """Let go of connections that are kept open."""
        ...
