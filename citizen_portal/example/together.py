"""All that stands around the portal in the demo, on one port: three municipalities, and what residents receive."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from citizen_portal.example.intake import create_intake
from citizen_portal.example.messages import create_notify

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PLACES = {"GM0363": "", "GM0344": "/utrecht", "GM0599": "/rotterdam"}
"""The path of each example municipality; the first one is at the port's root."""

MESSAGES = "/berichten"
"""The path of what residents receive."""

# Where every client of Notify looks, whatever path it is given.
_NOTIFY_API = "/v2"


@dataclass(frozen=True, slots=True, repr=False)
class Agreed:
    """What the portal and those around it agreed. No `repr`: all of it is secret."""

    token: str
    webhook_secret: str
    notify_key: str
    notify_token: str


def create_all(folder: Path, portal_url: str, agreed: Agreed) -> WSGIApplication:
    """Everything as one program. Each municipality keeps a file of its own in `folder`."""
    files = {code: folder / f"example-{code}.db" for code in PLACES}
    intakes = {
        code: create_intake(
            file,
            token=agreed.token,
            webhook_secret=agreed.webhook_secret,
            portal_url=portal_url,
            municipality_code=code,
            neighbours=files,
        ).wsgi_app
        for code, file in files.items()
    }
    notify = create_notify(key=agreed.notify_key, callback_token=agreed.notify_token, portal_url=portal_url).wsgi_app
    mounts: dict[str, WSGIApplication] = {
        **{place: intakes[code] for code, place in PLACES.items() if place},
        MESSAGES: notify,
        _NOTIFY_API: notify,
    }
    return DispatcherMiddleware(next(iter(intakes.values())), mounts)


def serve(port: int, folder: Path, portal_url: str, agreed: Agreed) -> None:
    """Serve until stopped. On this machine only: the pages show personal data and ask nobody who they are."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    make_server("127.0.0.1", port, create_all(folder, portal_url, agreed), threaded=True).serve_forever()
