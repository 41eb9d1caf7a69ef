"""Walking the journey as a browser would: fill in the form of the page, follow where it leads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from werkzeug.test import TestResponse

from tests.support.portal import LintingClient, TestPortal

Form = dict[str, str | list[str]]

ZOE: dict[str, Form] = {
    "for-whom": {"for_whom": "self"},
    "helper": {
        "helper_name": "Ria de Vries",
        "helper_organisation": "SchuldHulpMaatje",
        "helper_phone": "06 87654321",
        "helper_email": "",
        "helper_consent": "yes",
        "helper_may_be_contacted": "yes",
        "helper_may_follow": "yes",
    },
    "address": {"postcode": "1012 ab", "house_number": "12", "house_number_addition": "A"},
    "municipality": {"municipality": "GM0363"},
    "urgent": {
        "urgent": ["eviction", "gas"],
        "urgent_date_day": "3",
        "urgent_date_month": "12",
        "urgent_date_year": "2026",
    },
    "name": {
        "given_name": "Zoë",
        "family_name": "Jansen",
        "birth_date_day": "5",
        "birth_date_month": "3",
        "birth_date_year": "1980",
    },
    "contact": {
        "contact_by": ["phone", "email"],
        "phone": "06-12345678",
        "email": "zoe@example.nl",
        "safe_times": ["morning"],
        "voicemail": "no",
        "contact_language": "nl",
        "interpreter": "",
    },
    "updates": {"updates_by": "email", "updates_email": "zoe@example.nl"},
}


@dataclass
class Walk:
    """One resident on the way: `path` is where they are, `page` what they see."""

    client: LintingClient
    path: str
    page: TestResponse
    seen: list[str] = field(default_factory=list)

    @property
    def step(self) -> str:
        """The last part of the path: the step's name, or a status token."""
        return self.path.rpartition("/")[2]

    @property
    def text(self) -> str:
        """The page's HTML."""
        return unescape(self.page.get_data(as_text=True))

    def get(self, path: str) -> Walk:
        """Open a page, following redirects."""
        return self._arrived(self.client.get(path), path)

    def post(self, form: Form, *, path: str | None = None, token: str | None = None) -> Walk:
        """Send the page's form with these answers, and follow."""
        target = path or self.path
        return self._arrived(self.client.post(target, data=self.filled(form, token)), target)

    def filled(self, form: Form, token: str | None = None) -> dict[str, Any]:
        """The form as a browser sends it, with the page's own token."""
        return {"form_token": self.token if token is None else token, **form}

    @property
    def token(self) -> str:
        """The form token of the page."""
        found = re.search(r'name="form_token" value="([^"]+)"', self.text)
        return unescape(found[1]) if found else ""

    def to_check(self, answers: dict[str, Form] | None = None) -> Walk:
        """Answer every question that is asked, until the check page."""
        return self.to_step("check", answers)

    def to_step(self, step: str, answers: dict[str, Form] | None = None) -> Walk:
        """Answer every question that is asked, until this one is."""
        given = {**ZOE, **(answers or {})}
        for _ in range(len(ZOE) + 3):
            if self.step == step:
                return self
            before = self.step
            self.post(given[before])
            assert self.page.status_code == 200, f"{before}: {self.text}"
        raise AssertionError(f"the journey does not end: {self.seen}")

    def press(self) -> Walk:
        """Press the button of the check page."""
        return self.post({"press": "yes"})

    def _arrived(self, response: TestResponse, path: str) -> Walk:
        hops = 0
        while response.status_code == 303:
            path = response.headers["Location"]
            assert path.startswith("/"), path
            response = self.client.get(path)
            hops += 1
            assert hops < 5
        self.page, self.path = response, path.partition("?")[0]
        self.seen.append(self.step)
        return self


def begin(portal: TestPortal, *, lang: str = "nl", form: Form | None = None) -> Walk:
    """Press the button of the start page."""
    client = portal.client()
    start = client.get(f"/{lang}/")
    walk = Walk(client, f"/{lang}/", start)
    return walk._arrived(client.post(f"/{lang}/start", data=form or {}), f"/{lang}/start")


def press_as(portal: TestPortal, answers: dict[str, Form] | None = None, *, lang: str = "nl") -> Walk:
    """The whole way to the status page."""
    walk = begin(portal, lang=lang).to_check(answers).press()
    assert "/s/" in walk.path, walk.text
    return walk
