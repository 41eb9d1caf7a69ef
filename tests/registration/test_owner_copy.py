"""The owner's copy opens with the bits of the first link, for its own registration, and with nothing else."""

from __future__ import annotations

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.registration.owner_copy import open_copy, seal_copy

BITS = b"b" * 16


def test_it_opens_with_the_first_link_only() -> None:
    registration = uuid4()
    sealed = seal_copy(BITS, registration, b"what was sent")
    assert open_copy(BITS, registration, sealed) == b"what was sent"
    assert open_copy(b"c" * 16, registration, sealed) is None
    assert open_copy(BITS, uuid4(), sealed) is None
    assert b"what" not in sealed


@given(st.binary(max_size=60))
def test_whatever_else_lies_there_is_no_copy(stray: bytes) -> None:
    assert open_copy(BITS, uuid4(), stray) is None


@given(st.integers(0, 200))
def test_a_changed_byte_is_noticed(position: int) -> None:
    registration = uuid4()
    sealed = bytearray(seal_copy(BITS, registration, b"what was sent"))
    sealed[position % len(sealed)] ^= 1
    assert open_copy(BITS, registration, bytes(sealed)) is None
