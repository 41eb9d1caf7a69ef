"""From complete answers to a request for help: the last thing that knows the form. Pure."""

from __future__ import annotations

from datetime import date, datetime

from citizen_portal.journey.answers import Answers
from citizen_portal.journey.steps import for_somebody_else, has_address, in_helpers_hands
from citizen_portal.registration.model import (
    Address,
    Contact,
    ContactWay,
    DayPart,
    Helper,
    MessageAddress,
    RequestForHelp,
    Resident,
    UrgentKind,
)


def request_for_help(answers: Answers, *, municipality_name: str, language: str) -> RequestForHelp:
    """What is sent when the button is pressed. `answers` must be complete (`flow.first_open` says `check`)."""
    code = answers.municipality
    if code is None:
        raise ValueError("incomplete answers: no municipality")
    return RequestForHelp(
        municipality_code=code,
        municipality_name=municipality_name,
        language=language,
        resident=Resident(
            given_name=answers.text("name", "given_name"),
            family_name=answers.text("name", "family_name"),
            birth_date=date_of(answers, "name", "birth_date"),
            address=_address(answers),
            contact=_contact(answers),
        ),
        urgent=urgent_kinds(answers),
        urgent_date=date_of(answers, "urgent", "urgent_date") if urgent_kinds(answers) else None,
        helper=_helper(answers) if for_somebody_else(answers) else None,
        pressed_by_helper=in_helpers_hands(answers),
    )


def message_address(answers: Answers) -> MessageAddress | None:
    """Where messages go, None when they were not chosen or cannot be sent (any more)."""
    way = answers.text("updates", "updates_by")
    if way == "email" and "email" in answers.can_send:
        return MessageAddress("email", answers.text("updates", "updates_email"))
    if way == "sms" and "sms" in answers.can_send:
        return MessageAddress("sms", answers.text("updates", "updates_phone"))
    return None


def urgent_kinds(answers: Answers) -> tuple[UrgentKind, ...]:
    """What is urgent, in the order of the form; empty when nothing is."""
    chosen = answers.several("urgent", "urgent")
    return tuple(kind for kind in UrgentKind if kind in chosen)


def date_of(answers: Answers, step: str, prefix: str) -> date | None:
    """The date in the three fields `{prefix}_day`, `_month` and `_year`; None when it stayed empty."""
    parts = [answers.text(step, f"{prefix}_{part}") for part in ("year", "month", "day")]
    if not all(parts):
        return None
    year, month, day = map(int, parts)
    return date(year, month, day)


def _address(answers: Answers) -> Address | None:
    if not has_address(answers):
        return None
    return Address(
        postcode=answers.text("address", "postcode"),
        house_number=int(answers.text("address", "house_number")),
        addition=answers.text("address", "house_number_addition") or None,
        street=answers.register.street,
        town=answers.register.town,
        confirmed=answers.register.confirmed,
    )


def _contact(answers: Answers) -> Contact:
    ways = tuple(way for way in ContactWay if way in answers.several("contact", "contact_by"))
    by_phone = ContactWay.PHONE in ways
    return Contact(
        ways=ways,
        # Only what belongs to a chosen way leaves the form.
        phone=(answers.text("contact", "phone") or None) if by_phone else None,
        email=(answers.text("contact", "email") or None) if ContactWay.EMAIL in ways else None,
        day_parts=tuple(part for part in DayPart if part in answers.several("contact", "safe_times"))
        if by_phone
        else (),
        voicemail={"yes": True, "no": False}.get(answers.text("contact", "voicemail")) if by_phone else None,
        language=answers.text("contact", "contact_language") or None,
        interpreter=answers.text("contact", "interpreter") == "yes",
    )


def _helper(answers: Answers) -> Helper:
    return Helper(
        name=answers.text("helper", "helper_name"),
        organisation=answers.text("helper", "helper_organisation") or None,
        phone=answers.text("helper", "helper_phone") or None,
        email=answers.text("helper", "helper_email") or None,
        may_be_contacted=answers.text("helper", "helper_may_be_contacted") == "yes",
        may_follow=answers.text("helper", "helper_may_follow") == "yes",
        consented_at=datetime.fromisoformat(answers.text("helper", "consented_at")),
    )
