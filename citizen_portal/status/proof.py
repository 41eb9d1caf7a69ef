"""The proof: a PDF for the owner, and a page on which anybody who has its code can check it."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from citizen_portal.acknowledgement.pdf import PdfFailed, to_pdf
from citizen_portal.clock import amsterdam_day
from citizen_portal.forms import inputs
from citizen_portal.forms.base import Blank
from citizen_portal.progress.intake_events import facts_of
from citizen_portal.registration.links import OWNER
from citizen_portal.registration.lookup import Lookups, agrees
from citizen_portal.registration.proof import parse_code, proof_hash
from citizen_portal.status.calendar import calendar_of
from citizen_portal.status.opened import open_status
from citizen_portal.status.proof_document import proof_document
from citizen_portal.storage import registrations
from citizen_portal.storage.registrations import RegistrationRecord
from citizen_portal.web.access import ANYONE, access, status_link
from citizen_portal.web.context import portal
from citizen_portal.web.errors import TooManyRequests, error_page
from citizen_portal.web.limits import allow
from citizen_portal.web.pages import render

blueprint = Blueprint("proof", __name__, url_prefix="/<lang:lang>")

_OWNER = status_link(OWNER)


@blueprint.get("/s/<token>/proof.pdf")
@access(_OWNER)
def proof_pdf(lang: str, token: str) -> Response:
    """That help was asked for, on paper: in Dutch, with the language of the page beside it."""
    document = proof_document(open_status(lang, token, _OWNER))
    try:
        pdf = to_pdf(document)
    except PdfFailed:
        return error_page(500, "errors/no_pdf.html", back=f"/{lang}/s/{token}")
    # A neutral name: who scrolls through a phone's downloads need not see what it is about.
    return _download(pdf, "application/pdf", "bewijs.pdf")


@blueprint.get("/s/<token>/calendar.ics")
@access(_OWNER)
def calendar(lang: str, token: str) -> Response:
    """The days that count, for the calendar of a phone."""
    return _download(calendar_of(open_status(lang, token, _OWNER)), "text/calendar; charset=utf-8", "agenda.ics")


@blueprint.get("/proof")
@access(ANYONE)
def find(lang: str) -> AnyResponse:
    """To the page of a code that somebody typed."""
    code = parse_code(request.args.get("code", ""))
    return redirect(f"/{lang}/proof/{code}", 303) if code else _not_found()


@blueprint.get("/proof/<code>")
@access(ANYONE)
def check(lang: str, code: str) -> Response:
    """Whether help was asked for: the day, the municipality, and whether it still goes on. Nothing about anybody."""
    record = _found(code)
    return _proof_page(code, record) if record else _not_found()


@blueprint.post("/proof/<code>")
@access(ANYONE)
def compare(lang: str, code: str) -> Response:
    """Whether a postcode and house number are those that were given; five tries a day for each proof."""
    record = _found(code)
    if record is None:
        return _not_found()
    postcode = inputs.postcode(request.form.get("postcode", "")[:100])
    number = inputs.house_number(request.form.get("house_number", "")[:100])
    if postcode is None or number is None:
        return _proof_page(code, record, mistaken=True)
    if not allow(portal(), "proof-compare", record.reference):
        return _proof_page(code, record, tries_over=True)
    candidates = Lookups(portal().keys).address(record.id, postcode, int(number[0]))
    return _proof_page(code, record, same=agrees(record.address_hash, candidates))


def _found(code: str) -> RegistrationRecord | None:
    parts = portal()
    if not allow(parts, "proof", request.remote_addr or ""):
        raise TooManyRequests
    parsed = parse_code(code)
    with parts.database.reading() as connection:
        # A code that cannot be one costs the same question.
        return registrations.of_proof(connection, proof_hash(parsed or ""))


def _proof_page(
    code: str,
    record: RegistrationRecord,
    *,
    same: bool | None = None,
    mistaken: bool = False,
    tries_over: bool = False,
) -> Response:
    parts, today = portal(), amsterdam_day(portal().clock())
    with parts.database.reading() as connection:
        facts = facts_of(connection, record, today=today)
    return render(
        "proof/proof.html",
        status=422 if mistaken else 429 if tries_over else 200,
        has_errors=mistaken,
        code=parse_code(code),
        asked_at=record.registered_at,
        first_municipality=parts.directory.get(record.first_municipality_code),
        now_at=parts.directory.get(facts.owner) if facts.forwarded else None,
        facts=facts,
        can_compare=record.address_hash is not None,
        same=same,
        mistaken=mistaken,
        tries_over=tries_over,
        typed=Blank(request.form if mistaken else {}),
        errors=_("Vul de postcode en het huisnummer in, bijvoorbeeld 1234 AB en 12.") if mistaken else None,
    )


def _not_found() -> Response:
    return error_page(404, "proof/not_found.html")


def _download(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
