"""The rules of an access incident."""

from itertools import product

import pytest

from services.visits.access_incidents.rules import (
    ACCESS_INCIDENT,
    OPCAT_ARTICLES,
    IncidentAction,
    IncidentGap,
    IncidentKind,
    IncidentStatus,
    action_gaps,
    is_open,
    raises_priority,
)
from tests.architecture import declared

CASES = [
    (IncidentAction.REPORT, IncidentStatus.REPORTED, [IncidentGap.WHO]),
    (IncidentAction.RAISE, IncidentStatus.REPORTED, [IncidentGap.AUTHORITY, IncidentGap.CHANNEL]),
    (IncidentAction.RAISE, IncidentStatus.UNRESOLVED, []),
    (IncidentAction.RESOLVE, IncidentStatus.RAISED, [IncidentGap.RESULT]),
    (IncidentAction.MARK_UNRESOLVED, IncidentStatus.RAISED, [IncidentGap.RESULT]),
    (IncidentAction.ESCALATE, IncidentStatus.RAISED, [IncidentGap.GROUND, IncidentGap.RETAINED_CHANNEL]),
    (IncidentAction.REOPEN, IncidentStatus.RESOLVED, [IncidentGap.REASON]),
    (IncidentAction.CLOSE, IncidentStatus.RESOLVED, [IncidentGap.RESULT]),
]


@pytest.mark.parametrize(("status", "action"), list(product(IncidentStatus, IncidentAction)))
def test_every_act_leads_where_the_declared_machine_says(status: IncidentStatus, action: IncidentAction) -> None:
    assert declared.reached(ACCESS_INCIDENT, status, action) == declared.target("access_incident", status, action)


@pytest.mark.requirement("R-V14")
def test_what_can_be_refused() -> None:
    kinds = "refused delayed partial no_private_interview files_refused persons_refused cso_access_restricted"

    assert [kind.value for kind in IncidentKind] == kinds.split()


@pytest.mark.parametrize("kind", IncidentKind)
def test_our_own_powers_have_their_article(kind: IncidentKind) -> None:
    assert (kind in OPCAT_ARTICLES) == (kind is not IncidentKind.CSO_ACCESS_RESTRICTED)


@pytest.mark.parametrize(("action", "status", "gaps"), CASES)
def test_an_act_says_what_it_needs(action: IncidentAction, status: IncidentStatus, gaps: list[IncidentGap]) -> None:
    assert action_gaps(action, status, {}) == tuple(gaps)
    assert action_gaps(action, status, dict.fromkeys(gaps, "said")) == ()
    assert action_gaps(action, status, dict.fromkeys(gaps, " ")) == tuple(gaps)


@pytest.mark.parametrize("status", IncidentStatus)
def test_an_incident_is_open_until_it_is_resolved_or_closed(status: IncidentStatus) -> None:
    expected = status not in (IncidentStatus.RESOLVED, IncidentStatus.CLOSED)

    assert is_open(status) == expected
    assert raises_priority(status, is_serious=True) == expected
    assert not raises_priority(status, is_serious=False)
