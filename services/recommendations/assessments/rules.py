"""The rules of an assessment: the NPM's own finding on implementation.

Pure: no database, no HTTP, no clock. Never turns an authority's word into a finding: a claim stays
beside it, as a claim.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from shared.workflow import NPM, SYSTEM, Vocabulary, Workflow, step

#: The second fact of an approval, on the recommendation itself.
STATUS_CHANGED = "recommendations.recommendation.status_changed"


class AssessmentState(Vocabulary):
    """The states of the machine `assessment`."""

    OPENED = "opened", "Opened"
    GATHERING = "gathering", "Gathering"
    PROPOSED = "proposed", "Proposed"
    APPROVED = "approved", "Approved"
    SUPERSEDED = "superseded", "Superseded"
    DROPPED = "dropped", "Dropped"


class AssessmentAction(Vocabulary):
    """What can be done with it."""

    OPEN = "open", "Open"
    GATHER = "gather", "Gather"
    PROPOSE = "propose", "Propose"
    RETURN = "return", "Return"
    APPROVE = "approve", "Approve"
    SUPERSEDE = "supersede", "Supersede"
    DROP = "drop", "Drop"


ASSESSMENT = Workflow(
    name="assessment",
    initial=AssessmentState.OPENED,
    create={
        AssessmentAction.OPEN: step(AssessmentState.OPENED, by=NPM | SYSTEM, event="recommendations.assessment.opened"),
    },
    transitions={
        (AssessmentState.OPENED, AssessmentAction.GATHER): step(
            AssessmentState.GATHERING, by=NPM, event="recommendations.assessment.gathering_started"
        ),
        (AssessmentState.GATHERING, AssessmentAction.PROPOSE): step(
            AssessmentState.PROPOSED, by=NPM, event="recommendations.assessment.proposed"
        ),
        (AssessmentState.PROPOSED, AssessmentAction.RETURN): step(
            AssessmentState.GATHERING, by={"approver"}, event="recommendations.assessment.returned"
        ),
        (AssessmentState.PROPOSED, AssessmentAction.APPROVE): step(
            AssessmentState.APPROVED, by={"approver"}, event="recommendations.assessment.approved"
        ),
        (AssessmentState.APPROVED, AssessmentAction.SUPERSEDE): step(
            AssessmentState.SUPERSEDED, by=SYSTEM, event="recommendations.assessment.superseded"
        ),
        **{
            (state, AssessmentAction.DROP): step(
                AssessmentState.DROPPED, by=NPM, event="recommendations.assessment.dropped"
            )
            for state in (AssessmentState.OPENED, AssessmentState.GATHERING, AssessmentState.PROPOSED)
        },
    },
    final=frozenset({AssessmentState.SUPERSEDED, AssessmentState.DROPPED}),
)


class AssessmentTrigger(Vocabulary):
    """What said that it is time to look."""

    PERSON = "person", "A person"
    VISIT_COMPLETED = "visit_completed", "Visit completed at its place"
    RESPONSE_COMPLETED = "response_completed", "Answer completed"
    NON_IMPLEMENTATION_SIGNAL = "non_implementation_signal", "Signal of non-implementation"
    COMMITMENT_BROKEN = "commitment_broken", "Commitment broken"


_AUTHORITYS_OWN = "response"
_NEEDS_OTHER_EVIDENCE = ("implemented", "partially_implemented")
_SAYS_NOTHING = (None, "not_assessable")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is claimed and what is verified about one recommendation, never mixed."""

    claimed: str | None
    assessed: str | None
    has_other_evidence: bool

    @property
    def is_verified(self) -> bool:
        """A finding that rests on more than the authority's answer."""
        return self.assessed not in _SAYS_NOTHING and self.has_other_evidence

    @property
    def is_only_claimed(self) -> bool:
        """The authority says implemented, the NPM has not found so (or has not looked)."""
        return self.claimed == "implemented" and not (self.assessed == "implemented" and self.has_other_evidence)

    @property
    def is_contradicted(self) -> bool:
        """The authority says implemented, the NPM looked and found otherwise."""
        return self.claimed == "implemented" and self.assessed not in (*_SAYS_NOTHING, "implemented")


def has_other_evidence(evidence_kinds: Collection[str]) -> bool:
    """Tell whether something besides the authority's own answer speaks."""
    return any(kind != _AUTHORITYS_OWN for kind in evidence_kinds)


def missing_for_proposal(
    *, status: str | None, reasons: Collection[str], evidence_kinds: Collection[str]
) -> tuple[str, ...]:
    """Name what a proposed finding lacks; implemented on the authority's word alone stays a claim."""
    needed = {
        "status": bool(status),
        "reasons": bool(reasons),
        "evidence other than the authority's own answer": status not in _NEEDS_OTHER_EVIDENCE
        or has_other_evidence(evidence_kinds),
    }
    return tuple(name for name, there in needed.items() if not there)


def may_approve(approver: UUID, *, proposer: UUID, has_tie_to_authority: bool) -> bool:
    """Tell whether this person may approve: two persons, compared as persons, and none with a tie to the authority."""
    return approver != proposer and not has_tie_to_authority
