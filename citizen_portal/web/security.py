"""Headers on every answer, and only our own host."""

from __future__ import annotations

from functools import lru_cache
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
_HOSTS_REMEMBERED = 64


class ForeignHost(BadRequest):
    """The request names a host that is not ours."""


def protect(app: Flask, settings: Settings) -> None:
    """Refuse foreign hosts, and put the headers on every answer, errors included."""
    ours = urlsplit(settings.base_url).hostname

    @lru_cache(maxsize=_HOSTS_REMEMBERED)
    def is_ours(netloc: str) -> bool:
        try:
            host = urlsplit(f"//{netloc}").hostname or ""
        except ValueError:
            return False
        return host == ours or (is_loopback(host) and not settings.production)

    @app.before_request
    def only_our_host() -> None:
        if request.path not in _ANY_HOST and not is_ours(request.host):
            raise ForeignHost

    # Whatever did not say that it may be kept, may not: most pages are somebody's own.
    usual = _HEADERS | {"Cache-Control": "no-store"}
    if settings.https:
        usual["Strict-Transport-Security"] = _TWO_YEARS

    @app.after_request
    def headers(response: Response) -> Response:
        # Not `setdefault`: for each header that is not there yet it raises and catches an exception.
        already = {name.title() for name, _ in response.headers}
        response.headers.extend([header for header in usual.items() if header[0] not in already])
        return response
