"""When a day must be a slip, and that a choice of messages is one only when it was made."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from wtforms.validators import ValidationError

from citizen_portal.forms.urgency import check_urgent_day
from tests.support.databases import on_engine
from tests.support.portal import TestPortal

TODAY = date(2026, 11, 23)

pytestmark = on_engine("sqlite")


@pytest.mark.parametrize("days", [-366, 0, 731])
def test_a_day_of_last_year_or_the_next_two_may_be_meant(portal: TestPortal, days: int) -> None:
    with portal.app.test_request_context("/nl/"):
        check_urgent_day(TODAY + timedelta(days=days), TODAY)
        check_urgent_day(None, TODAY)


@pytest.mark.parametrize("days", [-367, 732])
def test_further_away_the_year_is_a_slip(portal: TestPortal, days: int) -> None:
    with portal.app.test_request_context("/nl/"), pytest.raises(ValidationError):
        check_urgent_day(TODAY + timedelta(days=days), TODAY)
