"""A status link is what its signature says, or nothing."""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import Signer

from citizen_portal.registration.links import OWNER, LinkSigner
from citizen_portal.sealing import KeyRing

SIGNER = LinkSigner(KeyRing(["a secret"]))


def test_the_same_bits_give_the_same_link() -> None:
    bits = os.urandom(16)
    token = SIGNER.write(bits, OWNER)
    read = SIGNER.read(token)
    assert token == SIGNER.write(bits, OWNER)
    assert read is not None and read.bits == bits and read.scope == OWNER


def test_a_link_still_works_after_a_new_secret_was_put_in_front() -> None:
    token = SIGNER.write(b"b" * 16, OWNER)
    assert LinkSigner(KeyRing(["new secret", "a secret"])).read(token) is not None
    assert LinkSigner(KeyRing(["new secret"])).read(token) is None


@pytest.mark.parametrize("payload", [b"?" + b"b" * 16, b"o" + b"b" * 15, b"o" + b"b" * 17, b""])
def test_what_was_signed_with_our_key_but_says_nothing_known_is_refused(payload: bytes) -> None:
    key = KeyRing(["a secret"]).keys("status links")[0]
    signer = Signer(key, salt=b"status link", key_derivation="hmac", digest_method=sha256)
    assert SIGNER.read(signer.sign(urlsafe_b64encode(b"o" + b"b" * 16).rstrip(b"=")).decode()) is not None
    assert SIGNER.read(signer.sign(urlsafe_b64encode(payload).rstrip(b"=")).decode()) is None


@given(st.integers(0, 500), st.sampled_from("abcXYZ019-_.é\x00 "))
def test_a_changed_character_is_refused(position: int, typed: str) -> None:
    token = SIGNER.write(b"b" * 16, OWNER)
    position %= len(token)
    wrong = token[:position] + typed + token[position + 1 :]
    assert (SIGNER.read(wrong) is None) == (wrong != token)


@given(st.text(max_size=200))
def test_any_text_is_a_link_or_none(text: str) -> None:
    SIGNER.read(text)


def test_a_link_is_never_longer_than_ours_are() -> None:
    key = KeyRing(["a secret"]).keys("status links")[0]
    signer = Signer(key, salt=b"status link", key_derivation="hmac", digest_method=sha256)
    assert SIGNER.read(signer.sign(urlsafe_b64encode(b"o" * 99)).decode()) is None
