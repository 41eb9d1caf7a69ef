"""What an operator can still do for one municipality: each finding with its remedy. Pure; nothing is called up."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from citizen_portal.config.hosts import is_loopback
from citizen_portal.directory.municipality import Directory, Municipality
from citizen_portal.directory.settings import Adoption, Intake


@dataclass(frozen=True, slots=True)
class Finding:
    """What is so, and what to do about it."""

    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what}; {self.remedy}"


def findings(
    municipality: Municipality, directory: Directory, tables: Collection[str], *, production: bool
) -> list[Finding]:
    """Everything about `municipality` that residents are worse off by, in the order of weight.

    `tables` are the codes that the operator's file has tables for, those of former municipalities among them.
    """
    intake = municipality.settings.intake
    return [
        *_about_intake(municipality, intake, production),
        *_about_page(municipality),
        *_about_mergers(municipality, directory, tables),
    ]


def _about_intake(municipality: Municipality, intake: Intake | None, production: bool) -> Iterator[Finding]:
    code = municipality.code
    if intake is None:
        yield Finding(
            "not connected: residents get a letter to print",
            f"add a table [{code}.intake] with channel, url and token",
        )
        if municipality.settings.reports_back:
            yield Finding("reports_back promises what cannot come", f"take reports_back out of [{code}], or connect it")
        return
    if production and is_loopback(urlsplit(intake.url).hostname or ""):
        yield Finding("the intake is on this machine only", f"write the municipality's own url in [{code}.intake]")
    if not intake.webhook_secrets and municipality.settings.reports_back:
        yield Finding(
            "reports_back promises what cannot come: without a secret no event is believed",
            f"add webhook_secrets to [{code}.intake], or take reports_back out of [{code}]",
        )
    elif not intake.webhook_secrets:
        yield Finding(
            "residents do not hear what happens: no secret is set for what the municipality reports",
            f"agree on a secret (whsec_...) and add webhook_secrets to [{code}.intake]",
        )
    elif not municipality.settings.reports_back:
        yield Finding(
            "pages say that the municipality does not report back, although it can",
            f"once it does, take reports_back = false out of [{code}]",
        )


def _about_page(municipality: Municipality) -> Iterator[Finding]:
    code, settings = municipality.code, municipality.settings
    if settings.kennisgeving is Adoption.UNKNOWN:
        yield Finding(
            "pages say that we do not know whether the Kennisgeving is used",
            f'ask, and write kennisgeving = "in-use" or "not-yet" in [{code}]',
        )
    if settings.phone is None:
        yield Finding("no page can say which number to call", f'add phone = "..." to [{code}]')
    if settings.website is None:
        yield Finding("no page can link to the municipality's own site", f'add website = "https://..." to [{code}]')


def _about_mergers(municipality: Municipality, directory: Directory, tables: Collection[str]) -> Iterator[Finding]:
    for merger in municipality.former:
        if merger.code in tables:
            yield Finding(
                f"[{merger.code}] says nothing: {merger.name} is part of {municipality.name} since {merger.day}",
                f"move what counts to [{municipality.code}] and take it out",
            )
    for merger in directory.mergers:
        if merger.code != municipality.code:
            continue
        successor = directory.on(merger.day).get(merger.code)
        if successor is not None and not successor.connected:
            yield Finding(
                f"goes on in {successor.code} {successor.name} on {merger.day}, which is not connected",
                f"add a table [{successor.code}.intake] before that day",
            )
