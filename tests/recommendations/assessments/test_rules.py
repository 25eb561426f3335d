"""A claim stays a claim until the NPM has found it so."""

from itertools import product
from uuid import UUID

import pytest

from services.recommendations.assessments import rules
from services.recommendations.assessments.rules import ASSESSMENT, AssessmentAction, AssessmentState, Standing
from shared.workflow import AUTHORITY, IllegalTransition

PROPOSER = UUID(int=1)
OTHER = UUID(int=2)
OWN_WORD = "evidence other than the authority's own answer"

ASSESSMENT_LEADS_TO: dict[tuple[str, str], str] = {
    ("opened", "gather"): "gathering",
    ("gathering", "propose"): "proposed",
    ("proposed", "return"): "gathering",
    ("proposed", "approve"): "approved",
    ("approved", "supersede"): "superseded",
    ("opened", "drop"): "dropped",
    ("gathering", "drop"): "dropped",
    ("proposed", "drop"): "dropped",
}


@pytest.mark.parametrize(("state", "action"), list(product(AssessmentState, AssessmentAction)))
def test_every_action_on_a_assessment_is_decided_in_every_state(
    state: AssessmentState, action: AssessmentAction
) -> None:
    leads_to = ASSESSMENT_LEADS_TO.get((state, action))

    if leads_to is None:
        with pytest.raises(IllegalTransition, match=f"cannot {action.value} while {state.value}"):
            ASSESSMENT.after(state, action)
    else:
        assert ASSESSMENT.after(state, action) == leads_to


@pytest.mark.requirement("R-R25")
@pytest.mark.parametrize("status", ["implemented", "partially_implemented"])
@pytest.mark.parametrize("evidence", [[], ["response"], ["response", "response"]])
def test_implemented_on_the_authoritys_word_alone_stays_a_claim(status: str, evidence: list[str]) -> None:
    missing = rules.missing_for_proposal(status=status, reasons=["resources"], evidence_kinds=evidence)

    assert missing == (OWN_WORD,)


@pytest.mark.parametrize("kind", ["visit", "document", "third_party", "complaint_aggregate"])
def test_any_other_evidence_makes_it_a_finding(kind: str) -> None:
    evidence = ["response", kind]

    assert rules.missing_for_proposal(status="implemented", reasons=["other"], evidence_kinds=evidence) == ()


@pytest.mark.parametrize(
    "status", ["not_started", "in_progress", "not_implemented", "regressed", "not_assessable", "no_longer_applicable"]
)
def test_the_authoritys_word_is_enough_against_itself(status: str) -> None:
    assert rules.missing_for_proposal(status=status, reasons=["law"], evidence_kinds=["response"]) == ()


@pytest.mark.requirement("R-R18")
def test_a_proposal_says_why() -> None:
    assert rules.missing_for_proposal(status=None, reasons=[], evidence_kinds=["visit"]) == ("status", "reasons")


def test_two_persons_make_a_finding() -> None:
    assert rules.may_approve(OTHER, proposer=PROPOSER, has_tie_to_authority=False)
    assert not rules.may_approve(PROPOSER, proposer=PROPOSER, has_tie_to_authority=False)
    assert not rules.may_approve(OTHER, proposer=PROPOSER, has_tie_to_authority=True)


@pytest.mark.parametrize("state", AssessmentState)
def test_no_authority_touches_an_assessment(state: AssessmentState) -> None:
    assert ASSESSMENT.allowed(state, AUTHORITY) == ()


@pytest.mark.parametrize(
    ("claimed", "assessed", "other_evidence", "verified", "only_claimed", "contradicted"),
    [
        ("implemented", None, False, False, True, False),
        ("implemented", "implemented", True, True, False, False),
        ("implemented", "implemented", False, False, True, False),
        ("implemented", "in_progress", True, True, True, True),
        ("implemented", "not_assessable", True, False, True, False),
        ("in_progress", "implemented", True, True, False, False),
        (None, "not_implemented", True, True, False, False),
        (None, None, False, False, False, False),
    ],
)
def test_claimed_and_verified_stand_apart(
    claimed: str | None,
    assessed: str | None,
    other_evidence: bool,
    verified: bool,
    only_claimed: bool,
    contradicted: bool,
) -> None:
    standing = Standing(claimed=claimed, assessed=assessed, has_other_evidence=other_evidence)

    assert standing.is_verified is verified
    assert standing.is_only_claimed is only_claimed
    assert standing.is_contradicted is contradicted


def test_approving_says_that_the_status_changed() -> None:
    assert rules.STATUS_CHANGED == "recommendations.recommendation.status_changed"
