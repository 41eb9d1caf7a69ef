"""A message to a resident, as it lies sealed in the outbox. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal, Self

Way = Literal["email", "sms"]
"""How messages reach a resident."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message. `to` is an e-mail address, or a number in E.164; `text` is whole, with its links.

    `kind` (one of MESSAGE_KINDS in `config/sending.py`) chooses the template where a service writes the message; it
    gets `subject`, `text`, `link` and `stop_link` to put into it. No `stop_link`: it was asked for by itself.
    """

    way: Way
    to: str
    language: str
    subject: str
    text: str
    kind: str
    link: str
    stop_link: str | None

    def to_bytes(self) -> bytes:
        """JSON in UTF-8."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> Self:
        """What `to_bytes` was given. Raises ValueError or TypeError for anything else."""
        return cls(**json.loads(body))
