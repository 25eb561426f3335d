"""Numbers and days as people write them."""

from datetime import date

import pytest

from shared.imports import notations


@pytest.mark.parametrize(
    ("text", "notation", "read"),
    [
        ("1234.5", "1234.5", 1234.5),
        ("-86.62401724", "1234.5", -86.62401724),
        ("1,234.5", "1,234.5", 1234.5),
        ("1.234,5", "1.234,5", 1234.5),
        ("1 234,5", "1 234,5", 1234.5),
        ("1\u202f234", "1 234,5", 1234.0),
        ("1234,5", "1234,5", 1234.5),
        ("1,234.5", "1234.5", None),
        ("12,34", "1,234.5", None),
        ("NaN", "1234.5", None),
        ("1e5", "1234.5", None),
        ("٣", "1234.5", None),
        ("9" * 31, "1234.5", None),
    ],
)
def test_a_number_is_read_in_the_notation_that_is_named(text: str, notation: str, read: float | None) -> None:
    assert notations.number(text, (notation,)) == read


@pytest.mark.parametrize(
    ("text", "notation", "read"),
    [
        ("2026-03-04", "YYYY-MM-DD", date(2026, 3, 4)),
        ("3/4/2026", "M/D/YYYY", date(2026, 3, 4)),
        ("3/4/2026", "D/M/YYYY", date(2026, 4, 3)),
        ("04.03.2026", "DD.MM.YYYY", date(2026, 3, 4)),
        ("20260304", "YYYYMMDD", date(2026, 3, 4)),
        ("4 March 2026", "D Month YYYY", date(2026, 3, 4)),
        ("4 Mar 2026", "D Month YYYY", date(2026, 3, 4)),
        ("2014-03-31T00:00:00.000+01:00", "instant", date(2014, 3, 31)),
        ("2025-02-30", "YYYY-MM-DD", None),
        ("13/1/2026", "M/D/YYYY", None),
        ("4 Mai 2026", "D Month YYYY", None),
        ("Scheduled FY26", "YYYY-MM-DD", None),
        ("2014-03-31", "instant", None),
    ],
)
def test_a_day_is_read_in_the_notation_that_is_named_and_must_exist(
    text: str, notation: str, read: date | None
) -> None:
    assert notations.day(text, (notation,)) == read


def test_of_several_notations_the_first_that_fits_counts() -> None:
    several = ("YYYY-MM-DD", "M/D/YYYY")

    assert [notations.day(text, several) for text in ("2026-01-02", "1/2/2026")] == [date(2026, 1, 2)] * 2


@pytest.mark.parametrize(
    ("text", "read"), [("yes", True), ("TRUE", True), ("1.0", True), ("No", False), ("maybe", None)]
)
def test_yes_and_no_have_several_words(text: str, read: bool | None) -> None:
    assert notations.yes_or_no(text) is read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("27 September 2022", [(2022, 9, 27)]),
        ("27 September 2022 and 29 September 2022", [(2022, 9, 27), (2022, 9, 29)]),
        ("03 and 08 March 2021", [(2021, 3, 3), (2021, 3, 8)]),
        ("30 May & 1 June 2022", [(2022, 5, 30), (2022, 6, 1)]),
        ("7 December 2021 8 December 2021 and 10 December 2021", [(2021, 12, 7), (2021, 12, 8), (2021, 12, 10)]),
        ("1, 2; 3 May 2022", [(2022, 5, 1), (2022, 5, 2), (2022, 5, 3)]),
        # of which month the 30th is nobody has said
        ("30 and 1 May 2022", None),
        ("31 and 1 June 2022", None),
        ("2 May 2022 and 2 May 2022", None),
        ("2 May 2022 to 4 May 2022", None),
        ("2 May 2022 and", [(2022, 5, 2)]),
        ("and", None),
        ("soon and 2 May 2022", None),
    ],
)
def test_a_list_of_days_is_read_and_what_stands_short_has_month_and_year_of_the_next(
    text: str, read: list[tuple[int, int, int]] | None
) -> None:
    expected = None if read is None else [date(*each) for each in read]

    assert notations.days(text, ("D Month YYYY",)) == expected


def test_a_list_of_days_may_be_written_in_numbers() -> None:
    assert notations.days("2022-05-02, 2022-05-04", ("YYYY-MM-DD",)) == [date(2022, 5, 2), date(2022, 5, 4)]


@pytest.mark.parametrize("notation", ["YYYY-MM", "soon", "", "YYYY-DD-DD"])
def test_a_notation_of_days_names_year_month_and_day_once(notation: str) -> None:
    assert not notations.is_day_notation(notation)
