"""The rules of a visit proposal: what triggers one, and who may accept or decline it.

Pure: no database, no HTTP, no clock. A proposal asks for a decision; it never makes a visit by itself.
"""

from datetime import date, timedelta

from services.visits.visits.rules.status import VisitType
from shared.workflow import NPM, SYSTEM, Vocabulary, Workflow, step

NOT_SECONDED = frozenset({"head", "member", "staff"})

#: A place that an international body visited is checked for reprisals within this time (R-V103).
REPRISAL_CHECK_DAYS = 30
#: Bodies after whose visits people who spoke are in danger; the codes are those of the international bodies.
INTERNATIONAL_VISITORS = frozenset(
    {
        "spt",
        "cat",
        "cpt",
        "cpta",
        "special_rapporteur_torture",
        "wgad",
        "wgeid",
        "other_special_procedure",
        "iachr_or_rapporteurship",
    }
)
#: Types of visit that only the head may make out of a proposal.
HEADS_TYPES = frozenset({VisitType.AD_HOC, VisitType.REACTIVE})


class ProposalTrigger(Vocabulary):
    """What a proposal comes from."""

    SCORE = "score", "Priority score"
    PATTERN = "pattern", "Complaint pattern"
    REPRISAL = "reprisal", "Reprisal"
    REQUEST = "request", "Request"
    OBJECTIVE = "objective", "Objective of the plan"
    EXTERNAL_VISIT = "external_visit", "Visit of another body"
    INFORMATION = "information", "Information received"
    ACCESS_INCIDENT = "access_incident", "Access incident"


#: What the service itself may open a proposal for.
SYSTEM_TRIGGERS = frozenset(
    {
        ProposalTrigger.PATTERN,
        ProposalTrigger.REPRISAL,
        ProposalTrigger.REQUEST,
        ProposalTrigger.EXTERNAL_VISIT,
        ProposalTrigger.SCORE,
    }
)


class ProposalStatus(Vocabulary):
    """The states of a visit proposal."""

    OPEN = "open", "Open"
    DEFERRED = "deferred", "Deferred"
    ACCEPTED = "accepted", "Accepted"
    MERGED = "merged", "Merged"
    DECLINED = "declined", "Declined"


class ProposalAction(Vocabulary):
    """What is done with a visit proposal."""

    PROPOSE = "propose", "Propose"
    ACCEPT = "accept", "Accept"
    MERGE = "merge", "Merge"
    DECLINE = "decline", "Decline"
    DEFER = "defer", "Defer"
    REOPEN = "reopen", "Reopen"


VISIT_PROPOSAL = Workflow(
    name="visit_proposal",
    initial=ProposalStatus.OPEN,
    create={ProposalAction.PROPOSE: step(ProposalStatus.OPEN, by=NPM | SYSTEM, event="visits.visit_proposal.opened")},
    transitions={
        **{
            (state, ProposalAction.ACCEPT): step(
                ProposalStatus.ACCEPTED, by=NOT_SECONDED, event="visits.visit_proposal.accepted"
            )
            for state in (ProposalStatus.OPEN, ProposalStatus.DEFERRED)
        },
        **{
            (state, ProposalAction.MERGE): step(ProposalStatus.MERGED, by=NPM, event="visits.visit_proposal.merged")
            for state in (ProposalStatus.OPEN, ProposalStatus.DEFERRED)
        },
        **{
            (state, ProposalAction.DECLINE): step(
                ProposalStatus.DECLINED, by=NOT_SECONDED, event="visits.visit_proposal.declined"
            )
            for state in (ProposalStatus.OPEN, ProposalStatus.DEFERRED)
        },
        (ProposalStatus.OPEN, ProposalAction.DEFER): step(
            ProposalStatus.DEFERRED, by=NPM, event="visits.visit_proposal.deferred"
        ),
        (ProposalStatus.DEFERRED, ProposalAction.REOPEN): step(
            ProposalStatus.OPEN, by=NPM | SYSTEM, event="visits.visit_proposal.reopened"
        ),
    },
    final=frozenset({ProposalStatus.ACCEPTED, ProposalStatus.MERGED, ProposalStatus.DECLINED}),
)


def needs_head(action: ProposalAction, *, trigger: ProposalTrigger, visit_type: VisitType | None = None) -> bool:
    """Whether only the head may take this act: ad hoc and reactive visits, and a no after a reprisal."""
    if action is ProposalAction.ACCEPT:
        return visit_type in HEADS_TYPES
    return action is ProposalAction.DECLINE and trigger is ProposalTrigger.REPRISAL


def is_past_due(status: ProposalStatus, due_on: date, today: date) -> bool:
    """Whether a decision is owed for too long."""
    return status is ProposalStatus.OPEN and today > due_on


def calls_for_reprisal_check(body_kind: str) -> bool:
    """Whether a visit by a body of this kind is followed by a check for reprisals (R-V103)."""
    return body_kind in INTERNATIONAL_VISITORS


def reprisal_check_due_on(visit_ended_on: date, days: int = REPRISAL_CHECK_DAYS) -> date:
    """Give the day by which reprisals are checked; what protects a person runs in calendar days."""
    return visit_ended_on + timedelta(days=days)
