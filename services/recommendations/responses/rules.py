"""The rules of an authority's answer: what an addressee owes, and the versions behind it.

Pure: no database, no HTTP, no clock. Never asks for acceptance: OPCAT Art. 22 obliges authorities to examine
recommendations and enter into dialogue, and a rejection that gives reasons is a complete answer.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from shared.workflow import AUTHORITY, NPM, SYSTEM, IllegalTransition, Vocabulary, Workflow, step

RESPONSE_WORKING_DAYS = 30
REMINDER_WORKING_DAYS = 5
CLARIFICATION_WORKING_DAYS = 10


class ResponseState(Vocabulary):
    """The states of the machine `response`."""

    NOT_REQUESTED = "not_requested", "Not requested"
    AWAITED = "awaited", "Awaited"
    SUBMITTED = "submitted", "Submitted"
    UNDER_REVIEW = "under_review", "Under review"
    CLARIFICATION_REQUESTED = "clarification_requested", "Clarification requested"
    COMPLETE = "complete", "Complete"
    RELEASED = "released", "Released"


class ResponseAction(Vocabulary):
    """What can be done with it."""

    ADDRESS = "address", "Address"
    REQUEST = "request", "Request"
    SUBMIT = "submit", "Submit"
    REPLACE = "replace", "Replace"
    START_REVIEW = "start_review", "Start review"
    REQUEST_CLARIFICATION = "request_clarification", "Request clarification"
    ACCEPT = "accept", "Accept"
    REPORT_PROGRESS = "report_progress", "Report progress"
    ASK_AGAIN = "ask_again", "Ask again"
    RELEASE = "release", "Release"


RESPONSE = Workflow(
    name="response",
    initial=ResponseState.NOT_REQUESTED,
    create={
        ResponseAction.ADDRESS: step(ResponseState.NOT_REQUESTED, by=NPM, event="recommendations.response.prepared"),
    },
    transitions={
        (ResponseState.NOT_REQUESTED, ResponseAction.REQUEST): step(
            ResponseState.AWAITED, by=SYSTEM, event="recommendations.response.requested"
        ),
        **{
            (state, ResponseAction.SUBMIT): step(
                ResponseState.SUBMITTED,
                by={"authority_validator", "authority_contact"},
                event="recommendations.response.submitted",
            )
            for state in (ResponseState.AWAITED, ResponseState.CLARIFICATION_REQUESTED)
        },
        (ResponseState.SUBMITTED, ResponseAction.REPLACE): step(
            ResponseState.SUBMITTED, by={"authority_validator"}, event="recommendations.response.replaced"
        ),
        (ResponseState.SUBMITTED, ResponseAction.START_REVIEW): step(
            ResponseState.UNDER_REVIEW, by=NPM, event="recommendations.response.review_started"
        ),
        (ResponseState.UNDER_REVIEW, ResponseAction.REQUEST_CLARIFICATION): step(
            ResponseState.CLARIFICATION_REQUESTED, by=NPM, event="recommendations.response.clarification_requested"
        ),
        (ResponseState.UNDER_REVIEW, ResponseAction.ACCEPT): step(
            ResponseState.COMPLETE, by=NPM, event="recommendations.response.completed"
        ),
        (ResponseState.COMPLETE, ResponseAction.REPORT_PROGRESS): step(
            ResponseState.COMPLETE,
            by={"authority_validator", "authority_contact"},
            event="recommendations.response.progress_reported",
        ),
        **{
            (state, ResponseAction.ASK_AGAIN): step(
                ResponseState.AWAITED, by=NPM, event="recommendations.response.requested"
            )
            for state in (ResponseState.COMPLETE, ResponseState.RELEASED)
        },
        **{
            (state, ResponseAction.RELEASE): step(
                ResponseState.RELEASED, by={"head", "system"}, event="recommendations.response.released"
            )
            for state in (ResponseState.NOT_REQUESTED, ResponseState.AWAITED, ResponseState.CLARIFICATION_REQUESTED)
        },
    },
)


class AnswerVersionState(Vocabulary):
    """The states of the machine `authority_response`."""

    DRAFTING = "drafting", "Drafting"
    SUBMITTED = "submitted", "Submitted"
    SUPERSEDED = "superseded", "Superseded"
    DISCARDED = "discarded", "Discarded"


class AuthorityResponseAction(Vocabulary):
    """What can be done with it."""

    DRAFT = "draft", "Draft"
    SUBMIT = "submit", "Submit"
    DISCARD = "discard", "Discard"
    SUPERSEDE = "supersede", "Supersede"


AUTHORITY_RESPONSE = Workflow(
    name="authority_response",
    initial=AnswerVersionState.DRAFTING,
    create={
        AuthorityResponseAction.DRAFT: step(
            AnswerVersionState.DRAFTING,
            by=AUTHORITY | {"authority_contact"},
            event="recommendations.authority_response.drafted",
        ),
    },
    transitions={
        (AnswerVersionState.DRAFTING, AuthorityResponseAction.SUBMIT): step(
            AnswerVersionState.SUBMITTED,
            by={"authority_validator", "authority_contact"},
            event="recommendations.authority_response.submitted",
        ),
        (AnswerVersionState.DRAFTING, AuthorityResponseAction.DISCARD): step(
            AnswerVersionState.DISCARDED,
            by=AUTHORITY | {"authority_contact"},
            event="recommendations.authority_response.discarded",
        ),
        (AnswerVersionState.SUBMITTED, AuthorityResponseAction.SUPERSEDE): step(
            AnswerVersionState.SUPERSEDED, by=SYSTEM, event="recommendations.authority_response.superseded"
        ),
    },
    final=frozenset({AnswerVersionState.SUPERSEDED, AnswerVersionState.DISCARDED}),
)


class ResponsePosition(Vocabulary):
    """What an authority says to a recommendation."""

    ACCEPTED = "accepted", "Accepted"
    ACCEPTED_IN_PART = "accepted_in_part", "Accepted in part"
    REJECTED = "rejected", "Rejected"
    UNDER_CONSIDERATION = "under_consideration", "Under consideration"
    NO_COMPETENCE = "no_competence", "No competence"


class Obstacle(Vocabulary):
    """What stands in the way of implementation, told by an authority or found by the NPM."""

    RESOURCES = "resources", "Resources"
    STAFFING = "staffing", "Staffing"
    LAW = "law", "Law"
    POLICY = "policy", "Policy"
    INFRASTRUCTURE = "infrastructure", "Infrastructure"
    COORDINATION = "coordination", "Coordination"
    TRAINING = "training", "Training"
    DISAGREEMENT = "disagreement", "Disagreement"
    NO_COMPETENCE = "no_competence", "No competence"
    POLITICAL = "political", "Political"
    OTHER = "other", "Other"


class AddresseeRole(Vocabulary):
    """Which part an addressee has in a recommendation."""

    LEAD = "lead", "Lead"
    CONTRIBUTING = "contributing", "Contributing"


class AddresseeKind(Vocabulary):
    """Who may be addressed: other monitoring bodies too, on their methods, practices and priorities."""

    AUTHORITY = "authority", "Authority"
    MONITORING_BODY = "monitoring_body", "Monitoring body"


class ResponsePublication(Vocabulary):
    """How much of an answer the NPM publishes."""

    NONE = "none", "None"
    SUMMARY = "summary", "Summary"
    FULL = "full", "Full"


class AskedPart(Vocabulary):
    """What the NPM may ask an answer to contain, besides a position."""

    MEASURES = "measures", "Measures"
    PLANNED_DATE = "planned_date", "Planned date"
    OBSTACLES = "obstacles", "Obstacles"
    NEEDS = "needs", "Needs"


_DUE_IN = frozenset({ResponseState.AWAITED, ResponseState.CLARIFICATION_REQUESTED})
_ACT_OF_A_VERSION = {
    ResponseState.AWAITED: ResponseAction.SUBMIT,
    ResponseState.CLARIFICATION_REQUESTED: ResponseAction.SUBMIT,
    ResponseState.SUBMITTED: ResponseAction.REPLACE,
    ResponseState.COMPLETE: ResponseAction.REPORT_PROGRESS,
}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the guards of an answer look at."""

    position: ResponsePosition | None
    measure_count: int = 0
    planned_date: date | None = None
    obstacles: Collection[Obstacle] = ()
    needs: str | None = None
    reasons: str | None = None


def can_draft(state: ResponseState) -> bool:
    """Tell whether a new version may be begun."""
    return state in _ACT_OF_A_VERSION


def act_of_new_version(state: ResponseState) -> ResponseAction:
    """Give the action of the response that goes with submitting a version, in the same act."""
    if state not in _ACT_OF_A_VERSION:
        raise IllegalTransition(f"cannot submit a version while {state.value}")
    return _ACT_OF_A_VERSION[state]


def may_draft(roles: Collection[str]) -> bool:
    """Tell whether somebody with these roles may write a version."""
    return bool(AUTHORITY_RESPONSE.create[AuthorityResponseAction.DRAFT].by & frozenset(roles))


def may_submit(roles: Collection[str]) -> bool:
    """Tell whether somebody with these roles may hand a version in: the validating official, or paper by the NPM."""
    return AuthorityResponseAction.SUBMIT in AUTHORITY_RESPONSE.allowed(AnswerVersionState.DRAFTING, roles)


def missing_for_completion(answer: Answer, asked: Collection[AskedPart] = ()) -> tuple[str, ...]:
    """Name what an answer lacks: always a position, and what the NPM asked for."""
    given = {
        AskedPart.MEASURES: answer.measure_count > 0,
        AskedPart.PLANNED_DATE: answer.planned_date is not None,
        AskedPart.OBSTACLES: bool(answer.obstacles),
        AskedPart.NEEDS: bool((answer.needs or "").strip()),
    }
    position = () if answer.position else ("position",)
    return position + tuple(part.value for part in AskedPart if part in asked and not given[part])


def is_rejection_without_reasons(answer: Answer) -> bool:
    """Tell whether a recommendation was turned down without a word why; F6 takes it to the head."""
    turned_down = answer.position is ResponsePosition.REJECTED
    return turned_down and not answer.obstacles and not (answer.reasons or "").strip()


def is_overdue(state: ResponseState, due_on: date | None, answered_on: date | None, today: date) -> bool:
    """Tell whether an answer is owed and the day has passed; due is to the end of the day.

    `answered_on` is the answer to the request that is open now, None while there is none.
    """
    return state in _DUE_IN and answered_on is None and due_on is not None and today > due_on


def is_due_soon(state: ResponseState, due_on: date, reminder_on: date, today: date) -> bool:
    """Tell whether the reminder period runs: from `reminder_on`, counted by the calendar, to the day itself."""
    return state is ResponseState.AWAITED and reminder_on <= today <= due_on


def was_late(submitted_on: date, due_on: date) -> bool:
    """Tell whether an answer came after the due date that held at that time."""
    return submitted_on > due_on
