"""Every audience is fuzzed through the door: nothing breaks, and every answer is one that the document declares.

The long test sends A22_FUZZ_REQUESTS requests (100,000 where it is not set) and prints its seed; A22_FUZZ_SEED repeats a run.
"""

import os
import sys
from collections.abc import Iterator
from random import SystemRandom

import pytest

from tests.fuzz.known import READERS
from tests.fuzz.run import LEFT_OUT, Plan, Run, fuzz, operations_of
from tests.fuzz.system import System, fuzzed_system

#: Outsiders first: what they may not see must not have been moved by the NPM's own requests.
AUDIENCES = tuple(READERS)
SHARES = {"public": 0.1, "expert": 0.1, "authority": 0.15, "partner": 0.1, "npm": 0.55}
AT_LEAST = 50
MOST_PASSES = 40


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Serve one system for the tests of this file."""
    with fuzzed_system(tmp_path_factory.mktemp("fuzz")) as running:
        yield running


def _found(run: Run) -> list[str]:
    return [f"{each.operation} [{each.judge}] {each.told}\n    {how}" for each, how in run.faults.items()] + run.errors


def _tell(capsys: pytest.CaptureFixture[str], line: str) -> None:
    with capsys.disabled():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def test_what_is_left_out_is_named_and_exists() -> None:
    assert set(LEFT_OUT) <= {name for audience in AUDIENCES for name in operations_of(audience)}
    assert all(LEFT_OUT.values())


@pytest.mark.timeout(240)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_few_made_up_requests_break_nothing(system: System, audience: str) -> None:
    run, every = Run(audience), sorted(set(operations_of(audience)) - set(LEFT_OUT))
    # the making of requests for an operation costs more than sending them: of the NPM's many, each fifth
    chosen = frozenset(every[::5] if audience == "npm" else every)

    fuzz(system, run, Plan(seed=22, examples=4, boundaries=audience == "public", only=chosen))

    assert _found(run) == []
    assert system.broken_orders() == []
    assert set(run.sent) == chosen


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_many_made_up_requests_break_nothing(system: System, audience: str, capsys: pytest.CaptureFixture[str]) -> None:
    seed = int(os.environ.get("A22_FUZZ_SEED") or SystemRandom().randrange(2**32))
    wanted = int(int(os.environ.get("A22_FUZZ_REQUESTS", "100000")) * SHARES[audience])
    run = Run(audience)
    _tell(capsys, f"\n{audience}: seed {seed}, at least {wanted} requests")

    _until_enough(system, run, seed, wanted)

    fewest = min(run.sent.items(), key=lambda pair: pair[1])
    statuses = ", ".join(f"{status}: {number}" for status, number in sorted(run.answered.items()))
    _tell(capsys, f"{audience}: {run.total} requests to {len(run.sent)} operations, fewest {fewest}; {statuses}")
    for found in _found(run):
        # a long run that is stopped later has said it all the same
        _tell(capsys, found)
    assert _found(run) == []
    assert system.broken_orders() == []
    assert run.total >= wanted
    assert fewest[1] >= AT_LEAST
    assert set(operations_of(audience)) - set(LEFT_OUT) == set(run.sent)


def _until_enough(system: System, run: Run, seed: int, wanted: int) -> None:
    """Pass over everything once with limits and sequences, then on with other seeds until there are enough of each."""
    fuzz(system, run, Plan(seed=seed, examples=AT_LEAST, links=True))
    number = len(operations_of(run.audience))
    for turn in range(1, MOST_PASSES):
        few = frozenset(name for name, sent in run.sent.items() if sent < AT_LEAST)
        if few:
            fuzz(system, run, Plan(seed=seed + turn, examples=AT_LEAST, only=few))
        missing = wanted - run.total
        if missing > 0:
            examples = max(min(missing // number, 400), 5)
            fuzz(system, run, Plan(seed=seed + turn, examples=examples, boundaries=False))
        elif not few:
            break
