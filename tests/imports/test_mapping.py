"""Mapping files: the shipped ones load, and a mistake in one is told with its place."""

from itertools import takewhile
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from pydantic import ValidationError

from deploy.imports import shipped, themes
from shared.imports import mapping_files
from shared.imports.problems import FileRefused
from shared.themes import THEMES
from tests.imports.conftest import mapped, mapping_of


def test_the_shipped_mappings_load_and_are_named_like_their_files() -> None:
    loaded = {name: shipped.load(name).name for name in shipped.names()}

    assert loaded == {name: name for name in loaded}
    assert loaded.keys() >= {"a1-us-facilities", "a4-us-immigration", "b1-facilities", "d1-uk-government"}


@pytest.mark.parametrize(
    ("file", "kind", "name"),
    [
        ("fac_data.csv", "places", "a1-us-facilities"),
        ("facilities.csv", "places", "a4-us-immigration"),
        ("facility_codes.csv", "places", "b1-facilities"),
        ("govuk_organisations.jsonl", "authorities", "d1-uk-government"),
        ("govuk_organisations.jsonl", "places", None),
        ("government-organisation.tsv", "authorities", "d1-uk-register"),
        ("pfd_reports_status.csv", "recommendations", "c2-uk-coroners"),
        ("other.csv", "places", None),
    ],
)
def test_a_mapping_is_found_by_the_name_of_the_file(file: str, kind: str, name: str | None) -> None:
    assert shipped.for_file(Path("elsewhere") / file, kind) == name


@pytest.mark.parametrize(
    "field",
    [
        {"column": "A", "constant": "b"},
        {"as": "whole"},
        {"column": "A", "as": "day", "notations": ["soon"]},
        {"column": "A", "as": "number", "notations": ["YYYY-MM-DD"]},
        {"column": "A", "patterns": [{"matches": "(", "gives": "x"}]},
        {"column": "A", "colour": "red"},
    ],
)
def test_a_value_that_makes_no_sense_is_refused(field: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        mapping_of(fields={"name": field})


def test_all_columns_are_known_before_the_file_is_read() -> None:
    mapping = mapping_of(
        note={"where": {"join": ["Street", "Town"]}},
        provenance={"columns": ["Beds"], "parts": {"value": "{}", "sources": "{}_n"}},
    )

    assert mapping.columns() == ["Id", "Name", "Kind", "Beds", "Street", "Town", "Beds_n"]


ENDLESS = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("kind: places\n  format: [", "line 2"),
        ("kind: prisoners\n", "kind"),
        ("- a list\n", "keys and values"),
        (ENDLESS, "anchors unfolded"),
        ("a: &a [*a]\n", "anchors unfolded"),
        ("kind: places\nfields: {name: {column: A, after: 3}}\n", "fields.name.after"),
        (
            "kind: visits\nabout: x\nsource: x\nformat: csv\nrow: A\nfields: {}\nreview_when: [{column: A, reason: x}]\n",
            "review_when is for places",
        ),
    ],
)
def test_a_mistake_in_a_users_own_mapping_is_told_with_its_place(tmp_path: Path, content: str, said: str) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(content)

    with pytest.raises(FileRefused, match=said):
        shipped.load(str(own))


def test_an_unknown_mapping_names_those_that_there_are() -> None:
    with pytest.raises(FileRefused, match="a1-us-facilities"):
        shipped.load("nothing-like-it")


def test_the_theme_map_leads_to_themes_and_leaves_unknown_codes_unmapped() -> None:
    found = themes.load("b1-themes")

    assert set(found.values()) <= set(THEMES)
    assert not {"26M", "38D"} & set(found)


def test_a_theme_that_there_is_not_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("10A: happiness\n")

    with pytest.raises(FileRefused, match="happiness"):
        themes.load(str(own))


def test_the_theme_map_covers_the_real_code_table(shared_data: Path) -> None:
    codes = (shared_data / "B1-bop-grievances-ny" / "subject_codes.csv").read_text(encoding="utf-8").splitlines()[1:]

    assert set(themes.load("b1-themes")) == {line.partition(",")[0] for line in codes}


def test_a_mapping_that_is_written_down_is_read_as_the_same() -> None:
    for name in shipped.names():
        mapping = shipped.load(name)

        assert mapping_files.read(mapping.written(), f"{name}.yaml") == mapping


def indented(text: str, beginning: str) -> str:
    """Give the indented block of a page that begins with this line."""
    lines = text.split("\n")
    start = next(number for number, line in enumerate(lines) if line.strip() == beginning and line.startswith("    "))
    block = takewhile(lambda line: not line.strip() or line.startswith("    "), lines[start:])
    return dedent("\n".join(block)).strip() + "\n"


def test_the_example_of_the_page_on_mappings_works_as_it_stands(tmp_path: Path) -> None:
    page = (shipped.FOLDER / "README.md").read_text(encoding="utf-8")
    (tmp_path / "my-register.yaml").write_text(indented(page, "about: our register of places"), encoding="utf-8")
    (tmp_path / "anstalten.csv").write_text(indented(page, "Nr;Anstalt;Art;Ort;Plätze;Stand"), encoding="utf-8")

    done = mapped(tmp_path / "anstalten.csv", shipped.load(str(tmp_path / "my-register.yaml")))

    assert done.problems == []
    assert done.ready == [
        {"row": "0012", "line": 2, "name": "JVA Nord", "place_type": "prison", "region": "Nordstadt", "capacity": 1250,
         "note": {"counted_on": "2025-03-31"}},
        {"row": "0013", "line": 3, "name": "Polizeiwache Mitte", "place_type": "police_station", "region": "Mittelstadt",
         "note": {"counted_on": "2025-04-01"}},
    ]  # fmt: skip
