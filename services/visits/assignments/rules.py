"""The rules of an expert's assignment to a visit: from the wish to have somebody to the last comment.

Pure: no database, no HTTP, no clock. Standing and conflicts are judged by the stakeholders service; here they are
conditions that were answered there.
"""

from collections.abc import Collection
from datetime import date

from shared.workflow import SYSTEM, Vocabulary, Workflow, step

LEAD = frozenset({"lead"})
HEAD_OR_LEAD = frozenset({"head", "lead"})


class AssignmentStatus(Vocabulary):
    """The states of an expert assignment."""

    PROPOSED = "proposed", "Proposed"
    CLEARED = "cleared", "Cleared"
    CONFIRMED = "confirmed", "Confirmed"
    PREPARATION_ONLY = "preparation_only", "Preparation only"
    PREPARED = "prepared", "Prepared"
    DEPLOYED = "deployed", "Deployed"
    DEBRIEFED = "debriefed", "Debriefed"
    CLOSED = "closed", "Closed"
    WITHDRAWN = "withdrawn", "Withdrawn"


class AssignmentAction(Vocabulary):
    """What is done with an expert assignment."""

    PROPOSE = "propose", "Propose"
    CLEAR = "clear", "Clear"
    CONFIRM = "confirm", "Confirm"
    LIMIT_TO_PREPARATION = "limit_to_preparation", "Limit to preparation"
    PREPARE = "prepare", "Prepare"
    DEPLOY = "deploy", "Deploy"
    DEBRIEF = "debrief", "Debrief"
    CLOSE = "close", "Close"
    WITHDRAW = "withdraw", "Withdraw"


EXPERT_ASSIGNMENT = Workflow(
    name="expert_assignment",
    initial=AssignmentStatus.PROPOSED,
    create={
        AssignmentAction.PROPOSE: step(
            AssignmentStatus.PROPOSED, by=HEAD_OR_LEAD, event="visits.expert_assignment.proposed"
        )
    },
    transitions={
        (AssignmentStatus.PROPOSED, AssignmentAction.CLEAR): step(
            AssignmentStatus.CLEARED, by=HEAD_OR_LEAD, event="visits.expert_assignment.cleared"
        ),
        (AssignmentStatus.CLEARED, AssignmentAction.CONFIRM): step(
            AssignmentStatus.CONFIRMED, by=LEAD, event="visits.expert_assignment.confirmed"
        ),
        **{
            (state, AssignmentAction.LIMIT_TO_PREPARATION): step(
                AssignmentStatus.PREPARATION_ONLY, by=LEAD, event="visits.expert_assignment.limited"
            )
            for state in (AssignmentStatus.PROPOSED, AssignmentStatus.CLEARED)
        },
        (AssignmentStatus.CONFIRMED, AssignmentAction.PREPARE): step(
            AssignmentStatus.PREPARED, by=LEAD, event="visits.expert_assignment.prepared"
        ),
        (AssignmentStatus.PREPARED, AssignmentAction.DEPLOY): step(
            AssignmentStatus.DEPLOYED, by=LEAD, event="visits.expert_assignment.deployed"
        ),
        (AssignmentStatus.DEPLOYED, AssignmentAction.DEBRIEF): step(
            AssignmentStatus.DEBRIEFED, by=LEAD, event="visits.expert_assignment.debriefed"
        ),
        (AssignmentStatus.DEBRIEFED, AssignmentAction.CLOSE): step(
            AssignmentStatus.CLOSED, by=LEAD, event="visits.expert_assignment.closed"
        ),
        (AssignmentStatus.PREPARATION_ONLY, AssignmentAction.CLOSE): step(
            AssignmentStatus.CLOSED, by=LEAD, event="visits.expert_assignment.closed"
        ),
        **{
            (state, AssignmentAction.WITHDRAW): step(
                AssignmentStatus.WITHDRAWN, by=HEAD_OR_LEAD | SYSTEM, event="visits.expert_assignment.withdrawn"
            )
            for state in (
                AssignmentStatus.PROPOSED,
                AssignmentStatus.CLEARED,
                AssignmentStatus.CONFIRMED,
                AssignmentStatus.PREPARATION_ONLY,
                AssignmentStatus.PREPARED,
                AssignmentStatus.DEPLOYED,
                AssignmentStatus.DEBRIEFED,
            )
        },
    },
    final=frozenset({AssignmentStatus.CLOSED, AssignmentStatus.WITHDRAWN}),
)


class AssignmentGap(Vocabulary):
    """What is missing before an act on an assignment."""

    TASKS = "tasks", "no task is named"
    DECLARATION = "declaration", "the expert has not renewed the declaration of conflicts for this visit"
    CONFLICT = "conflict", "a conflict that is open or in force excludes the expert"
    STANDING = "standing", "the expert is not in standing on every visit day"
    CONTRACT = "contract", "the contract is not signed"
    CONFIDENTIALITY = "confidentiality", "the confidentiality agreement is not signed"
    TRAINING = "training", "the induction training is not done"
    PREPARATION = "preparation", "no part in the preparation is recorded"
    VISIT_NOT_ON = "visit_not_on", "the visit is not in progress"
    ALONE = "alone", "no member or staff is in the same session"
    DEBRIEFING = "debriefing", "the expert neither attended the debriefing nor wrote"
    COMMENT = "comment", "a comment on the report is still awaited"
    CONTRIBUTION = "contribution", "the contribution is not recorded"


#: States in which an expert still belongs to the visit and may see it.
OPEN_STATES = frozenset(AssignmentStatus) - EXPERT_ASSIGNMENT.final


def clearance_gaps(*, is_declaration_renewed: bool, is_excluded: bool) -> tuple[AssignmentGap, ...]:
    """Say what is missing before an expert is cleared: a declaration for this visit, and no excluding conflict."""
    return _missing((AssignmentGap.DECLARATION, is_declaration_renewed), (AssignmentGap.CONFLICT, not is_excluded))


def confirmation_gaps(*, days: Collection[date], standing_days: Collection[date]) -> tuple[AssignmentGap, ...]:
    """An expert is in standing on every day of the visit, and a visit without days confirms nobody."""
    return _missing((AssignmentGap.STANDING, bool(days) and set(days) <= set(standing_days)))


def limitation_gaps(
    *, has_contract: bool, has_confidentiality: bool, is_trained: bool, may_prepare: bool
) -> tuple[AssignmentGap, ...]:
    """Say what is missing before an expert helps to prepare and stays at home (R-V60)."""
    return _missing(
        (AssignmentGap.CONTRACT, has_contract),
        (AssignmentGap.CONFIDENTIALITY, has_confidentiality),
        (AssignmentGap.TRAINING, is_trained),
        (AssignmentGap.CONFLICT, may_prepare),
    )


def deployment_gaps(
    *, is_visit_in_progress: bool, is_in_standing: bool, is_accompanied: bool
) -> tuple[AssignmentGap, ...]:
    """Say what stands against an expert going in now (R-V67)."""
    return _missing(
        (AssignmentGap.VISIT_NOT_ON, is_visit_in_progress),
        (AssignmentGap.STANDING, is_in_standing),
        (AssignmentGap.ALONE, is_accompanied),
    )


def closing_gaps(
    status: AssignmentStatus, *, are_comments_settled: bool, has_contribution: bool
) -> tuple[AssignmentGap, ...]:
    """Say what an expert may still do: comment on the report after a visit, or contribute to its preparation."""
    if status is AssignmentStatus.PREPARATION_ONLY:
        return _missing((AssignmentGap.CONTRIBUTION, has_contribution))
    return _missing((AssignmentGap.COMMENT, are_comments_settled))


def has_access(
    status: AssignmentStatus, *, is_in_standing: bool, today: date, from_on: date | None, until_on: date | None
) -> bool:
    """Whether an expert may see the visit today: from the first day of preparation to the end of the comments."""
    if from_on is None or until_on is None:
        return False
    return status in OPEN_STATES and is_in_standing and from_on <= today <= until_on


def _missing(*conditions: tuple[AssignmentGap, bool]) -> tuple[AssignmentGap, ...]:
    return tuple(gap for gap, is_met in conditions if not is_met)
