"""What is sealed opens with its own key and context, and with nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.sealing import KeyRing, SealBroken, SealedBody, derive, seal, unseal

KEY = derive(b"a secret", "a purpose")


@given(st.binary(max_size=300), st.data())
def test_any_flipped_bit_is_refused(plaintext: bytes, data: st.DataObject) -> None:
    sealed = seal(KEY, plaintext, b"row 1")
    position = data.draw(st.integers(0, len(sealed) * 8 - 1))
    flipped = bytearray(sealed)
    flipped[position // 8] ^= 1 << position % 8
    with pytest.raises(SealBroken):
        unseal(KEY, bytes(flipped), b"row 1")
    assert unseal(KEY, sealed, b"row 1") == plaintext


@pytest.mark.parametrize("sealed", [b"", b"short", b"x" * 12, b"x" * 200])
def test_what_was_never_sealed_is_refused(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, sealed, b"row 1")


def test_two_rows_cannot_be_swapped() -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, seal(KEY, b"one", b"row 1"), b"row 2")


def test_keys_for_different_purposes_differ() -> None:
    assert derive(b"s" * 32, "one") != derive(b"s" * 32, "two")


def test_a_body_opens_after_a_new_secret_was_put_in_front() -> None:
    old = KeyRing(["old secret"])
    sealed = old.seal_body(b"content", b"row")
    both = KeyRing(["new secret", "old secret"])
    assert both.open_body(sealed, b"row") == b"content"
    assert not both.wrapped_by_newest(sealed.wrapped_key)


def test_a_rewrapped_body_no_longer_needs_the_old_secret() -> None:
    sealed = KeyRing(["old secret"]).seal_body(b"content", b"row")
    both = KeyRing(["new secret", "old secret"])
    rewrapped = SealedBody(sealed.body, both.rewrap(sealed.wrapped_key, b"row"))
    assert KeyRing(["new secret"]).open_body(rewrapped, b"row") == b"content"
    assert both.wrapped_by_newest(rewrapped.wrapped_key)
    with pytest.raises(SealBroken):
        KeyRing(["new secret"]).open_body(sealed, b"row")


def test_a_body_without_its_wrapped_key_stays_shut() -> None:
    ring = KeyRing(["secret"])
    sealed = ring.seal_body(b"content", b"row")
    other = ring.seal_body(b"other", b"row")
    with pytest.raises(SealBroken):
        ring.open_body(SealedBody(sealed.body, other.wrapped_key), b"row")
