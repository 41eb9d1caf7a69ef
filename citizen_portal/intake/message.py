"""The bodies of contract/intake.md, "Portal to intake": Dutch names, a registration by its schema. Pure."""

from __future__ import annotations

import json
from datetime import date, datetime
from uuid import UUID

from citizen_portal.clock import utc_text
from citizen_portal.registration.model import (
    Address,
    Contact,
    ContactWay,
    DayPart,
    EarlierRegistration,
    Helper,
    Registration,
    Resident,
    UrgentKind,
)

_SCHEMA_VERSION = "1.0"

_WAYS = {
    ContactWay.PHONE: "telefoon",
    ContactWay.EMAIL: "email",
    ContactWay.POST: "post",
    ContactWay.HELPER: "helper",
    ContactWay.SELF: "zelf",
}
_DAY_PARTS = {DayPart.MORNING: "ochtend", DayPart.AFTERNOON: "middag", DayPart.EVENING: "avond"}
_URGENT = {
    UrgentKind.EVICTION: "ontruiming",
    UrgentKind.GAS: "gas",
    UrgentKind.ELECTRICITY: "elektriciteit",
    UrgentKind.HEATING: "stadsverwarming",
    UrgentKind.WATER: "water",
    UrgentKind.HEALTH_INSURANCE: "zorgverzekering",
    UrgentKind.OTHER: "anders",
}


def registration_body(registration: Registration, earlier: EarlierRegistration | None = None) -> bytes:
    """The body of `POST /v1/aanmeldingen`, compact JSON in UTF-8; `earlier` so that the first date is seen there.

    Valid by `schemas/registration.schema.json` when `registration` is a complete one: post only with an address, the
    way `helper` only with a helper, lengths as the form allows. The same registration always gives the same bytes.
    """
    request = registration.request
    message = {
        "schemaVersie": _SCHEMA_VERSION,
        "aanmeldingId": str(registration.id),
        "kenmerk": registration.reference,
        "ingediendOp": utc_text(registration.registered_at),
        "taal": request.language,
        **({"eerdereAanmelding": _earlier(earlier)} if earlier else {}),
        "gemeente": {"code": request.municipality_code, "naam": request.municipality_name},
        "inwoner": _resident(request.resident),
        "hulpvraag": {
            **_urgency(request.urgent, request.urgent_date),
            "uiterlijkGesprekOp": registration.conversation_due.isoformat(),
        },
        "inzender": {
            "rol": "helper" if request.pressed_by_helper else "inwoner",
            "helper": request.helper and _helper(request.helper),
        },
    }
    return _json(message)


def supplement_body(
    supplement_id: UUID, told_at: datetime, kinds: tuple[UrgentKind, ...], day: date | None, due: date
) -> bytes:
    """The body of `POST .../aanvullingen`: it became urgent after the press.

    `day` is when it is going to happen, if that is known; `due` the latest day of the first conversation from now on.
    """
    message = {
        "aanvullingId": str(supplement_id),
        "ingediendOp": utc_text(told_at),
        **_urgency(kinds, day),
        "uiterlijkGesprekOp": due.isoformat(),
    }
    return _json(message)


def withdrawal_body(withdrawal_id: UUID, told_at: datetime) -> bytes:
    """The body of `POST .../intrekking`: somebody with the resident's link asks to stop, which is to be verified."""
    return _json({"intrekkingId": str(withdrawal_id), "ingediendOp": utc_text(told_at)})


def _json(message: object) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _earlier(earlier: EarlierRegistration) -> dict[str, object]:
    return {"aanmeldingId": str(earlier.id), "ingediendOp": utc_text(earlier.registered_at)}


def _urgency(kinds: tuple[UrgentKind, ...], day: date | None) -> dict[str, object]:
    """A date says when it is going to happen: without a kind it is of nothing."""
    return {
        "dringend": [_URGENT[kind] for kind in UrgentKind if kind in kinds],
        "dringendDatum": day.isoformat() if kinds and day else None,
    }


def _resident(resident: Resident) -> dict[str, object]:
    return {
        "voornaam": resident.given_name,
        "achternaam": resident.family_name,
        "geboortedatum": resident.birth_date and resident.birth_date.isoformat(),
        "adres": resident.address and _address(resident.address),
        "contact": _contact(resident.contact),
    }


def _address(address: Address) -> dict[str, object]:
    return {
        "postcode": address.postcode,
        "huisnummer": address.house_number,
        "toevoeging": address.addition,
        "straat": address.street,
        "woonplaats": address.town,
        "gecontroleerd": address.confirmed,
    }


def _contact(contact: Contact) -> dict[str, object]:
    """A number or address counts only beside the way that was chosen: what was typed and given up stays here."""
    return {
        "kanalen": [_WAYS[way] for way in ContactWay if way in contact.ways],
        "telefoon": contact.phone if ContactWay.PHONE in contact.ways else None,
        "email": contact.email if ContactWay.EMAIL in contact.ways else None,
        "bereikbaar": [_DAY_PARTS[part] for part in DayPart if part in contact.day_parts],
        "voicemail": contact.voicemail,
        "contacttaal": contact.language,
        "tolk": contact.interpreter,
    }


def _helper(helper: Helper) -> dict[str, object]:
    return {
        "naam": helper.name,
        "organisatie": helper.organisation,
        "telefoon": helper.phone,
        "email": helper.email,
        "magBenaderdWorden": helper.may_be_contacted,
        # Following along is not offered yet, so nobody allowed it.
        "magMeekijken": helper.may_follow,
        "toestemmingOp": utc_text(helper.consented_at),
    }
