"""Leaving a device to the next person: what the browser kept of the last one goes, too, as far as it can be told to."""

from __future__ import annotations

from flask import redirect
from werkzeug.wrappers import Response as AnyResponse

_KEPT_BY_BROWSERS = '"cache", "storage"'


def leave_device(lang: str, *, helping: bool) -> AnyResponse:
    """To an empty start, for a helper's next resident when `helping`.

    Nothing that was shown before may come back. That rests on every link being dead by now and on `no-store`;
    `Clear-Site-Data` (W3C) empties caches, the one for "back" included, in browsers that know it.
    """
    response = redirect(f"/{lang}/" + ("?helper=1" if helping else ""), 303)
    response.headers["Clear-Site-Data"] = _KEPT_BY_BROWSERS
    return response
