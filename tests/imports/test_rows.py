"""From a file's rows to ours: every row is made ready or reported, with its column and what was expected."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.imports import rows
from shared.imports.reading import files
from shared.imports.rows import Reported
from tests.imports import conftest
from tests.imports.conftest import HEADER, Mapped, mapping_of

MadeUp = Callable[..., Path]


def mapped(path: Path, **changes: Any) -> Mapped:
    return conftest.mapped(path, mapping_of(**changes))


def value(made_up: MadeUp, field: Any, cells: str = "1,North,Prison,5") -> Any:
    """Give what a field comes to for one row, or the column and expectation that it is reported with."""
    done = mapped(made_up(f"{HEADER}{cells}\n"), fields={"name": {"constant": "x"}, "made": field}, doubt_when=[])
    if done.ready:
        return done.ready[0].get("made")
    return done.problems[0].column, done.problems[0].expected


def test_every_row_is_ready_or_reported(made_up: MadeUp) -> None:
    content = "1,North,Prison,5\n2,HQ,Office,NA\n3,ALL JAILS,Jail,NA\n4,East,Castle,5\n5,West,Jail,many\n,No id,Jail,3\n6,NA,Jail,3\n"

    done = mapped(made_up(HEADER + content))

    assert (done.total, len(done.ready)) == (7, 2)
    assert [(problem.line, problem.column, problem.code) for problem in done.problems] == [
        (3, "Kind", "left_out"),
        (5, "Kind", "bad_value"),
        (6, "Beds", "bad_value"),
        (7, "Id", "missing_value"),
        (8, "Name", "missing_value"),
    ]
    assert done.problems[1].expected == "expected one of Prison, Jail"
    assert done.ready[1] == {
        "row": "3", "line": 4, "name": "ALL JAILS", "place_type": "remand_prison", "doubt": "many places",
    }  # fmt: skip


def test_a_row_with_two_mistakes_counts_once_and_names_both(made_up: MadeUp) -> None:
    done = mapped(made_up(HEADER + "1,North,Castle,many\n"))

    assert (done.total, [problem.column for problem in done.problems]) == (1, ["Kind", "Beds"])


def test_a_row_that_the_mapping_leaves_out_is_not_bad(made_up: MadeUp) -> None:
    path, mapping = made_up(HEADER + "2,HQ,Office,NA\n3,HQ,Castle,NA\n"), mapping_of()
    with files.at(path) as file:
        left_out, bad = rows.mapped(files.opened(file, mapping), mapping)

    assert isinstance(left_out, Reported)
    assert isinstance(bad, Reported)
    assert (left_out.is_left_out, bad.is_left_out, left_out.row, bad.row) == (True, False, None, "3")


@pytest.mark.parametrize(
    ("field", "made"),
    [
        ("Name", "North"),
        ({"constant": 7}, 7),
        ({"join": ["Name", "Kind"], "with": ", "}, "North, Prison"),
        ({"first": [{"column": "Kind", "lookup": {"Jail": 1}, "otherwise": None}, "Name"]}, "North"),
        ({"gather": ["Name", {"constant": "North"}, "Kind"]}, ["North", "Prison"]),
        ({"object": {"count": {"column": "Beds", "as": "whole"}}, "required": ["count"]}, {"count": 5}),
        ({"column": "Beds", "as": "number"}, 5.0),
        ({"column": "Kind", "lookup": {"Jail": True}, "otherwise": False}, False),
        ({"column": "Name", "patterns": [{"matches": "^n", "gives": "n"}], "otherwise": "else"}, "n"),
        ({"column": "Name", "patterns": [{"matches": "^s", "gives": "s"}], "otherwise": "else"}, "else"),
        ({"column": "Name", "after": "r"}, "th"),
        (
            {"column": "Beds", "as": "days"},
            ("Beds", "expected days that exist, the earlier first, written as YYYY-MM-DD"),
        ),
        ({"column": "Beds", "as": "day", "keep": r"\d"}, "5"),
        ({"column": "Name", "when": [{"column": "Kind", "is": "Jail"}]}, None),
        ({"column": "Name", "when": [{"column": "Kind", "unless": "Jail"}]}, "North"),
        ({"column": "Beds", "as": "day"}, ("Beds", "expected a day that exists, written as YYYY-MM-DD")),
        ({"column": "Name", "as": "whole"}, ("Name", "expected a whole number written as 1234.5")),
        (
            {"column": "Name", "as": "yes_no"},
            ("Name", "expected yes or no; for other words a lookup gives true or false"),
        ),
        ({"column": "Name", "lookup": {"South": 1}}, ("Name", "expected one of South")),
    ],
)
def test_a_value_is_made_as_the_mapping_says(made_up: MadeUp, field: Any, made: Any) -> None:
    assert value(made_up, field) == made


@pytest.mark.parametrize(
    ("field", "made"),
    [
        ("Beds", None),
        ({"column": "Beds", "default": 0}, 0),
        ({"column": "Beds", "as": "whole"}, None),
        ({"join": ["Beds", "Name"]}, "North"),
        ({"join": ["Beds"]}, None),
        ({"gather": ["Beds"]}, []),
        ({"object": {"count": "Beds", "of": "Name"}, "required": ["count"]}, None),
        ({"column": "Beds", "lookup": {"5": 1}}, None),
    ],
)
@pytest.mark.parametrize("missing", ["NA", "", "  "])
def test_what_is_missing_stays_missing(made_up: MadeUp, field: Any, made: Any, missing: str) -> None:
    assert value(made_up, field, f"1,North,Prison,{missing}") == made


def test_blanks_around_and_doubled_inside_do_not_count(made_up: MadeUp) -> None:
    assert value(made_up, "Name", '1,"  North \n Prison ",Prison,5') == "North Prison"


@pytest.mark.parametrize("day", ["2025-02-30", "30/02/2025", "2025-2-3"])
def test_a_day_that_does_not_exist_is_reported_with_its_column(made_up: MadeUp, day: str) -> None:
    field = {"column": "Name", "as": "day", "notations": ["YYYY-MM-DD", "D/M/YYYY"]}

    assert value(made_up, field, f"1,{day},Prison,5")[0] == "Name"


def test_a_doubt_needs_all_of_its_conditions(made_up: MadeUp) -> None:
    rule = {"column": "Kind", "missing": True, "also": [{"column": "Name", "matches": "all"}], "reason": "many"}

    done = mapped(made_up(HEADER + "1,ALL,NA,5\n2,ALL,Jail,5\n3,One,NA,5\n"), doubt_when=[rule])

    assert [row.get("doubt") for row in done.ready] == ["many", None, None]


def test_the_note_keeps_where_values_come_from(made_up: MadeUp) -> None:
    file = made_up("Id,Name,Kind,Beds,Beds_agreement,Beds_n\n1,North,Prison,5,conflict,2\n2,South,Jail,NA,NA,NA\n")
    parts = {"value": "{}", "agreement": "{}_agreement", "n_sources": "{}_n"}

    done = mapped(file, note={"kind": "Kind"}, provenance={"columns": ["Beds"], "parts": parts})

    assert [row["note"] for row in done.ready] == [
        {"kind": "Prison", "Beds": {"value": "5", "agreement": "conflict", "n_sources": "2"}},
        {"kind": "Jail"},
    ]


def test_json_paths_lead_into_objects_and_lists(made_up: MadeUp) -> None:
    line = (
        '{"id": "x/a", "title": " A ", "details": {"closed": null, "n": 3}, "parents": [{"id": "x/b"}, {"id": "x/c"}]}'
    )
    fields = {
        "name": "title",
        "closed_on": {"column": "details.closed", "as": "day", "notations": ["instant"]},
        "count": {"column": "details.n", "as": "whole"},
        "parents": {"column": "parents[].id", "after": "x/"},
    }

    done = mapped(
        made_up(line, "x.jsonl"), format="jsonl", row={"column": "id", "after": "x/"}, fields=fields, report_when=[], doubt_when=[]
    )  # fmt: skip

    assert done.ready == [{"row": "a", "line": 1, "name": "A", "count": 3, "parents": ["b", "c"]}]


def test_an_object_where_one_value_was_expected_is_reported(made_up: MadeUp) -> None:
    done = mapped(
        made_up('{"id": "a", "title": {"en": "A"}}', "x.jsonl"),
        format="jsonl", row="id", fields={"name": "title"}, report_when=[], doubt_when=[],
    )  # fmt: skip

    assert [(problem.line, problem.column) for problem in done.problems] == [(1, "title")]


def test_a_row_that_waits_says_why_and_is_sent(made_up: MadeUp) -> None:
    rule = {"column": "Name", "matches": "^ALL ", "reason": "many places"}

    done = mapped(made_up(HEADER + "3,ALL JAILS,Jail,NA\n4,East,Jail,NA\n"), doubt_when=[], review_when=[rule])

    assert [each.get("review") for each in done.ready] == ["many places", None]


def test_a_text_as_written_keeps_its_blanks_and_a_missing_one_is_missing(made_up: MadeUp) -> None:
    written = {"column": "Name", "as": "written"}

    assert value(made_up, written, "1,Mill  Ltd,Prison,5") == "Mill  Ltd"
    assert value(made_up, {"column": "Kind", "as": "written"}, "1,North,NA,5") is None
    assert (
        value(made_up, {"join": ["Id", "Name"], "with": "/", "as": "written"}, "1,Mill  Ltd,Prison,5") == "1/Mill  Ltd"
    )


def test_a_cell_is_cut_into_a_list_as_it_is_written(made_up: MadeUp) -> None:
    cut = {"column": "Name", "split": " | "}

    assert value(made_up, cut, '1,"North |  North | Caf\u00e9\u00a0East |  | NA",Prison,5') == [
        "North",
        "North",
        "Caf\u00e9\u00a0East",
    ]
    assert value(made_up, cut, "1,North|South,Prison,5") == ["North|South"]
    assert value(made_up, {**cut, "column": "Beds", "as": "whole"}, "1,North,Prison,1 | 2") == [1, 2]
    assert value(made_up, {**cut, "column": "Beds", "as": "whole"}, "1,North,Prison,1 | x") == (
        "Beds",
        "expected a whole number written as 1234.5",
    )
    assert value(made_up, {**cut, "column": "Beds"}, "1,North,Prison,NA") is None


def test_a_row_without_an_id_is_known_by_what_stands_in_it(made_up: MadeUp) -> None:
    known = {"row": {"fingerprint": ["Name", "Kind"]}}
    content = HEADER + ",North,Prison,5\n,North,Prison,6\n,South,Jail,1\n,North,Jail,1\n"

    refused = mapped(made_up(content), **known)
    numbered = mapped(made_up(content), **known, twins="numbered")
    later = mapped(made_up(content.replace(",6", ",60")), **known, twins="numbered")

    ids = [row["row"] for row in numbered.ready]
    assert len({row["row"] for row in refused.ready}) == 3
    assert (len(set(ids)), ids[1], ids[0].isalnum()) == (4, f"{ids[0]}-2", True)
    assert [row["row"] for row in later.ready] == ids


def test_a_row_id_may_be_put_together_from_long_names_within_bounds(made_up: MadeUp) -> None:
    done = mapped(made_up(f"{HEADER}{'a' * 500},North,Prison,5\n{'b' * 501},South,Prison,5\n"))

    assert [row["name"] for row in done.ready] == ["North"]
    assert [(problem.line, problem.column) for problem in done.problems] == [(3, "Id")]
