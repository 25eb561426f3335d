"""What the strict check refuses in a plain line, against an independent reading of the same text."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import AppError
from shared.schemas import check_json

NAMES = st.sampled_from(["a", "b", ":", "a:", " :", "c\td".replace("\t", " ")])
BLANKS = st.sampled_from(["", " ", "\n", "\t \r"])
NUMBERS = st.sampled_from(
    ["0", "-1", "1.5", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1" * 25]
)
LEAVES = st.one_of(NUMBERS, NAMES.map(json.dumps), st.sampled_from(["null", "true"]))


def objects(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    member = st.tuples(NAMES, BLANKS, BLANKS, values).map(lambda m: f'"{m[0]}"{m[1]}:{m[2]}{m[3]}')
    return st.lists(member, max_size=3).map(lambda members: "{" + ",".join(members) + "}")


TEXTS = st.recursive(
    LEAVES, lambda values: st.one_of(objects(values), st.lists(values, max_size=3).map(lambda v: f"[{','.join(v)}]"))
)


def is_taken(text: str) -> bool:
    try:
        check_json(text.encode())
    except AppError:
        return False
    return True


def has_no_fault(text: str) -> bool:
    faults: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> None:
        if len({name for name, _ in pairs}) < len(pairs):
            faults.append("twins")

    def integer(digits: str) -> None:
        if abs(2 * int(digits) + 1) > 2**64:
            faults.append("large")

    json.loads(text, object_pairs_hook=members, parse_int=integer)
    return not faults


@given(TEXTS)
def test_exactly_twins_and_integers_beyond_64_bits_are_refused(text: str) -> None:
    assert is_taken(text) == has_no_fault(text)


@pytest.mark.parametrize(
    "text",
    ['{"a":1', "", "{'a':1}", '{"a":NaN}', '{"a":-Infinity}', '{"a":"\x01"}', '{"a":"\x7f"}', "[" * 60 + "]" * 60],
)
def test_what_is_no_json_of_ours_is_refused_however_plain(text: str) -> None:
    assert not is_taken(text)
