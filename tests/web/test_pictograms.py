"""Pictograms stand beside the stations and the urgent kinds for who reads with difficulty; nobody hears of them."""

from __future__ import annotations

import re

import pytest

from citizen_portal.registration.model import UrgentKind
from tests.support.portal import TestPortal
from tests.support.residents import Resident
from tests.support.walk import begin

_PICTOGRAM = re.compile(r'<svg class="icon pictogram"[^>]*>.*?</svg>')


def _labels(html: str) -> dict[str, str]:
    """Of every choice on the page: what stands in its label, by its value."""
    found = re.findall(r'<input class="choice__input"[^>]* value="(\w+)".*?<label[^>]*>(.*?)</label>', html, re.DOTALL)
    return dict(found)


def _is_seen_only(pictogram: str) -> bool:
    """Nothing speaks of it, and it has no colour of its own: that is what the words beside it have."""
    colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', pictogram))
    speaks = re.search(r"<title|aria-label|style=", pictogram)
    return 'aria-hidden="true"' in pictogram and not speaks and colours == {"none", "currentColor"}


def _pictures(html: str) -> list[str]:
    found: list[str] = _PICTOGRAM.findall(html)
    assert all(_is_seen_only(one) for one in found)
    return found


def test_each_urgent_kind_has_one_of_its_own(portal: TestPortal) -> None:
    labels = _labels(begin(portal).to_step("urgent").text)
    assert set(labels) == {kind.value for kind in UrgentKind} | {"none"}
    pictures = [picture for value, label in labels.items() if value != "none" for picture in _pictures(label)]
    assert len(pictures) == len(set(pictures)) == len(UrgentKind)
    assert _pictures(labels["none"]) == []


def test_what_became_urgent_later_has_the_same_ones(portal: TestPortal) -> None:
    before = _pictures(begin(portal).to_step("urgent").text)
    resident = Resident(portal, urgent=False)
    assert _pictures(portal.client().get(f"{resident.path}/urgent").text) == before != []


@pytest.mark.parametrize(
    "told",
    [
        ["contact-gelegd", "toegelaten", "kennisgeving-verstuurd"],
        ["contact-gelegd", "niet-toegelaten"],
        ["afgesloten"],
    ],
)
def test_each_station_has_one_of_its_own(portal: TestPortal, told: list[str]) -> None:
    resident = Resident(portal)
    for status in told:
        resident.told(status)
    stations = resident.sees().partition('<ol class="stations">')[2].partition("</ol>")[0].split("<li class=")[1:]
    pictures = [_pictures(station) for station in stations]
    assert len(pictures) >= 3
    assert all(len(one) == 1 for one in pictures)
    assert len({one[0] for one in pictures}) == len(pictures)


def test_other_pages_pay_nothing_for_them(portal: TestPortal) -> None:
    assert "pictogram" not in portal.client().get("/nl/").text
