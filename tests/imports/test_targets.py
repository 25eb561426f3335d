"""A mapping is held against our fields before a row is read: one answer with every name and code that can fit no row."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.imports import shipped
from services.complaints.app import IMPORTS as COMPLAINTS
from services.recommendations.app import IMPORTS as RECOMMENDATIONS
from services.stakeholders.app import IMPORTS as STAKEHOLDERS
from services.visits.app import IMPORTS as VISITS
from shared.imports import targets
from tests.imports.conftest import HEADER, mapping_of
from tests.people import People

MadeUp = Callable[..., Path]
ROWS = {kind.name: kind.row for kind in (*COMPLAINTS, *RECOMMENDATIONS, *STAKEHOLDERS, *VISITS)}


def wrong(**fields: Any) -> list[str]:
    """Say what is wrong with the made-up mapping of places with these fields in place of its own, or beside them."""
    told = mapping_of().model_dump(by_alias=True, exclude_unset=True)
    kept = {name: value for name, value in {**told["fields"], **fields}.items() if value is not None}
    mapping = type(mapping_of()).model_validate({**told, "fields": kept})
    return targets.problems(ROWS[mapping.kind], targets.shapes(mapping))


@pytest.mark.parametrize("name", shipped.names())
def test_every_shipped_mapping_fits_its_kind(name: str) -> None:
    mapping = shipped.load(name)

    assert targets.problems(ROWS[mapping.kind], targets.shapes(mapping)) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"capasity": "Beds"}, "capasity is no field; capacity is one"),
        ({"zzz": "Beds"}, "zzz is no field; there are id, "),
        ({"place_type": {"constant": "prisson"}}, 'place_type cannot be "prisson"; prison is one'),
        ({"place_type": {"constant": "juvenile_detention"}}, 'place_type cannot be "juvenile_detention"; there are police_station, '),
        ({"place_type": {"column": "Kind", "lookup": {"P": "prison", "J": "jial"}}}, 'place_type cannot be "jial"; there are '),
        ({"place_type": {"column": "Kind", "patterns": [{"matches": "P", "gives": "polcie_station"}]}}, "police_station is one"),
        ({"place_type": {"first": ["Kind", {"constant": "hospice"}]}}, 'place_type cannot be "hospice"'),
        ({"risk_flags": {"gather": [{"constant": "recent_deaths"}]}}, "recent_death is one"),
        ({"capacity": {"constant": "many"}}, 'capacity cannot be "many"; expected: '),
        ({"is_location_withheld": {"constant": "maybe"}}, "is_location_withheld cannot be"),
        ({"population": {"gather": [{"object": {"count": {"column": "Beds", "as": "whole"}, "as_off": "Name"}}]}}, "population.as_off is no field; as_of is one"),
        ({"name": None}, "name is needed, and nothing fills it"),
    ],
)  # fmt: skip
def test_what_can_fit_no_row_is_named_with_what_was_expected(fields: dict[str, Any], said: str) -> None:
    assert any(said in each for each in wrong(**fields)), wrong(**fields)


def test_codes_that_there_are_and_values_that_stand_in_the_file_are_left_alone() -> None:
    assert wrong(place_type={"column": "Kind", "lookup": {"P": "prison"}, "otherwise": "unknown"}) == []
    assert wrong(place_type="Kind", risk_flags={"gather": [{"constant": "recent_death"}]}) == []


@pytest.mark.usefixtures("empty")
async def test_the_api_names_mapping_and_field_before_it_reads_a_row(people: People, made_up: MadeUp) -> None:
    head = await people.as_("head", step_up=True)
    told = mapping_of().model_dump(by_alias=True, exclude_unset=True)
    fields = {**told["fields"], "capasity": "Beds", "place_type": {"constant": "prisson"}}
    mapping = type(mapping_of()).model_validate({**told, "fields": fields})
    parts = {
        "file": ("register.csv", made_up(HEADER + "1,North,Prison,5\n").read_bytes(), "text/csv"),
        "mapping": ("made-up.yaml", mapping.written().encode(), "application/yaml"),
    }

    answer = await head.send("POST", "/npm/places/imports", files=parts)

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_mapping")
    assert answer.json()["detail"] == "the mapping made-up does not fit places; nothing was read"
    assert [each["detail"] for each in answer.json()["errors"]] == [
        'place_type cannot be "prisson"; prison is one', "capasity is no field; capacity is one",
    ]  # fmt: skip
