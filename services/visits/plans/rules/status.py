"""The kinds and the states of a plan.

Pure: no database, no HTTP, no clock. What has to be there before each act is in `adoption`, never here.
"""

from datetime import date

from shared.workflow import Vocabulary, Workflow, step

HEAD = frozenset({"head"})
NOT_SECONDED = frozenset({"head", "member", "staff"})


class PlanKind(Vocabulary):
    """Where to go (strategic), what to do (operational), and how to begin."""

    STRATEGIC = "strategic", "Strategic"
    OPERATIONAL = "operational", "Operational"
    PRELIMINARY = "preliminary", "Preliminary"
    INTERIM = "interim", "Interim"


class ObjectiveKind(Vocabulary):
    """What an objective wants to change."""

    DETENTION_CHANGE = "detention_change", "Change in detention"
    INSTITUTIONAL = "institutional", "Building the institution"


class ActivityKind(Vocabulary):
    """What kind of work an activity is."""

    VISIT = "visit", "Visit"
    REPORT = "report", "Report"
    DIALOGUE = "dialogue", "Dialogue"
    TRAINING = "training", "Training and capacity building"
    EDUCATION = "education", "Education"
    LEGAL_POLICY = "legal_policy", "Legal and policy advice"
    INSTITUTIONAL_DEVELOPMENT = "institutional_development", "Institutional development"
    STRATEGY_PREPARATION = "strategy_preparation", "Preparation of the strategy"
    OTHER = "other", "Other"


class PlanStatus(Vocabulary):
    """The states of a plan."""

    ANALYSING = "analysing", "Analysing"
    DRAFTING = "drafting", "Drafting"
    CONSULTATION = "consultation", "Consultation"
    FINAL_DRAFT = "final_draft", "Final draft"
    ADOPTED = "adopted", "Adopted"
    UNDER_REVIEW = "under_review", "Under review"
    EVALUATED = "evaluated", "Evaluated"
    SUPERSEDED = "superseded", "Superseded"
    CLOSED = "closed", "Closed"
    ABANDONED = "abandoned", "Abandoned"


class PlanAction(Vocabulary):
    """What is done with a plan."""

    OPEN = "open", "Open"
    DRAFT = "draft", "Draft"
    CONSULT = "consult", "Consult"
    FINALISE = "finalise", "Finalise"
    RETURN = "return", "Return"
    ADOPT = "adopt", "Adopt"
    REVIEW = "review", "Review"
    CONFIRM = "confirm", "Confirm"
    AMEND = "amend", "Amend"
    SUPERSEDE = "supersede", "Supersede"
    EVALUATE = "evaluate", "Evaluate"
    CLOSE = "close", "Close"
    ABANDON = "abandon", "Abandon"


PLAN = Workflow(
    name="plan",
    initial=PlanStatus.ANALYSING,
    create={PlanAction.OPEN: step(PlanStatus.ANALYSING, by=NOT_SECONDED, event="visits.plan.opened")},
    transitions={
        (PlanStatus.ANALYSING, PlanAction.DRAFT): step(
            PlanStatus.DRAFTING, by=NOT_SECONDED, event="visits.plan.drafting_started"
        ),
        **{
            (state, PlanAction.CONSULT): step(
                PlanStatus.CONSULTATION, by=NOT_SECONDED, event="visits.plan.consultation_opened"
            )
            for state in (PlanStatus.ANALYSING, PlanStatus.DRAFTING)
        },
        **{
            (state, PlanAction.FINALISE): step(PlanStatus.FINAL_DRAFT, by=NOT_SECONDED, event="visits.plan.finalised")
            for state in (PlanStatus.DRAFTING, PlanStatus.CONSULTATION)
        },
        **{
            (state, PlanAction.RETURN): step(PlanStatus.DRAFTING, by=NOT_SECONDED, event="visits.plan.returned")
            for state in (PlanStatus.CONSULTATION, PlanStatus.FINAL_DRAFT)
        },
        (PlanStatus.FINAL_DRAFT, PlanAction.ADOPT): step(PlanStatus.ADOPTED, by=HEAD, event="visits.plan.adopted"),
        (PlanStatus.ADOPTED, PlanAction.REVIEW): step(
            PlanStatus.UNDER_REVIEW, by=NOT_SECONDED, event="visits.plan.review_started"
        ),
        (PlanStatus.UNDER_REVIEW, PlanAction.CONFIRM): step(PlanStatus.ADOPTED, by=HEAD, event="visits.plan.confirmed"),
        (PlanStatus.UNDER_REVIEW, PlanAction.AMEND): step(PlanStatus.ADOPTED, by=HEAD, event="visits.plan.amended"),
        **{
            (state, PlanAction.SUPERSEDE): step(PlanStatus.SUPERSEDED, by=HEAD, event="visits.plan.superseded")
            for state in (PlanStatus.ADOPTED, PlanStatus.UNDER_REVIEW)
        },
        **{
            (state, PlanAction.EVALUATE): step(PlanStatus.EVALUATED, by=NOT_SECONDED, event="visits.plan.evaluated")
            for state in (PlanStatus.ADOPTED, PlanStatus.UNDER_REVIEW, PlanStatus.SUPERSEDED)
        },
        (PlanStatus.EVALUATED, PlanAction.CLOSE): step(PlanStatus.CLOSED, by=HEAD, event="visits.plan.closed"),
        **{
            (state, PlanAction.ABANDON): step(PlanStatus.ABANDONED, by=HEAD, event="visits.plan.abandoned")
            for state in (PlanStatus.ANALYSING, PlanStatus.DRAFTING, PlanStatus.CONSULTATION, PlanStatus.FINAL_DRAFT)
        },
    },
    final=frozenset({PlanStatus.CLOSED, PlanStatus.ABANDONED}),
)


def is_in_force(status: PlanStatus, from_on: date, to_on: date, today: date) -> bool:
    """Whether a plan binds on a day."""
    return status in (PlanStatus.ADOPTED, PlanStatus.UNDER_REVIEW) and from_on <= today <= to_on


def is_evaluation_due(status: PlanStatus, to_on: date, today: date) -> bool:
    """Whether a plan has run out and waits for its evaluation."""
    return status in (PlanStatus.ADOPTED, PlanStatus.UNDER_REVIEW) and today > to_on
