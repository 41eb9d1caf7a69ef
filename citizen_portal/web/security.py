"""Headers on every answer, and only our own host."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.exceptions import BadRequest

from citizen_portal.config import Settings
from citizen_portal.config.hosts import is_loopback

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

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

    app.wsgi_app = _WithHeaders(app.wsgi_app, usual)  # type: ignore[method-assign]


class _WithHeaders:
    """Puts headers on whatever is answered, unless the answer has a word of its own for them."""

    def __init__(self, app: WSGIApplication, headers: Mapping[str, str]) -> None:
        self._app, self._headers = app, tuple(headers.items())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Callable[[bytes], object]:
            already = {name.title() for name, _ in headers}
            ours = [header for header in self._headers if header[0] not in already]
            return start_response(status, headers + ours, *exc_info)

        return self._app(environ, start)
