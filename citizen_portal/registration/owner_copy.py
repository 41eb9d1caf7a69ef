"""The owner's copy of what was sent: it opens with the bits of the first owner's link, which nobody stores. Pure."""

from __future__ import annotations

from uuid import UUID

from citizen_portal.sealing import SealBroken, derive, seal, unseal


def seal_copy(link_bits: bytes, registration_id: UUID, message: bytes) -> bytes:
    """`message` (the body of contract/intake.md as it was sent), sealed for this registration."""
    return seal(_key(link_bits), message, _context(registration_id))


def open_copy(link_bits: bytes, registration_id: UUID, sealed: bytes) -> bytes | None:
    """The message, or None when these are the bits of another link."""
    try:
        return unseal(_key(link_bits), sealed, _context(registration_id))
    except SealBroken:
        return None


def _key(link_bits: bytes) -> bytes:
    return derive(link_bits, "owner's copy")


def _context(registration_id: UUID) -> bytes:
    return b"owner's copy:" + registration_id.bytes
