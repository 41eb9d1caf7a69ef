"""A message to a resident comes out of its seal as it went in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from citizen_portal.sending.model import Notice
from tests.sending.notices import BY_EMAIL, BY_SMS


@pytest.mark.parametrize(
    "notice", [BY_EMAIL, BY_SMS, replace(BY_EMAIL, stop_link=None, subject="تحديث", text="ሰላም\r\n\x00")]
)
def test_bytes_and_back(notice: Notice) -> None:
    assert Notice.from_bytes(notice.to_bytes()) == notice


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"{}", b'{"way": "email"}', b"null"])
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises((ValueError, TypeError)):
        Notice.from_bytes(body)
