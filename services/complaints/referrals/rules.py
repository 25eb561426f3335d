"""The rules of a referral to another body, and of the sample that tests how such bodies work (F8).

Pure: no database, no HTTP, no clock. Never lets one person alone send a package out, and never follows up a referral
where contact would put somebody at risk.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from math import ceil
from statistics import fmean
from uuid import UUID

from shared.workflow import Vocabulary, Workflow, step

NO_ANSWER_DAYS = 60
SAMPLE_AGE_DAYS = (60, 180)
SAMPLE_SHARE = 10
SAMPLE_CAP = 10
RATING_SHOWN_FROM = 3


class ReferralState(Vocabulary):
    """The states of the machine `referral`."""

    PROPOSED = "proposed", "Proposed"
    RETURNED = "returned", "Returned"
    CHECKED = "checked", "Checked"
    SENT = "sent", "Sent"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    DECLINED = "declined", "Declined"
    CONCLUDED = "concluded", "Concluded"
    CLOSED = "closed", "Closed"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ReferralAction(Vocabulary):
    """What can be done with it."""

    PROPOSE = "propose", "Propose"
    CHECK = "check", "Check"
    RETURN = "return", "Return"
    REVISE = "revise", "Revise"
    SEND = "send", "Send"
    ACKNOWLEDGE = "acknowledge", "Acknowledge"
    DECLINE = "decline", "Decline"
    CONCLUDE = "conclude", "Conclude"
    CLOSE = "close", "Close"
    RECORD_TEST = "record_test", "Record test"
    WITHDRAW = "withdraw", "Withdraw"


_HANDLER = frozenset({"handler"})
REFERRAL = Workflow(
    name="referral",
    initial=ReferralState.PROPOSED,
    create={
        ReferralAction.PROPOSE: step(ReferralState.PROPOSED, by=_HANDLER, event="complaints.referral.proposed"),
    },
    transitions={
        (ReferralState.PROPOSED, ReferralAction.CHECK): step(
            ReferralState.CHECKED, by={"complaints_lead"}, event="complaints.referral.checked"
        ),
        (ReferralState.PROPOSED, ReferralAction.RETURN): step(
            ReferralState.RETURNED, by={"complaints_lead"}, event="complaints.referral.returned"
        ),
        (ReferralState.RETURNED, ReferralAction.REVISE): step(
            ReferralState.PROPOSED, by=_HANDLER, event="complaints.referral.revised"
        ),
        (ReferralState.CHECKED, ReferralAction.SEND): step(
            ReferralState.SENT, by=_HANDLER, event="complaints.referral.sent"
        ),
        (ReferralState.SENT, ReferralAction.ACKNOWLEDGE): step(
            ReferralState.ACKNOWLEDGED, by={"partner_system", "handler"}, event="complaints.referral.acknowledged"
        ),
        **{
            (state, ReferralAction.DECLINE): step(
                ReferralState.DECLINED, by={"partner_system", "handler"}, event="complaints.referral.declined"
            )
            for state in (ReferralState.SENT, ReferralState.ACKNOWLEDGED)
        },
        **{
            (state, ReferralAction.CONCLUDE): step(
                ReferralState.CONCLUDED, by={"partner_system", "handler"}, event="complaints.referral.concluded"
            )
            for state in (ReferralState.SENT, ReferralState.ACKNOWLEDGED)
        },
        **{
            (state, ReferralAction.CLOSE): step(ReferralState.CLOSED, by=_HANDLER, event="complaints.referral.closed")
            for state in (
                ReferralState.SENT,
                ReferralState.ACKNOWLEDGED,
                ReferralState.DECLINED,
                ReferralState.CONCLUDED,
            )
        },
        (ReferralState.SENT, ReferralAction.RECORD_TEST): step(
            ReferralState.SENT, by=_HANDLER, event="complaints.mechanism_test.recorded"
        ),
        (ReferralState.ACKNOWLEDGED, ReferralAction.RECORD_TEST): step(
            ReferralState.ACKNOWLEDGED, by=_HANDLER, event="complaints.mechanism_test.recorded"
        ),
        (ReferralState.DECLINED, ReferralAction.RECORD_TEST): step(
            ReferralState.DECLINED, by=_HANDLER, event="complaints.mechanism_test.recorded"
        ),
        (ReferralState.CONCLUDED, ReferralAction.RECORD_TEST): step(
            ReferralState.CONCLUDED, by=_HANDLER, event="complaints.mechanism_test.recorded"
        ),
        **{
            (state, ReferralAction.WITHDRAW): step(
                ReferralState.WITHDRAWN, by={"handler", "system"}, event="complaints.referral.withdrawn"
            )
            for state in (ReferralState.PROPOSED, ReferralState.RETURNED, ReferralState.CHECKED)
        },
    },
    final=frozenset({ReferralState.CLOSED, ReferralState.WITHDRAWN}),
)


class ReferralResult(Vocabulary):
    """What a closed referral came to."""

    ANSWERED = "answered", "Answered"
    DECLINED = "declined", "Declined"
    NO_ANSWER = "no_answer", "No answer"


@dataclass(frozen=True, kw_only=True)
class Package:
    """What the second person checks before a referral may go."""

    proposer: UUID
    is_destination_independent: bool
    reason_for_dependent_destination: str | None = None
    has_covering_consent: bool = False
    has_approved_disclosure: bool = False
    is_anonymised: bool = False
    has_risk_assessment: bool = False
    is_mou_required: bool = False
    is_mou_in_force: bool = False
    attachment_count: int = 0
    content_level: str = "preliminary_findings"


@dataclass(frozen=True, kw_only=True)
class SentReferral:
    """What the sample looks at."""

    id: str
    sent_on: date
    is_critical: bool = False
    was_sampled: bool = False
    would_contact_raise_risk: bool = False


def missing_for_check(package: Package, *, checker: UUID) -> tuple[str, ...]:
    """Name what a package lacks; looked at when it is checked, and again in the transaction that sends it."""
    reason = (package.reason_for_dependent_destination or "").strip()
    needed = {
        "another person than the proposer": checker != package.proposer,
        "independent destination or reason": package.is_destination_independent or bool(reason),
        "consent, approved disclosure or anonymised form": package.has_covering_consent
        or package.has_approved_disclosure
        or package.is_anonymised,
        "risk assessment": package.has_risk_assessment,
        "MoU in force": package.is_mou_in_force or not package.is_mou_required,
        "content level findings_and_evidence for attachments": package.attachment_count == 0
        or package.content_level == "findings_and_evidence",
    }
    return tuple(name for name, there in needed.items() if not there)


def is_without_answer(state: ReferralState, sent_on: date, today: date, *, period_days: int = NO_ANSWER_DAYS) -> bool:
    """Tell whether the destination has been silent for longer than the no-answer period."""
    waiting = state in (ReferralState.SENT, ReferralState.ACKNOWLEDGED)
    return waiting and today > sent_on + timedelta(days=period_days)


def missing_for_closing(
    *, result: ReferralResult, is_no_answer_period_over: bool, is_sampled: bool, is_test_settled: bool
) -> tuple[str, ...]:
    """Ask for the period before `no_answer`, and for the test (or the reason to skip it) of a sampled one."""
    needed = {
        "end of the no-answer period": result is not ReferralResult.NO_ANSWER or is_no_answer_period_over,
        "test recorded or skipped with reason": is_test_settled or not is_sampled,
    }
    return tuple(name for name, there in needed.items() if not there)


def is_of_sample_age(sent_on: date, as_of: date) -> bool:
    """Tell whether a referral is old enough to judge and young enough to ask: 60 to 180 days, both included."""
    youngest, oldest = SAMPLE_AGE_DAYS
    return youngest <= (as_of - sent_on).days <= oldest


def eligible(referrals: Iterable[SentReferral], *, as_of: date) -> tuple[SentReferral, ...]:
    """Give the referrals that may be drawn."""
    aged = (one for one in referrals if is_of_sample_age(one.sent_on, as_of) and not one.was_sampled)
    return tuple(one for one in aged if not one.would_contact_raise_risk)


def skipped_for_risk(referrals: Iterable[SentReferral], *, as_of: date) -> tuple[SentReferral, ...]:
    """Give the referrals that would have been drawn from but for the risk; the skips are recorded."""
    aged = (one for one in referrals if is_of_sample_age(one.sent_on, as_of) and not one.was_sampled)
    return tuple(one for one in aged if one.would_contact_raise_risk)


def draw_key(seed: str, referral_id: str) -> str:
    """Give the place of a referral in the order of the draw; anybody with the seed can check it."""
    return sha256(f"{seed}:{referral_id}".encode()).hexdigest()


def sample(referrals: Iterable[SentReferral], *, seed: str) -> tuple[str, ...]:
    """Draw F8 among the eligible of one destination: all critical, then a tenth of all (at least one), cut at ten."""
    ordered = sorted(referrals, key=lambda one: draw_key(seed, one.id))
    critical = [one.id for one in ordered if one.is_critical]
    others = [one.id for one in ordered if not one.is_critical]
    share = max(1, ceil(len(ordered) / SAMPLE_SHARE))
    return tuple((critical + others[:share])[:SAMPLE_CAP])


def destination_rating(ratings: Sequence[int], *, shown_from: int = RATING_SHOWN_FROM) -> float | None:
    """Give the mean of the tests of a destination, or None while there are too few to be fair."""
    return fmean(ratings) if len(ratings) >= shown_from else None
