"""Tests are the same in every process: same names in the same order, or they could not be divided among several."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

#: Where names come out of rules and tables; the rest is written out.
FOLDERS = (
    "tests/access",
    "tests/complaints",
    "tests/recommendations",
    "tests/stakeholders",
    "tests/visits",
    "tests/harm",
)


def collected(checkout: Path, seed: str) -> list[str]:
    """Give the names of the tests as a process of this hash seed finds them."""
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *FOLDERS],
        cwd=checkout, env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "."}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [line for line in told.stdout.splitlines() if "::" in line]


@pytest.mark.long
@pytest.mark.timeout(600)
def test_every_process_finds_the_same_tests_in_the_same_order(checkout: Path) -> None:
    one, other = collected(checkout, "1"), collected(checkout, "2")

    assert len(one) > 1_000
    assert one == other
