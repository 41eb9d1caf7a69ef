"""Headers on every answer, and only our own host."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest

from citizen_portal.config import Settings, is_loopback

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_TWO_YEARS = "max-age=63072000; includeSubDomains"
# Whoever asks whether the portal is alive asks by an address of its own.
_ANY_HOST = {"/healthz", "/readyz"}


class ForeignHost(BadRequest):
    """The request names a host that is not ours."""


def protect(app: Flask, settings: Settings) -> None:
    """Refuse foreign hosts, and put the headers on every answer, errors included."""
    ours = urlsplit(settings.base_url).hostname

    @app.before_request
    def only_our_host() -> None:
        if request.path in _ANY_HOST:
            return
        try:
            host = urlsplit(f"//{request.host}").hostname or ""
        except ValueError:
            host = ""
        if host != ours and (settings.production or not is_loopback(host)):
            raise ForeignHost

    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        # Whatever did not say that it may be kept, may not: most pages are somebody's own.
        response.headers.setdefault("Cache-Control", "no-store")
        if settings.https:
            response.headers.setdefault("Strict-Transport-Security", _TWO_YEARS)
        return response
