"""What stands on the proof: that help was asked for, when and where; what was sent; what happens next. No promise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from citizen_portal.acknowledgement.document import Both, ProofDocument, Row, Section
from citizen_portal.config.languages import SOURCE_LANGUAGE
from citizen_portal.directory.municipality import Municipality
from citizen_portal.forms.inputs import phone_as_read
from citizen_portal.registration.proof import ProofCodes
from citizen_portal.status.data import what_was_sent
from citizen_portal.status.opened import OpenStatus
from citizen_portal.web.context import portal
from citizen_portal.web.dates import long_day, long_moment, plain_day

Words = Callable[[str], str]
"""Says something in the language whose code it is given; gettext is switched to that language meanwhile."""


def proof_document(opened: OpenStatus) -> ProofDocument:
    """The acknowledgement of what this link opened, in Dutch and in the language of the page."""
    parts, record = portal(), opened.record
    code = ProofCodes(parts.keys).of(record.id, record.proof_hash) or ""
    return _Writer(opened.lang).document(
        opened,
        first=parts.directory.get(record.first_municipality_code),
        sent=what_was_sent(opened),
        code=code,
        check_url=f"{parts.settings.base_url}/{SOURCE_LANGUAGE}/proof/{code}",
    )


class _Writer:
    def __init__(self, language: str) -> None:
        self.language = language

    def both(self, words: Words) -> Both:
        """`words` in Dutch, and in the resident's language where that is another."""
        with force_locale(SOURCE_LANGUAGE):
            dutch = words(SOURCE_LANGUAGE)
        if self.language == SOURCE_LANGUAGE:
            return Both(dutch, None)
        with force_locale(self.language):
            return Both(dutch, words(self.language))

    def one(self, words: Words) -> str:
        """The same as one value: Dutch, and the other language on a line of its own, for it may run the other way."""
        said = self.both(words)
        return said.dutch if said.own in {None, said.dutch} else f"{said.dutch}\n{said.own}"

    def document(
        self,
        opened: OpenStatus,
        *,
        first: Municipality | None,
        sent: dict[str, Any] | None,
        code: str,
        check_url: str,
    ) -> ProofDocument:
        record, name = opened.record, first.name if first else opened.record.first_municipality_code
        pressed = record.registered_at
        facts = Section(
            self.both(lambda _lang: _("Uw aanvraag")),
            (
                Row(self.both(lambda _lang: _("Dag en tijd")), self.one(lambda lang: moment(pressed, lang))),
                Row(self.both(lambda _lang: _("Kenmerk")), record.reference),
                Row(
                    self.both(lambda _lang: _("Verstuurd aan")),
                    self.one(lambda _lang: _("Gemeente %(name)s", name=name)),
                ),
            ),
        )
        return ProofDocument(
            title=self.both(lambda _lang: _("Bewijs dat u hulp vroeg")),
            lead=self.both(
                lambda lang: (
                    _(
                        "Op %(moment)s is hulp bij schulden gevraagd bij gemeente %(name)s.",
                        moment=moment(pressed, lang),
                        name=name,
                    )
                    + " "
                    + _("Dit bewijs zegt alleen dat. Het is geen besluit en het belooft geen pauze.")
                )
            ),
            sections=(facts, self._sent(sent), self._next(opened)),
            check=self.both(lambda _lang: _("Is dit bewijs echt? Scan de code, of typ het internetadres over.")),
            check_url=check_url,
            check_code=code,
            language=self.language,
            page_label=self.both(lambda _lang: _("Pagina")),
            created=opened.now,
        )

    def _sent(self, sent: dict[str, Any] | None) -> Section:
        title = self.both(lambda _lang: _("Dit is verstuurd"))
        if sent is None:
            gone = self.both(
                lambda _lang: _("Wat u invulde, bewaren wij 72 uur voor u. Daarna staat het niet meer op dit bewijs.")
            )
            return Section(title, paragraphs=(gone,))
        return Section(title, tuple(self._rows(sent)))

    def _next(self, opened: OpenStatus) -> Section:
        due = opened.record.conversation_due
        return Section(
            self.both(lambda _lang: _("Wat gebeurt er nu?")),
            paragraphs=(
                self.both(lambda lang: _talks_by(long_day(due, lang, year=True))),
                self.both(
                    lambda _lang: _("Daarna kan de gemeente een Kennisgeving sturen. Daarin vraagt zij om een pauze.")
                ),
            ),
        )

    def _rows(self, sent: dict[str, Any]) -> Iterator[Row]:
        resident, wish, sender = sent["inwoner"], sent["hulpvraag"], sent["inzender"]
        yield Row(self.both(lambda _lang: _("Naam")), f"{resident['voornaam']} {resident['achternaam']}")
        if born := resident["geboortedatum"]:
            yield Row(
                self.both(lambda _lang: _("Geboren op")),
                self.one(lambda lang: plain_day(date.fromisoformat(born), lang)),
            )
        yield Row(self.both(lambda _lang: _("Adres")), self._address(resident["adres"]))
        yield Row(self.both(lambda _lang: _("Bereikbaar")), self._contact(resident["contact"]))
        yield Row(self.both(lambda _lang: _("Dringend")), self._urgent(wish))
        if helper := sender["helper"]:
            named = [helper["naam"], helper["organisatie"] or ""]
            yield Row(self.both(lambda _lang: _("Ingevuld door")), ", ".join(filter(None, named)))

    def _address(self, address: dict[str, Any] | None) -> str:
        if address is None:
            return self.one(lambda _lang: _("Geen vast adres, of geheim"))
        number = " ".join(filter(None, [str(address["huisnummer"]), address["toevoeging"]]))
        postcode = f"{address['postcode'][:4]} {address['postcode'][4:]}"
        place = " ".join(filter(None, [postcode, address["woonplaats"]]))
        return f"{address['straat']} {number}, {place}" if address["straat"] else f"{place}, {number}"

    def _contact(self, contact: dict[str, Any]) -> str:
        ways = []
        if contact["telefoon"]:
            ways.append(phone_as_read(contact["telefoon"]))
        if contact["email"]:
            ways.append(contact["email"])
        if "post" in contact["kanalen"]:
            ways.append(self.one(lambda _lang: _("Brief naar mijn adres")))
        if "helper" in contact["kanalen"]:
            ways.append(self.one(lambda _lang: _("Via mijn helper")))
        if "zelf" in contact["kanalen"]:
            ways.append(self.one(lambda _lang: _("Ik bel zelf of ik kom langs")))
        return "\n".join(ways)

    def _urgent(self, wish: dict[str, Any]) -> str:
        if not wish["dringend"]:
            return self.one(lambda _lang: _("Nee, of ik weet het niet"))
        kinds = "\n".join(self.one(partial(urgent_word, kind)) for kind in wish["dringend"])
        until = wish["dringendDatum"]
        return f"{kinds}\n{self.one(lambda lang: plain_day(date.fromisoformat(until), lang))}" if until else kinds


def urgent_word(kind: str, _language: str = "") -> str:
    """An urgent kind of contract/intake.md in words, in the language that gettext is switched to."""
    words: dict[str, str] = {
        "ontruiming": _("Ik moet mijn huis uit"),
        "gas": _("Mijn gas wordt afgesloten"),
        "elektriciteit": _("Mijn stroom wordt afgesloten"),
        "stadsverwarming": _("Mijn stadsverwarming wordt afgesloten"),
        "water": _("Mijn water wordt afgesloten"),
        "zorgverzekering": _("Mijn zorgverzekering stopt"),
    }
    return words.get(kind) or str(_("Iets anders dat dringend is"))


def _talks_by(day: str) -> str:
    return str(_("De gemeente moet uiterlijk %(day)s met u praten (artikel 4 Wgs).", day=day))


def moment(at: datetime, language: str) -> str:
    """Day and time in Amsterdam: `maandag 23 november 2026, 10:04`."""
    return long_moment(at, language, year=True)
