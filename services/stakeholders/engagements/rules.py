"""The rules of an engagement: every meeting, call and letter with somebody outside, and what came of it.

Pure: no database, no HTTP, no clock. An informal message is logged as a contact; nothing here holds its text.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shared.workflow import NPM, SYSTEM, Vocabulary, Workflow, step

CONTACT_OR_HEAD = frozenset({"head", "authority_contact"})


class EngagementFormat(Vocabulary):
    """In what form people met (R-S11)."""

    BILATERAL = "bilateral", "Bilateral meeting"
    INTER_INSTITUTIONAL_ROUNDTABLE = "inter_institutional_roundtable", "Inter-institutional round table"
    ANNUAL_REVIEW = "annual_review", "Annual review"
    DRAFT_DISCUSSION = "draft_discussion", "Discussion of a draft"
    CLOSING_TALK = "closing_talk", "Closing talk"
    TRIPARTITE_WITH_SPT = "tripartite_with_spt", "Tripartite meeting with the SPT"
    TRAINING = "training", "Training"
    PUBLIC_HEARING = "public_hearing", "Public hearing"
    INFORMAL_CONTACT = "informal_contact", "Informal contact"
    SESSION_MEETING = "session_meeting", "Meeting at a session"
    REGIONAL_WORKSHOP = "regional_workshop", "Regional workshop"
    OTHER = "other", "Other"


class EngagementChannel(Vocabulary):
    """By what means (R-S12)."""

    IN_PERSON = "in_person", "In person"
    ONLINE = "online", "Online"
    PHONE = "phone", "Phone"
    MESSAGING = "messaging", "Messaging"
    EMAIL = "email", "Email"
    LETTER = "letter", "Letter"


#: A call or a quick message is a direct interaction (R-S10); correspondence is not (R-S13).
DIRECT_CHANNELS = frozenset(
    {EngagementChannel.IN_PERSON, EngagementChannel.ONLINE, EngagementChannel.PHONE, EngagementChannel.MESSAGING}
)


class EngagementTiming(Vocabulary):
    """When, seen from the visits (R-S14)."""

    BEFORE_VISITS = "before_visits", "Before visits"
    DURING_VISIT = "during_visit", "During a visit"
    AFTER_VISIT = "after_visit", "After a visit"
    BEYOND_VISITS = "beyond_visits", "Beyond visits"


class EngagementPurpose(Vocabulary):
    """What for; an engagement may have several purposes (R-S15)."""

    MANDATE_INTRODUCTION = "mandate_introduction", "Introduction of the mandate"
    ACCESS_OBSTACLE = "access_obstacle", "Obstacle to access"
    VISIT_OPENING = "visit_opening", "Opening of a visit"
    VISIT_CLOSING = "visit_closing", "Closing of a visit"
    DRAFT_DISCUSSION = "draft_discussion", "Discussion of a draft"
    RECOMMENDATION_FOLLOW_UP = "recommendation_follow_up", "Follow-up of recommendations"
    CHALLENGES_AND_SOLUTIONS = "challenges_and_solutions", "Challenges and solutions"
    THEMATIC = "thematic", "Thematic"
    LAW_AND_POLICY = "law_and_policy", "Law and policy"
    NPM_BUDGET = "npm_budget", "Budget of the NPM"
    ADVICE_REQUEST = "advice_request", "Request for advice"
    COORDINATION = "coordination", "Coordination"
    SPT_ADVICE = "spt_advice", "Advice by the SPT"
    TECHNICAL_ASSISTANCE = "technical_assistance", "Technical assistance"
    OTHER = "other", "Other"


class EngagementOutcomeKind(Vocabulary):
    """What came of it (R-S16)."""

    AGREEMENT = "agreement", "Agreement"
    CHALLENGE = "challenge", "Challenge"
    COMMITMENT = "commitment", "Commitment"
    DISAGREEMENT = "disagreement", "Disagreement"
    GOOD_PRACTICE = "good_practice", "Good practice"
    SOLUTION = "solution", "Solution"


class EngagementStatus(Vocabulary):
    """The states of an engagement."""

    PLANNED = "planned", "Planned"
    PREPARED = "prepared", "Prepared"
    HELD = "held", "Held"
    RECORDED = "recorded", "Recorded"
    FOLLOWED_UP = "followed_up", "Followed up"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


class EngagementAction(Vocabulary):
    """What is done with an engagement."""

    PLAN = "plan", "Plan"
    LOG = "log", "Log"
    PREPARE = "prepare", "Prepare"
    RESCHEDULE = "reschedule", "Reschedule"
    HOLD = "hold", "Hold"
    RECORD = "record", "Record"
    SHARE_MINUTES = "share_minutes", "Share minutes"
    FOLLOW_UP = "follow_up", "Follow up"
    CLOSE = "close", "Close"
    REOPEN = "reopen", "Reopen"
    CANCEL = "cancel", "Cancel"


ENGAGEMENT = Workflow(
    name="engagement",
    initial=EngagementStatus.PLANNED,
    create={
        EngagementAction.PLAN: step(EngagementStatus.PLANNED, by=NPM | SYSTEM, event="stakeholders.engagement.planned"),
        EngagementAction.LOG: step(EngagementStatus.RECORDED, by=NPM, event="stakeholders.engagement.recorded"),
    },
    transitions={
        (EngagementStatus.PLANNED, EngagementAction.PREPARE): step(
            EngagementStatus.PREPARED, by=NPM, event="stakeholders.engagement.prepared"
        ),
        **{
            (state, EngagementAction.RESCHEDULE): step(
                EngagementStatus.PLANNED, by=NPM, event="stakeholders.engagement.rescheduled"
            )
            for state in (EngagementStatus.PLANNED, EngagementStatus.PREPARED)
        },
        **{
            (state, EngagementAction.HOLD): step(EngagementStatus.HELD, by=NPM, event="stakeholders.engagement.held")
            for state in (EngagementStatus.PLANNED, EngagementStatus.PREPARED)
        },
        (EngagementStatus.HELD, EngagementAction.RECORD): step(
            EngagementStatus.RECORDED, by=NPM, event="stakeholders.engagement.recorded"
        ),
        (EngagementStatus.RECORDED, EngagementAction.SHARE_MINUTES): step(
            EngagementStatus.RECORDED, by=CONTACT_OR_HEAD, event="stakeholders.engagement.minutes_shared"
        ),
        (EngagementStatus.RECORDED, EngagementAction.FOLLOW_UP): step(
            EngagementStatus.FOLLOWED_UP, by=NPM, event="stakeholders.engagement.followed_up"
        ),
        (EngagementStatus.RECORDED, EngagementAction.CLOSE): step(
            EngagementStatus.CLOSED, by=NPM, event="stakeholders.engagement.closed"
        ),
        (EngagementStatus.FOLLOWED_UP, EngagementAction.CLOSE): step(
            EngagementStatus.CLOSED, by=NPM, event="stakeholders.engagement.closed"
        ),
        **{
            (state, EngagementAction.REOPEN): step(
                EngagementStatus.RECORDED, by=NPM, event="stakeholders.engagement.reopened"
            )
            for state in (EngagementStatus.FOLLOWED_UP, EngagementStatus.CLOSED)
        },
        **{
            (state, EngagementAction.CANCEL): step(
                EngagementStatus.CANCELLED, by=NPM, event="stakeholders.engagement.cancelled"
            )
            for state in (EngagementStatus.PLANNED, EngagementStatus.PREPARED)
        },
    },
    final=frozenset({EngagementStatus.CANCELLED}),
)


class EngagementGap(Vocabulary):
    """What is missing before an act on an engagement."""

    AIMS = "aims", "no aim is written"
    SUMMARY = "summary", "there is no summary"
    COMMITMENT_UNCHECKED = "commitment_unchecked", "a commitment with a due date is neither kept, broken nor carried on"
    COMMITMENT_OPEN = "commitment_open", "a commitment is open"
    TOLD_IN_CONFIDENCE = "told_in_confidence", "the minutes hold what was told in confidence"
    REASON = "reason", "no reason is given"


class EngagementWarning(Vocabulary):
    """What is unwise and stops nothing."""

    OUTSIDE_MANDATE = "outside_mandate", "who speaks has no dialogue mandate for this institution"
    AGENDA_ALWAYS_THEIRS = "agenda_always_theirs", "the authority alone sets the agenda"


@dataclass(frozen=True, kw_only=True)
class Commitment:
    """Something that was promised."""

    due_on: date | None = None
    kept_on: date | None = None
    broken_on: date | None = None
    is_carried_on: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is neither kept nor broken."""
        return self.kept_on is None and self.broken_on is None


def is_direct(channel: EngagementChannel) -> bool:
    """Whether people talked, and did not only write."""
    return channel in DIRECT_CHANNELS


def preparation_gaps(aims: str) -> tuple[EngagementGap, ...]:
    """A meeting is prepared when its aims are written; who speaks is only warned about (R-S19)."""
    return () if aims.strip() else (EngagementGap.AIMS,)


def recording_gaps(summary: str) -> tuple[EngagementGap, ...]:
    """An engagement is recorded with a summary."""
    return () if summary.strip() else (EngagementGap.SUMMARY,)


def sharing_gaps(*, holds_what_was_told_in_confidence: bool) -> tuple[EngagementGap, ...]:
    """Agreed minutes leave the NPM without what was told in confidence (R-S17)."""
    return (EngagementGap.TOLD_IN_CONFIDENCE,) if holds_what_was_told_in_confidence else ()


def follow_up_gaps(commitments: Iterable[Commitment]) -> tuple[EngagementGap, ...]:
    """Every commitment with a date is kept, broken or carried on."""
    unchecked = any(each.due_on is not None and each.is_open and not each.is_carried_on for each in commitments)
    return (EngagementGap.COMMITMENT_UNCHECKED,) if unchecked else ()


def closing_gaps(status: EngagementStatus, commitments: Iterable[Commitment]) -> tuple[EngagementGap, ...]:
    """Nothing may be open when a record is closed without a follow-up; one followed up has been checked already."""
    is_straight = status is EngagementStatus.RECORDED
    return (EngagementGap.COMMITMENT_OPEN,) if is_straight and any(each.is_open for each in commitments) else ()


def is_overdue(commitment: Commitment, today: date) -> bool:
    """Whether a promise is past its date and still open."""
    return commitment.is_open and commitment.due_on is not None and today > commitment.due_on


def is_record_owed(status: EngagementStatus, record_due_on: date, today: date) -> bool:
    """Whether an engagement was held and its record is late."""
    return status is EngagementStatus.HELD and today > record_due_on
