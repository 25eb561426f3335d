"""When two lists speak of one body, and what holds then."""

from typing import Any
from uuid import UUID

import pytest

from services.stakeholders.directory_imports import rules
from services.stakeholders.directory_imports.rules import Doubt, Known, Recognised

ONE, TWO = UUID(int=1), UUID(int=2)
PAGE, OTHER_PAGE = "gov.example/prison-service", "gov.example/prison-board"


def known(*, is_of_source: bool = False, site: str = PAGE) -> Known:
    directory = Known()
    directory.learn(ONE, "prison service", site, is_of_source=is_of_source)
    return directory


@pytest.mark.parametrize(
    ("website", "site"),
    [
        ("https://www.gov.example/government/organisations/Prison-Service", PAGE),
        ("gov.example/prison-service/", PAGE),
        ("https://justice.example", "justice.example/"),
        ("", ""),
    ],
)
def test_a_website_is_known_by_host_and_last_part(website: str, site: str) -> None:
    assert rules.site_of(website) == site


@pytest.mark.parametrize(
    ("directory", "name", "site", "expected"),
    [
        (known(), "prison service", PAGE, Recognised(body=ONE)),
        (known(), "prison board", OTHER_PAGE, Recognised()),
        (known(), "prison agency", PAGE, Recognised(candidates=(ONE,), doubt=Doubt.OTHER_NAME)),
        (known(), "prison service", OTHER_PAGE, Recognised(candidates=(ONE,), doubt=Doubt.OTHER_WEBSITE)),
        (known(), "prison service", "", Recognised(candidates=(ONE,), doubt=Doubt.OTHER_WEBSITE)),
        (known(is_of_source=True), "prison service", OTHER_PAGE, Recognised()),
        (known(is_of_source=True), "prison agency", PAGE, Recognised(candidates=(ONE,), doubt=Doubt.OTHER_NAME)),
        (known(is_of_source=True, site="gov.example/"), "prison agency", "gov.example/", Recognised()),
    ],
)
def test_a_row_is_recognised_by_name_and_website_together(
    directory: Known, name: str, site: str, expected: Recognised
) -> None:
    assert rules.recognised(directory, name, site) == expected


def test_two_bodies_that_agree_in_both_are_asked() -> None:
    directory = known()
    directory.learn(TWO, "prison service", PAGE, is_of_source=False)

    assert rules.recognised(directory, "prison service", PAGE).candidates == (ONE, TWO)


def said(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": "authority", "website": "", "closed_on": None, "former_names": [], **more}


def test_of_each_value_the_most_trusted_source_that_says_it_holds() -> None:
    best = said(
        "Prison Service", website="https://a.example", former_names=[{"name": "Gaol Board", "until": "1990-01-01"}]
    )
    other = said("HM Prison Service", website="https://b.example", closed_on="2017-04-01")

    found = rules.merged([best, other])

    assert (found["name"], found["website"], found["closed_on"]) == (
        "Prison Service",
        "https://a.example",
        "2017-04-01",
    )
    assert found["former_names"] == [
        {"name": "Gaol Board", "until": "1990-01-01"},
        {"name": "HM Prison Service", "until": None},
    ]
    assert rules.merged([best, said("PRISON  service")])["former_names"] == best["former_names"]


def test_only_what_a_source_changed_is_changed() -> None:
    before, after = {"name": "A", "website": "x"}, {"name": "A", "website": "y"}

    assert rules.differing(before, after) == {"website": "y"}
    assert rules.parents_after(["by-hand", "old"], ["old"], ["new"]) == ["by-hand", "new"]
