"""The rules of a memorandum: every state and action, and what is missing before an act."""

from datetime import date

import pytest

from services.stakeholders.mous.rules import (
    MOU,
    IndependenceFlag,
    MouAction,
    MouGap,
    MouStatus,
    clearing_gaps,
    dating_gaps,
    is_in_force,
    returning_gaps,
    submission_gaps,
)
from tests.architecture import declared

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


@pytest.mark.parametrize("state", MouStatus)
@pytest.mark.parametrize("action", MouAction)
def test_every_pair_leads_where_it_is_declared(state: MouStatus, action: MouAction) -> None:
    assert declared.reached(MOU, state, action) == declared.target("mou", state.value, action.value)


def test_a_text_says_five_things_before_it_is_looked_at() -> None:
    gaps = submission_gaps(objectives="", modalities=" ", responsibilities="", limits="", confidentiality_clause="")

    assert gaps == (
        MouGap.OBJECTIVES,
        MouGap.MODALITIES,
        MouGap.RESPONSIBILITIES,
        MouGap.LIMITS,
        MouGap.CONFIDENTIALITY,
    )


def test_an_open_flag_stands_against_clearing_and_speaks_for_returning() -> None:
    flags = frozenset({IndependenceFlag.EXCLUSIVITY})

    assert (clearing_gaps(flags), clearing_gaps(frozenset())) == ((MouGap.OPEN_FLAG,), ())
    assert (returning_gaps(flags), returning_gaps(frozenset())) == ((), (MouGap.NO_FLAG,))


@pytest.mark.parametrize(
    ("from_on", "to_on", "gaps"),
    [(FIRST, LAST, ()), (LAST, FIRST, (MouGap.DATES,)), (None, LAST, (MouGap.DATES,)), (FIRST, None, (MouGap.DATES,))],
)
def test_signing_needs_dates_in_their_order(from_on: date | None, to_on: date | None, gaps: tuple[MouGap, ...]) -> None:
    assert dating_gaps(from_on, to_on) == gaps


@pytest.mark.parametrize(
    ("status", "day", "expected"),
    [
        (MouStatus.SIGNED, FIRST, True),
        (MouStatus.UNDER_REVIEW, LAST, True),
        (MouStatus.SIGNED, date(2027, 1, 1), False),
        (MouStatus.SUSPENDED, FIRST, False),
        (MouStatus.CLEARED, FIRST, False),
    ],
)
def test_it_is_in_force_while_signed_and_in_its_dates(status: MouStatus, day: date, *, expected: bool) -> None:
    assert is_in_force(status, FIRST, LAST, day) is expected


def test_without_dates_nothing_is_in_force() -> None:
    assert not is_in_force(MouStatus.SIGNED, None, None, FIRST)
