"""Any bit flipped in anything that is sealed or signed, and any two exchanged: refused. Only what was made opens."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from citizen_portal.intake.outbox import seal_context
from citizen_portal.journey.answers import Answers
from citizen_portal.journey.draft import DraftKeys, keys_of, new_capability, open_answers, seal_answers
from citizen_portal.progress.signature import Signed, signed_by_one_of
from citizen_portal.registration.links import OWNER, LinkSigner
from citizen_portal.sealing import KeyRing, SealBroken, SealedBody
from citizen_portal.storage.outbox import REGISTRATION
from citizen_portal.web.csrf import FormTokens

NOW = datetime(2026, 11, 23, 9, 4, tzinfo=UTC)
KEYS = KeyRing(["the newest secret", "the one before"])
LINKS = LinkSigner(KEYS)
TOKENS = FormTokens(KEYS, lambda: NOW)
SECRET = "whsec_" + b64encode(b"0123456789abcdef0123456789abcdef").decode()
ANSWERS = Answers(steps={"name": {"given_name": "Zoë", "family_name": "علي"}}, started_for="GM0363")

# Any bit of anything: the place wraps round the length of what is flipped.
_ANY_BIT = st.integers(0, 2**20)


def flipped(sealed: bytes, bit: int) -> bytes:
    """The same with one bit changed."""
    place = bit % (8 * len(sealed))
    changed = bytearray(sealed)
    changed[place // 8] ^= 1 << place % 8
    return bytes(changed)


def flipped_text(text: str, bit: int) -> str:
    """ASCII with one bit changed. The eighth makes it another alphabet's."""
    return flipped(text.encode("ascii"), bit).decode("latin-1")


def draft_keys() -> DraftKeys:
    keys = keys_of(new_capability())
    assert keys is not None
    return keys


@given(_ANY_BIT, st.integers(0, 1000))
def test_a_draft_with_a_flipped_bit_stays_shut(bit: int, revision: int) -> None:
    keys = draft_keys()
    sealed = seal_answers(keys, revision, ANSWERS)
    assert open_answers(keys, revision, sealed) == ANSWERS
    with pytest.raises(SealBroken):
        open_answers(keys, revision, flipped(sealed, bit))


@given(_ANY_BIT)
def test_a_draft_link_with_a_flipped_bit_is_another_draft_or_none(bit: int) -> None:
    capability = new_capability()
    right, other = keys_of(capability), keys_of(flipped_text(capability, bit))
    assert right is not None
    assert other is None or (other.row_id != right.row_id and other.data_key != right.data_key)


@given(st.integers(0, 5), st.integers(0, 5))
def test_two_drafts_that_change_places_stay_shut(revision: int, other_revision: int) -> None:
    keys, other = draft_keys(), draft_keys()
    sealed = seal_answers(keys, revision, ANSWERS)
    for wrong_keys, wrong_revision in ((other, revision), (other, other_revision), (keys, revision + 1)):
        with pytest.raises(SealBroken):
            open_answers(wrong_keys, wrong_revision, sealed)


@given(_ANY_BIT, st.binary(min_size=1, max_size=200))
def test_a_message_or_its_key_with_a_flipped_bit_stays_shut(bit: int, body: bytes) -> None:
    context = seal_context(uuid4(), REGISTRATION)
    sealed = KEYS.seal_body(body, context)
    assert KEYS.open_body(sealed, context) == body
    for broken in (
        SealedBody(flipped(sealed.body, bit), sealed.wrapped_key),
        SealedBody(sealed.body, flipped(sealed.wrapped_key, bit)),
    ):
        with pytest.raises(SealBroken):
            KEYS.open_body(broken, context)
    with pytest.raises(SealBroken):
        KEYS.rewrap(flipped(sealed.wrapped_key, bit), context)


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_two_messages_that_change_places_stay_shut(body: bytes, other_body: bytes) -> None:
    context, other_context = seal_context(uuid4(), REGISTRATION), seal_context(uuid4(), REGISTRATION)
    sealed, other = KEYS.seal_body(body, context), KEYS.seal_body(other_body, other_context)
    for mixed in (other, SealedBody(sealed.body, other.wrapped_key), SealedBody(other.body, sealed.wrapped_key)):
        with pytest.raises(SealBroken):
            KEYS.open_body(mixed, context)
    with pytest.raises(SealBroken):
        KEYS.open_body(sealed, context + b"!")


@given(_ANY_BIT)
def test_a_status_link_with_a_flipped_bit_says_nothing(bit: int) -> None:
    token = LINKS.write(os.urandom(16), OWNER)
    assert LINKS.read(token) is not None
    assert LINKS.read(flipped_text(token, bit)) is None


def test_two_status_links_that_change_signatures_say_nothing() -> None:
    (one, _, signature), (other, _, others) = (LINKS.write(os.urandom(16), OWNER).rpartition(".") for _ in range(2))
    assert LINKS.read(f"{one}.{others}") is None
    assert LINKS.read(f"{other}.{signature}") is None


@given(_ANY_BIT, st.integers(0, 1000))
def test_a_form_token_with_a_flipped_bit_is_none(bit: int, revision: int) -> None:
    row = os.urandom(32)
    token = TOKENS.make("check", row, revision)
    assert TOKENS.revision_in(token, "check", row) == revision
    assert TOKENS.revision_in(flipped_text(token, bit), "check", row) is None


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.sampled_from(["check", "delete"]))
def test_a_form_token_is_for_its_own_form_and_draft(row: bytes, other: bytes, purpose: str) -> None:
    token = TOKENS.make(purpose, row, 3)
    assert (TOKENS.revision_in(token, purpose, other) is not None) == (row == other)
    assert TOKENS.revision_in(token, "name", row) is None


@pytest.mark.parametrize("add", ["=", "!", "\n", " ", "\u00e9", "\ud800", "."])
@pytest.mark.parametrize(
    "read",
    [
        lambda add: LINKS.read(LINKS.write(b"b" * 16, OWNER) + add),
        lambda add: TOKENS.revision_in(TOKENS.make("check", b"row", 1) + add, "check", b"row"),
        lambda add: keys_of(new_capability() + add),
    ],
    ids=["status link", "form token", "draft link"],
)
def test_nothing_can_be_added_to_what_stands_in_a_page(read: Callable[[str], object], add: str) -> None:
    assert read(add) is None


def signed(body: bytes) -> Signed:
    stamp = str(int(NOW.timestamp()))
    return Signed("event-1", stamp, Webhook(SECRET).sign("event-1", NOW, body.decode()), body)


@given(_ANY_BIT, st.sampled_from(["message_id", "timestamp", "signatures", "body"]), st.text("abc{}", min_size=1))
def test_a_signed_event_with_a_flipped_bit_is_refused(bit: int, part: str, text: str) -> None:
    message = signed(text.encode())
    assert signed_by_one_of([SECRET], message, now=NOW)
    values = {name: getattr(message, name) for name in Signed.__slots__}
    # The body was read as JSON before: it is text.
    broken = flipped_text(values[part] if part != "body" else text, bit)
    values[part] = broken.encode() if part == "body" else broken
    assert not signed_by_one_of([SECRET], Signed(**values), now=NOW)


@given(st.text("ab", min_size=1), st.text("cd", min_size=1))
def test_two_signed_events_that_change_signatures_are_refused(text: str, other: str) -> None:
    one, another = signed(text.encode()), signed(other.encode())
    assert not signed_by_one_of([SECRET], Signed("event-1", one.timestamp, another.signatures, one.body), now=NOW)
