"""The rules of a recommendation: its vocabularies, its machine and what each step asks for.

Pure: no database, no HTTP, no clock. Never reads an authority's claim as a fact: the implementation status is that of
the last approved assessment.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shared.workflow import NPM, Vocabulary, Workflow, step

STALLED_DAYS = 180
FOLLOW_UP_AT_MOST_DAYS = 180


class RecommendationState(Vocabulary):
    """The states of the machine `recommendation`."""

    DRAFT = "draft", "Draft"
    INTERNAL_REVIEW = "internal_review", "Internal review"
    DRAFT_CONSULTATION = "draft_consultation", "Draft consultation"
    APPROVED = "approved", "Approved"
    TRANSMITTED = "transmitted", "Transmitted"
    IN_FOLLOW_UP = "in_follow_up", "In follow up"
    CLOSED = "closed", "Closed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    DROPPED = "dropped", "Dropped"


class RecommendationAction(Vocabulary):
    """What can be done with it."""

    DRAFT = "draft", "Draft"
    SUBMIT = "submit", "Submit"
    RETURN = "return", "Return"
    CONSULT = "consult", "Consult"
    APPROVE = "approve", "Approve"
    WITHDRAW_APPROVAL = "withdraw_approval", "Withdraw approval"
    TRANSMIT = "transmit", "Transmit"
    PUBLISH = "publish", "Publish"
    START_FOLLOW_UP = "start_follow_up", "Start follow up"
    CLOSE = "close", "Close"
    REOPEN = "reopen", "Reopen"
    WITHDRAW = "withdraw", "Withdraw"
    DROP = "drop", "Drop"


_State = RecommendationState
_Action = RecommendationAction

RECOMMENDATION = Workflow(
    name="recommendation",
    initial=_State.DRAFT,
    create={
        _Action.DRAFT: step(_State.DRAFT, by=NPM | {"expert"}, event="recommendations.recommendation.drafted"),
    },
    transitions={
        (_State.DRAFT, _Action.SUBMIT): step(
            _State.INTERNAL_REVIEW, by=NPM, event="recommendations.recommendation.submitted"
        ),
        **{
            (state, _Action.RETURN): step(
                _State.DRAFT, by={"approver"}, event="recommendations.recommendation.returned"
            )
            for state in (_State.INTERNAL_REVIEW, _State.DRAFT_CONSULTATION)
        },
        (_State.INTERNAL_REVIEW, _Action.CONSULT): step(
            _State.DRAFT_CONSULTATION, by=NPM, event="recommendations.recommendation.consultation_opened"
        ),
        **{
            (state, _Action.APPROVE): step(
                _State.APPROVED, by={"approver"}, event="recommendations.recommendation.approved"
            )
            for state in (_State.INTERNAL_REVIEW, _State.DRAFT_CONSULTATION)
        },
        (_State.APPROVED, _Action.WITHDRAW_APPROVAL): step(
            _State.DRAFT, by={"approver"}, event="recommendations.recommendation.approval_withdrawn"
        ),
        (_State.APPROVED, _Action.TRANSMIT): step(
            _State.TRANSMITTED, by={"authority_contact"}, event="recommendations.recommendation.transmitted"
        ),
        **{
            (state, _Action.PUBLISH): step(
                _State.IN_FOLLOW_UP, by={"head", "system"}, event="recommendations.recommendation.published"
            )
            for state in (_State.TRANSMITTED, _State.IN_FOLLOW_UP)
        },
        (_State.TRANSMITTED, _Action.START_FOLLOW_UP): step(
            _State.IN_FOLLOW_UP, by={"head"}, event="recommendations.recommendation.follow_up_started"
        ),
        (_State.CLOSED, _Action.PUBLISH): step(
            _State.CLOSED, by={"head", "system"}, event="recommendations.recommendation.published"
        ),
        (_State.IN_FOLLOW_UP, _Action.CLOSE): step(
            _State.CLOSED, by={"head"}, event="recommendations.recommendation.closed"
        ),
        (_State.CLOSED, _Action.REOPEN): step(
            _State.IN_FOLLOW_UP, by={"head", "approver"}, event="recommendations.recommendation.reopened"
        ),
        **{
            (state, _Action.WITHDRAW): step(
                _State.WITHDRAWN, by={"head"}, event="recommendations.recommendation.withdrawn"
            )
            for state in (_State.TRANSMITTED, _State.IN_FOLLOW_UP)
        },
        **{
            (state, _Action.DROP): step(_State.DROPPED, by={"approver"}, event="recommendations.recommendation.dropped")
            for state in (_State.DRAFT, _State.INTERNAL_REVIEW, _State.DRAFT_CONSULTATION, _State.APPROVED)
        },
    },
    final=frozenset({_State.WITHDRAWN, _State.DROPPED}),
)


class RecommendationOrigin(Vocabulary):
    """What a recommendation came out of."""

    VISIT = "visit", "Visit"
    THEMATIC = "thematic", "Thematic work"
    COMPLAINT_PATTERN = "complaint_pattern", "Pattern of complaints"
    ON_SITE_ACTION = "on_site_action", "Matter raised on site"
    LAW_REVIEW = "law_review", "Review of law"
    INTERNATIONAL = "international", "International recommendation"


class ScopeKind(Vocabulary):
    """How far a recommendation reaches (rec_scope)."""

    PLACE = "place", "Place"
    PLACE_TYPE = "place_type", "Type of place"
    REGION = "region", "Region"
    SYSTEM = "system", "System"
    LEGISLATION = "legislation", "Legislation"


class Priority(Vocabulary):
    """How pressing it is (rec_priority)."""

    IMMEDIATE = "immediate", "Immediate"
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class Horizon(Vocabulary):
    """How long a change may take (rec_horizon)."""

    IMMEDIATE = "immediate", "Immediate"
    SHORT = "short", "Short (to 6 months)"
    MEDIUM = "medium", "Medium (to 24 months)"
    LONG = "long", "Long"


class RootCauseLevel(Vocabulary):
    """Where the cause of a problem lies: past the conditions, into law, policy and institutions."""

    INDIVIDUAL_CONDUCT = "individual_conduct", "Individual conduct"
    PLACE_MANAGEMENT = "place_management", "Management of the place"
    RESOURCES = "resources", "Resources"
    POLICY_OR_PROCEDURE = "policy_or_procedure", "Policy or procedure"
    LAW = "law", "Law"
    INSTITUTIONAL_FRAMEWORK = "institutional_framework", "Institutional framework"
    ATTITUDES_AND_TRAINING = "attitudes_and_training", "Attitudes and training"


class RecommendationKind(Vocabulary):
    """What kind of change is asked for; `methodology` is for other monitoring bodies."""

    PRACTICE = "practice", "Practice"
    RESOURCES = "resources", "Resources"
    TRAINING = "training", "Training"
    POLICY = "policy", "Policy"
    LEGISLATION = "legislation", "Legislation"
    METHODOLOGY = "methodology", "Methodology"
    INVESTIGATION = "investigation", "Investigation"


class ImplementationStatus(Vocabulary):
    """How far a recommendation is put into practice; the same codes for a claim and for a finding."""

    NOT_STARTED = "not_started", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    PARTIALLY_IMPLEMENTED = "partially_implemented", "Partially implemented"
    IMPLEMENTED = "implemented", "Implemented"
    NOT_IMPLEMENTED = "not_implemented", "Not implemented"
    REGRESSED = "regressed", "Regressed"
    NOT_ASSESSABLE = "not_assessable", "Not assessable"
    NO_LONGER_APPLICABLE = "no_longer_applicable", "No longer applicable"


class QualityCriterion(Vocabulary):
    """The ten questions of the quality list (APT's Double-SMART), each answered yes or no before approval."""

    SPECIFIC = "specific", "Specific"
    MEASURABLE = "measurable", "Measurable"
    ACHIEVABLE = "achievable", "Achievable"
    RESULTS_ORIENTED = "results_oriented", "Results-oriented"
    TIME_BOUND = "time_bound", "Time-bound"
    SOLUTION_SUGGESTIVE = "solution_suggestive", "Solution-suggestive"
    MINDFUL_OF_PRIORITY = "mindful_of_priority", "Mindful of priority"
    ARGUED = "argued", "Argued"
    ROOT_CAUSE_RESPONSIVE = "root_cause_responsive", "Root-cause responsive"
    TARGETED = "targeted", "Targeted"


class EvidenceKind(Vocabulary):
    """What a statement on a recommendation rests on; complaints only as an aggregate."""

    VISIT = "visit", "Visit"
    DOCUMENT = "document", "Document"
    THIRD_PARTY = "third_party", "Third party"
    COMPLAINT_AGGREGATE = "complaint_aggregate", "Aggregate of complaints"
    RESPONSE = "response", "The authority's answer"


class ReopenGround(Vocabulary):
    """Why a closed recommendation is taken up again."""

    NEW_EVIDENCE = "new_evidence", "New evidence"
    REGRESSION = "regression", "Regression"
    NON_IMPLEMENTATION_SIGNAL = "non_implementation_signal", "Signal of non-implementation"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What the submit guard looks at."""

    text: Mapping[str, str]
    theme: str | None
    scope: str | None
    root_cause_level: str | None
    addressee_roles: Collection[str]
    quality: Mapping[str, bool]


def missing_for_submit(draft: Draft) -> tuple[str, ...]:
    """Name what a draft still needs before somebody reviews it; a `no` on the quality list is an answer."""
    needed = {
        "text": any(words.strip() for words in draft.text.values()),
        **{name: bool(getattr(draft, name)) for name in ("theme", "scope", "root_cause_level")},
        "lead addressee": "lead" in draft.addressee_roles,
        **{f"quality.{criterion.value}": criterion in draft.quality for criterion in QualityCriterion},
    }
    return tuple(name for name, there in needed.items() if not there)


def missing_for_approval(*, finding_count: int, stated_basis: str | None) -> tuple[str, ...]:
    """Ask for findings or another stated basis: a recommendation rests on something verified."""
    return () if finding_count or (stated_basis or "").strip() else ("findings or another stated basis",)


def missing_for_transmission(due_dates: Sequence[date | None]) -> tuple[str, ...]:
    """Ask for at least one addressee and a due date for each: a written answer is asked for with a deadline."""
    return () if due_dates and all(due_dates) else ("due_on of every addressee, at least one",)


def missing_for_follow_up(
    next_on: date | None, today: date, *, at_most_days: int = FOLLOW_UP_AT_MOST_DAYS
) -> tuple[str, ...]:
    """Ask for a next date that is not too far: follow-up is continuous until the recommendation is closed."""
    near = next_on is not None and next_on <= today + timedelta(days=at_most_days)
    return () if near else (f"next_follow_up_on, at most {at_most_days} days away",)


def missing_for_closing(
    status: ImplementationStatus | None, *, superseded: bool = False, reason: str | None = None
) -> tuple[str, ...]:
    """Ask for what ends follow-up: a finding of the NPM itself, a successor, or giving up with a reason."""
    if superseded or status in (ImplementationStatus.IMPLEMENTED, ImplementationStatus.NO_LONGER_APPLICABLE):
        return ()
    if status is ImplementationStatus.NOT_IMPLEMENTED:
        return () if (reason or "").strip() else ("reason",)
    return ("approved assessment that says implemented, no_longer_applicable or not_implemented",)


def is_follow_up_due(state: RecommendationState, next_follow_up_on: date | None, today: date) -> bool:
    """Tell whether it is time to look again: on the day itself already."""
    in_follow_up = state is RecommendationState.IN_FOLLOW_UP
    return in_follow_up and next_follow_up_on is not None and today >= next_follow_up_on


def is_implementation_overdue(
    state: RecommendationState, implementation_due: date | None, status: ImplementationStatus | None, today: date
) -> bool:
    """Tell whether the date has passed and no approved assessment says implemented."""
    late = implementation_due is not None and today > implementation_due
    in_follow_up = state is RecommendationState.IN_FOLLOW_UP
    return in_follow_up and late and status is not ImplementationStatus.IMPLEMENTED


def is_stalled(state: RecommendationState, last_event_on: date, today: date, *, after_days: int = STALLED_DAYS) -> bool:
    """Tell whether nothing at all has happened in follow-up for the stalled period."""
    return state is RecommendationState.IN_FOLLOW_UP and (today - last_event_on).days >= after_days


def is_contradicted(*, claimed_implemented: bool, signal_level: str | None) -> bool:
    """Tell whether complaints (F4) speak against a claim; it never changes a status."""
    return claimed_implemented and signal_level in ("weak", "strong")
