"""Addresses that somebody takes over from a screen or from paper: filters of every template."""

from __future__ import annotations

from markupsafe import Markup

from citizen_portal.acknowledgement.qr import qr_svg


def picture(address: str) -> Markup:
    """`{{ address|qr }}`: for a phone's camera."""
    return Markup(qr_svg(address))  # noqa: S704 - drawn here


def as_typed(address: str) -> str:
    """`{{ address|as_typed }}`: without the scheme, which browsers know."""
    return address.partition("://")[2]
