"""Problem documents (RFC 9457, as the NL API Design Rules ask for them): how the API says no."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response

from citizen_portal.progress.document import Mistake

PROBLEM_TYPE = "application/problem+json"

# NL API Design Rules: the interface speaks Dutch.
_DETAILS = {
    400: "Het verzoek klopt niet.",
    404: "Dit adres bestaat niet.",
    405: "Deze methode kan hier niet; de header Allow noemt wat wel kan.",
    413: "Een gebeurtenis is ten hoogste 64 KiB.",
    429: "Er komen te veel berichten. Probeer het opnieuw na de tijd in Retry-After.",
    500: "Er ging iets mis bij het portaal. Probeer het later opnieuw.",
    503: "Het portaal is even niet bereikbaar. Probeer het later opnieuw.",
}


class Problem(Exception):
    """The request is refused with this status; `mistakes` are all in its body. It never repeats what was sent."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        mistakes: Sequence[Mistake] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail or _DETAILS.get(status, "Het verzoek is geweigerd.")
        self.mistakes = mistakes
        self.headers = dict(headers or {})

    def body(self) -> str:
        """The problem document."""
        said: dict[str, Any] = {"status": self.status, "title": HTTPStatus(self.status).phrase, "detail": self.detail}
        if self.mistakes:
            said["errors"] = [
                {"in": "body", "location": {"pointer": one.pointer}, "code": one.code, "detail": one.detail}
                for one in self.mistakes
            ]
        return json.dumps(said)

    def response(self) -> Response:
        """The answer."""
        return Response(self.body(), status=self.status, content_type=PROBLEM_TYPE, headers=self.headers)
