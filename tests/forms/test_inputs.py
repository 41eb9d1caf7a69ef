"""What people type is understood the way they meant it, or refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.forms import inputs


@pytest.mark.parametrize("typed", ["1234AB", "1234 ab", " 1 2 3 4 a B ", "1234-ab", "１２３４ ab"])
def test_postcodes_come_in_any_spacing_case_and_width(typed: str) -> None:
    assert inputs.postcode(typed) == "1234AB"


@pytest.mark.parametrize("typed", ["", "1234", "0123AB", "1234ABC", "AB1234", "12345 AB", "1234 A1", "💶"])
def test_what_is_no_postcode_is_refused(typed: str) -> None:
    assert inputs.postcode(typed) is None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("12", ("12", "")),
        ("12 A", ("12", "A")),
        ("12-3", ("12", "3")),
        (" 7bis ", ("7", "bis")),
        ("99999", ("99999", "")),
    ],
)
def test_a_house_number_may_carry_its_addition(typed: str, expected: tuple[str, str]) -> None:
    assert inputs.house_number(typed) == expected


@pytest.mark.parametrize("typed", ["", "0", "012", "A", "-3", "twaalf", "12 " + "x" * 11])
def test_what_is_no_house_number_is_refused(typed: str) -> None:
    assert inputs.house_number(typed) is None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0612345678", "+31612345678"),
        ("06-12 34 56 78", "+31612345678"),
        ("+31 6 12345678", "+31612345678"),
        ("0031612345678", "+31612345678"),
        ("020 624 1111", "+31206241111"),
        ("+32 470 12 34 56", "+32470123456"),
        ("٠٦١٢٣٤٥٦٧٨", "+31612345678"),
    ],
)
def test_phone_numbers_are_kept_as_e164(typed: str, expected: str) -> None:
    assert inputs.phone(typed) == expected


@pytest.mark.parametrize(("kept", "read"), [("+31612345678", "06 12345678"), ("+32470123456", "+32 470 12 34 56")])
def test_a_kept_number_is_shown_the_way_people_write_it(kept: str, read: str) -> None:
    assert inputs.phone_as_read(kept) == read


@pytest.mark.parametrize("typed", ["", "06", "061234567", "hallo", "+", "1" * 1000, "0612345678 tst 12345"])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    assert inputs.phone(typed) is None


@pytest.mark.parametrize(
    "typed", ["999990342", "mijn bsn is 999990342", "999.990.342", "9999 90 342", "٩٩٩٩٩٠٣٤٢", "123456782x"]
)
def test_a_bsn_is_found_in_free_text(typed: str) -> None:
    assert inputs.holds_bsn(typed)


@pytest.mark.parametrize("typed", ["", "Jansen", "999990343", "1234567", "000000000", "12345678901", "12 hoog 3"])
def test_other_text_is_no_bsn(typed: str) -> None:
    assert not inputs.holds_bsn(typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  Zoë   Jansen ", "Zoë Jansen"),
        ("a\x00b\x07c", "abc"),
        ("a\r\nb\tc", "a b c"),
        ("\u202eevil", "evil"),
        ("Zoe\u0308", "Zoë"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("👩‍👧", "👩‍👧"),
        ("علي", "علي"),
    ],
)
def test_text_is_cleaned_and_not_spoiled(typed: str, expected: str) -> None:
    assert inputs.clean_text(typed) == expected


@given(st.text())
def test_cleaning_is_done_once(typed: str) -> None:
    clean = inputs.clean_text(typed)
    assert inputs.clean_text(clean) == clean
    assert "\x00" not in clean and "\n" not in clean


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("5", "3", "1980"), date(1980, 3, 5)),
        (("05", "03", "1980"), date(1980, 3, 5)),
        (("29", "2", "2024"), date(2024, 2, 29)),
        (("29", "2", "2025"), None),
        (("31", "4", "2026"), None),
        (("5", "3", "80"), None),
        (("", "3", "1980"), None),
        (("0", "0", "0"), None),
        (("-1", "3", "1980"), None),
        (("99999999999999999999", "3", "1980"), None),
    ],
)
def test_dates_are_day_month_year(parts: tuple[str, str, str], expected: date | None) -> None:
    assert inputs.day(*parts) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("zoe@example.nl", "zoe@example.nl"), ("Zoe@EXAMPLE.NL", "Zoe@example.nl"), ("zoë@example.nl", None)]
    + [(wrong, None) for wrong in ("", "zoe", "zoe@", "@example.nl", "a b@example.nl", "x" * 300 + "@example.nl")],
)
def test_email_addresses_are_checked_for_form_only(typed: str, expected: str | None) -> None:
    assert inputs.email(typed) == expected
