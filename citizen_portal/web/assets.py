"""Static files: read once, under an address that changes with their content, sent compressed from a kept copy."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Blueprint, Response, abort, request

from citizen_portal.web.access import ANYONE, access
from citizen_portal.web.context import portal

blueprint = Blueprint("assets", __name__)

_DIGEST_CHARACTERS = 12
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Kept:
    """Content that does not change while the process lives, and its compressed copy."""

    content: bytes
    content_type: str

    @cached_property
    def compressed(self) -> bytes:
        """The gzip copy; the same bytes each time (no time stamp in it)."""
        return gzip.compress(self.content, compresslevel=9, mtime=0)

    @cached_property
    def digest(self) -> str:
        """Names this content."""
        return hashlib.sha256(self.content).hexdigest()[:_DIGEST_CHARACTERS]

    def response(self, cache_control: str) -> Response:
        """The content as this request can read it: compressed, as it is, or 304."""
        accepts = request.accept_encodings.quality("gzip") > 0
        response = Response(self.compressed if accepts else self.content, content_type=self.content_type)
        if accepts:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Cache-Control"] = cache_control
        response.set_etag(f"{self.digest}{'-gz' if accepts else ''}")
        response.make_conditional(request)
        return response


class Assets:
    """The files of `static/`. Addresses look like `/static/3f2a.../portal.css`."""

    def __init__(self, folder: Path) -> None:
        self._kept = {
            str(path.relative_to(folder)): Kept(path.read_bytes(), _content_type(path))
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix in {*_TYPES, ".png", ".ico", ".txt"}
        }
        self._urls = {name: f"/static/{kept.digest}/{name}" for name, kept in self._kept.items()}

    def url(self, name: str) -> str:
        """Where this file is. Raises KeyError for one that does not exist: a template's mistake."""
        return self._urls[name]

    def get(self, digest: str, name: str) -> Kept | None:
        """The file with exactly this content."""
        kept = self._kept.get(name)
        return kept if kept is not None and kept.digest == digest else None


@blueprint.get("/static/<digest>/<path:name>")
@access(ANYONE)
def static_file(digest: str, name: str) -> Response:
    """A static file, to be kept for ever: another content has another address."""
    kept = portal().assets.get(digest, name)
    if kept is None:
        abort(404)
    return kept.response("public, max-age=31536000, immutable")


def _content_type(path: Path) -> str:
    return _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
