"""How much one caller may have under way at once: exports by anybody, bulk bodies by a machine."""

from contextlib import ExitStack

import pytest

from gateway.limits import RateLimits
from shared.access import Operation
from shared.caller import Caller
from shared.errors import TooManyRequests
from shared.settings import Limits

PARTNER = Caller(subject="one", audience_class="partner", roles=frozenset({"partner_system"}), partner_id="p")
OTHER = Caller(subject="two", audience_class="partner", roles=frozenset({"partner_system"}), partner_id="p")
PERSON = Caller(subject="three", audience_class="npm", roles=frozenset({"staff"}))
BULK = Operation(operation="submit_all", audience="partner", scopes=(), object="none", bulk=True)
ONE = Operation(operation="submit", audience="partner", scopes=(), object="none")


def begun(
    limits: RateLimits, held: ExitStack, caller: Caller, operation: Operation, *, is_export: bool = False
) -> None:
    held.enter_context(limits.at_once(operation, caller, "127.0.0.1", is_export=is_export))


def test_a_machine_sends_two_bulk_bodies_at_a_time() -> None:
    limits = RateLimits(Limits())
    with ExitStack() as held:
        begun(limits, held, PARTNER, BULK)
        begun(limits, held, PARTNER, BULK)
        with pytest.raises(TooManyRequests) as refused:
            begun(limits, held, PARTNER, BULK)
        # neither another machine nor anything else of the same one is in its way
        begun(limits, held, OTHER, BULK)
        for _ in range(20):
            begun(limits, held, PARTNER, ONE)
        begun(limits, held, PARTNER, ONE, is_export=True)
    assert refused.value.headers["Retry-After"] == "10"
    with ExitStack() as again:
        begun(limits, again, PARTNER, BULK)
        begun(limits, again, PARTNER, BULK)


def test_what_fails_gives_its_place_back() -> None:
    limits = RateLimits(Limits(bulk_at_once=1))
    for _ in range(3):
        with pytest.raises(RuntimeError), limits.at_once(BULK, PARTNER, "127.0.0.1", is_export=False):
            raise RuntimeError


def test_a_person_is_bound_by_exports_alone() -> None:
    limits = RateLimits(Limits())
    with ExitStack() as held:
        for _ in range(5):
            begun(limits, held, PERSON, BULK)
        begun(limits, held, PERSON, ONE, is_export=True)
        begun(limits, held, PERSON, ONE, is_export=True)
        with pytest.raises(TooManyRequests):
            begun(limits, held, PERSON, ONE, is_export=True)
