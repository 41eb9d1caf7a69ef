"""What messages say: somebody else may read them over a shoulder or on a locked screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_letters

import pytest

from citizen_portal.notices.texts import Kind, write
from citizen_portal.sending.model import Notice, Way
from tests.support.databases import on_engine
from tests.support.portal import TestPortal

pytestmark = on_engine("sqlite")

LINK = "https://pauze.example.nl/nl/s/" + "Ab3_-" * 14
STOP_LINK = f"{LINK}x/messages"
MOST_PARTS = 4
"""So many SMS go out, and are paid for, as one message; the two links alone fill two of them."""
# GSM 03.38: one character outside of it, and every character takes two bytes.
_GSM = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ÄÖÑÜ§¿äöñüà" + ascii_letters)
_ZWNJ = "\u200c"

# In every language, whatever the message is in: who reads along may read another one.
FORBIDDEN = {
    "nl": (
        *("schuld", "incasso", "deurwaarder", "kennisgeving", "pauze", "gemeente", "schuldeiser", "hulpverlen"),
        *("aanmelding", "beslag", "ontruim", "achterstand", "geldproblemen", "betalingsregeling", "aanmaning"),
    ),
    "en": (
        *("debt", "creditor", "bailiff", "municipality", "council", "pause", "collection", "arrears", "eviction"),
        *("owe", "money", "overdue", "moratorium"),
    ),
    "ar": ("دين", "ديون", "دائن", "بلدية", "محضر", "تحصيل", "إيقاف", "إشعار قانوني", "متأخرات"),
    "fa": ("بدهی", "قرض", "طلبکار", "شهرداری", "مأمور اجرا", "وصول", "توقف", "معوقه"),
    "ti": ("ዕዳ", "ለቃሒ", "ምምሕዳር ከተማ", "ማዘጋጃ"),
    "tr": ("borç", "borc", "alacakl", "icra", "belediye", "haciz", "duraklat", "tahsil"),
    "pl": ("dług", "zadłuż", "wierzyciel", "komornik", "gmin", "windykac", "pauz", "zaległ"),
    "uk": ("борг", "заборгован", "кредитор", "виконав", "муніципалітет", "громад", "стягнен", "пауз"),
}
WAYS: tuple[Way, ...] = ("email", "sms")


@pytest.fixture
def languages(portal: TestPortal) -> Iterator[tuple[str, ...]]:
    """Every language of the portal; in an application, which is what translates."""
    parts = portal.app.extensions["citizen_portal"]
    with portal.app.test_request_context("/nl/"):
        yield parts.settings.languages


def every_message(languages: tuple[str, ...]) -> list[Notice]:
    return [
        write(way, "zoe@example.org", language, kind, link=LINK, stop_link=STOP_LINK if kind is Kind.NEWS else None)
        for language in languages
        for way in WAYS
        for kind in Kind
    ]


def words_of(notice: Notice) -> str:
    """Everything that is read of it, without the addresses of its links."""
    text = f"{notice.subject}\n{notice.text}"
    for link in (notice.stop_link, notice.link):
        text = text.replace(link, "") if link else text
    return text.casefold()


def test_every_language_of_the_portal_has_its_list(languages: tuple[str, ...]) -> None:
    assert set(languages) <= set(FORBIDDEN)


def test_no_message_in_any_language_says_what_it_is_about(languages: tuple[str, ...]) -> None:
    for notice in every_message(languages):
        said = words_of(notice)
        found = [word for lang, words in FORBIDDEN.items() for word in words if _is_in(word.casefold(), said, lang)]
        assert not found, (notice.language, notice.way, notice.kind, found)


def test_a_link_stands_alone_on_its_line(languages: tuple[str, ...]) -> None:
    for notice in every_message(languages):
        lines = notice.text.splitlines()
        for link in filter(None, (notice.link, notice.stop_link)):
            assert lines.count(link) == 1, notice
        assert len(re.findall("https?:", notice.text)) == (1 if notice.stop_link is None else 2)


def test_what_was_asked_for_carries_one_link_and_says_how_long_it_works(languages: tuple[str, ...]) -> None:
    for notice in every_message(languages):
        if notice.kind == "link":
            assert notice.stop_link is None and STOP_LINK not in notice.text
            assert "30" in words_of(notice)


def test_no_message_names_anybody_or_a_number(languages: tuple[str, ...]) -> None:
    for notice in every_message(languages):
        assert "zoe" not in words_of(notice) and "P-" not in notice.text.replace(notice.link, "")
        assert not re.search(r"\d", words_of(notice).replace("30", ""))


def test_a_subject_is_one_short_line(languages: tuple[str, ...]) -> None:
    for notice in every_message(languages):
        assert 0 < len(notice.subject) <= 60
        # Persian cannot be spelled without it.
        assert notice.subject.replace(_ZWNJ, "").isprintable()


def test_a_text_message_is_short(languages: tuple[str, ...]) -> None:
    for notice in every_message(languages):
        if notice.way == "sms":
            assert _parts(notice.text) <= MOST_PARTS, notice.language


def _parts(text: str) -> int:
    alone, joined = (160, 153) if set(text) <= _GSM else (70, 67)
    return 1 if len(text) <= alone else -(-len(text) // joined)


def _is_in(word: str, said: str, lang: str) -> bool:
    """English words stand in the middle of other languages' words ("owe"); Persian "give" begins with "debt"."""
    whole = {"en": rf"\b{word}", "fa": rf"\b{word}\b"}.get(lang, word)
    return bool(re.search(whole, said))
