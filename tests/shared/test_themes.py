"""The taxonomy of themes: two levels, each code once."""

import pytest

from shared.themes import THEMES, MainTheme, Theme, main_theme


def test_every_code_is_there_once() -> None:
    assert len(THEMES) == len(Theme) == 77
    assert len({theme.number for theme in Theme}) == 77


@pytest.mark.parametrize(("main", "count"), list(zip(MainTheme, [11, 12, 8, 8, 10, 6, 6, 8, 8], strict=True)))
def test_every_main_theme_numbers_its_themes_from_one(main: MainTheme, count: int) -> None:
    numbers = [theme.number for theme in Theme if theme.main is main]

    assert numbers == [f"{main.number}.{number:02}" for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("code", "number", "main"),
    [
        ("torture_and_ill_treatment", "T1.01", MainTheme.TREATMENT),
        ("complaints_procedures", "T2.07", MainTheme.SAFEGUARDS),
        ("npm_mandate_and_resources", "T9.08", MainTheme.LAW_POLICY_AND_INSTITUTIONS),
    ],
)
def test_a_code_leads_to_its_main_theme(code: str, number: str, main: MainTheme) -> None:
    assert THEMES[code].number == number
    assert main_theme(code) is main


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(KeyError):
        main_theme("nothing")
