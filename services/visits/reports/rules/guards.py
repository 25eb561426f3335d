"""What has to be there before each act on a report, and what an outsider may do with its draft.

Pure: no database, no HTTP, no clock. Guards tell what is missing; they change nothing.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from services.visits.reports.rules.status import (
    CommentStatus,
    CorrectionStatus,
    ReportStatus,
    TransmissionStatus,
)
from shared.workflow import Vocabulary

#: A report is published by default; a withheld one is looked at again within this time (R-V99).
WITHHOLDING_MONTHS = 12


class ReportGap(Vocabulary):
    """What is missing before an act on a report."""

    SECTIONS = "sections", "the report has no sections"
    FINDINGS = "findings", "the report has no findings"
    FACT_ITEMS = "fact_items", "the report has no fact items"
    FINDING_SOURCES = "finding_sources", "a finding has no source"
    EXPERT_NOT_INVITED = "expert_not_invited", "an expert of the visit was not invited to comment"
    EXPERT_COMMENT = "expert_comment", "an expert may still comment"
    RESTRICTED_CONTENT = "restricted_content", "the draft holds content that identifies a person"
    TRANSMISSION = "transmission", "the draft goes to no authority"
    RECIPIENT = "recipient", "a draft transmission has no authority"
    DUE_DATE = "due_date", "a draft transmission has no due date"
    NOT_CONFIDENTIAL = "not_confidential", "the draft is not marked confidential"
    ANSWERS = "answers", "an authority may still answer"
    CORRECTIONS = "corrections", "a correction is not decided"
    RECOMMENDATIONS = "recommendations", "a recommendation of the report is not approved"
    INSTITUTION = "institution", "an institution of the joint report has not approved"
    ADDRESSEES = "addressees", "no addressee is set"
    REDACTION = "redaction", "the redaction check has not passed"
    CONSENT = "consent", "somebody named has not consented to publication"
    TRANSLATIONS = "translations", "translations are neither ready nor waived"
    HARM_CHECK = "harm_check", "the harm check is missing"
    REASON = "reason", "no reason is given"
    REVIEW_DATE = "review_date", "the review date is not within the next 12 months"
    NO_SAFE_CHANNEL = "no_safe_channel", "the authority has neither an active membership nor a safe channel"
    NOT_LATER = "not_later", "the new due date is not later"
    NOT_PAST_DUE = "not_past_due", "the due date has not passed"


class CorrectionTarget(Vocabulary):
    """What of a draft somebody may want to correct; only facts may be."""

    FACT_ITEM = "fact_item", "Fact item"
    FINDING = "finding", "Finding"
    ANALYSIS = "analysis", "Analysis"
    RECOMMENDATION = "recommendation", "Recommendation"


class CorrectionRefusal(Vocabulary):
    """Why a proposed correction is not taken in."""

    NOT_A_FACT = "not_a_fact", "only fact items can be corrected; content and analysis are the NPM's"
    NOT_IN_SNAPSHOT = "not_in_snapshot", "the fact item is not in the draft that was sent to this authority"
    NOT_ADDRESSED = "not_addressed", "the draft was not sent to this authority"
    CLOSED = "closed", "the transmission is no longer open"
    PAST_DUE = "past_due", "the due date has passed"


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """An expert's invitation to comment on the draft."""

    expert_id: str
    status: CommentStatus
    due_on: date


@dataclass(frozen=True, kw_only=True)
class Transmission:
    """A frozen draft that is with one authority."""

    authority_id: str
    status: TransmissionStatus
    due_on: date | None
    fact_item_ids: frozenset[str] = frozenset()


def is_comment_period_over(due_on: date, today: date) -> bool:
    """The due day itself still belongs to the expert."""
    return today > due_on


def is_comment_settled(invitation: Invitation, today: date) -> bool:
    """Whether nothing more is awaited of this expert: given, declined, withdrawn, or the period is over (R-V91)."""
    return invitation.status is not CommentStatus.INVITED or is_comment_period_over(invitation.due_on, today)


def may_comment(invitation: Invitation, *, expert_id: str, today: date) -> bool:
    """Whether this expert may write or revise a comment today: own invitation, period open."""
    is_open = invitation.status in (CommentStatus.INVITED, CommentStatus.GIVEN)
    return is_open and invitation.expert_id == expert_id and not is_comment_period_over(invitation.due_on, today)


def submission_gaps(*, sections: int, sources_of_findings: Collection[int], fact_items: int) -> tuple[ReportGap, ...]:
    """Say what a draft lacks before its review; `sources_of_findings` counts the sources of each finding."""
    return _missing(
        (ReportGap.SECTIONS, sections > 0),
        (ReportGap.FINDINGS, bool(sources_of_findings)),
        (ReportGap.FINDING_SOURCES, all(sources_of_findings)),
        (ReportGap.FACT_ITEMS, fact_items > 0),
    )


def expert_gaps(expert_ids: frozenset[str], invitations: Collection[Invitation], today: date) -> tuple[ReportGap, ...]:
    """Say whether every expert of the visit had the chance to comment (R-V91), also when no draft was shared."""
    invited = {each.expert_id for each in invitations}
    return _missing(
        (ReportGap.EXPERT_NOT_INVITED, expert_ids <= invited),
        (ReportGap.EXPERT_COMMENT, all(is_comment_settled(each, today) for each in invitations)),
    )


def clearance_gaps(
    *, expert_ids: frozenset[str], invitations: Collection[Invitation], today: date, holds_restricted_content: bool
) -> tuple[ReportGap, ...]:
    """Say what stands between a reviewed draft and the authorities."""
    return expert_gaps(expert_ids, invitations, today) + _missing(
        (ReportGap.RESTRICTED_CONTENT, not holds_restricted_content)
    )


def sharing_gaps(transmissions: Collection[Transmission], *, is_marked_confidential: bool) -> tuple[ReportGap, ...]:
    """Say what is missing before a draft goes out for facts (R-V93)."""
    return _missing(
        (ReportGap.TRANSMISSION, bool(transmissions)),
        (ReportGap.RECIPIENT, all(each.authority_id for each in transmissions)),
        (ReportGap.DUE_DATE, all(each.due_on is not None for each in transmissions)),
        (ReportGap.NOT_CONFIDENTIAL, is_marked_confidential),
    )


def collection_gaps(transmissions: Iterable[Transmission], today: date) -> tuple[ReportGap, ...]:
    """Corrections are collected when every authority has answered, was recalled, or has let its date pass."""
    return _missing((ReportGap.ANSWERS, not any(is_answer_awaited(each, today) for each in transmissions)))


def is_answer_awaited(transmission: Transmission, today: date) -> bool:
    """Whether an authority still has time to answer."""
    if transmission.status is not TransmissionStatus.SENT:
        return False
    return transmission.due_on is None or today <= transmission.due_on


def approval_gaps(
    *,
    expert_ids: frozenset[str],
    invitations: Collection[Invitation],
    today: date,
    corrections: Collection[CorrectionStatus] = (),
    are_recommendations_approved: bool = True,
    institution_ids: frozenset[str] = frozenset(),
    approved_by_institutions: frozenset[str] = frozenset(),
) -> tuple[ReportGap, ...]:
    """Say what stands between a report and its fixed text (R-V91, R-V95, R-V106)."""
    return expert_gaps(expert_ids, invitations, today) + _missing(
        (ReportGap.CORRECTIONS, CorrectionStatus.PROPOSED not in corrections),
        (ReportGap.RECOMMENDATIONS, are_recommendations_approved),
        (ReportGap.INSTITUTION, institution_ids <= approved_by_institutions),
    )


def transmission_gaps(*, addressees: int) -> tuple[ReportGap, ...]:
    """A final report goes to somebody."""
    return _missing((ReportGap.ADDRESSEES, addressees > 0))


def publication_gaps(
    *,
    is_redaction_checked: bool,
    named_without_consent: int,
    are_translations_ready_or_waived: bool,
    is_harm_checked: bool,
) -> tuple[ReportGap, ...]:
    """Nothing that identifies a person is published without express consent (OPCAT Art. 21(2); R-V100)."""
    return _missing(
        (ReportGap.REDACTION, is_redaction_checked),
        (ReportGap.CONSENT, named_without_consent == 0),
        (ReportGap.TRANSLATIONS, are_translations_ready_or_waived),
        (ReportGap.HARM_CHECK, is_harm_checked),
    )


def withholding_gaps(
    *, reason: str, review_on: date | None, today: date, months: int = WITHHOLDING_MONTHS
) -> tuple[ReportGap, ...]:
    """Withholding, prolonging and retracting need a reason and a review date that comes within 12 months (R-V99)."""
    is_dated = review_on is not None and today < review_on and is_within_months(today, review_on, months)
    return _missing((ReportGap.REASON, bool(reason.strip())), (ReportGap.REVIEW_DATE, is_dated))


def is_within_months(start: date, end: date, months: int) -> bool:
    """Whether `end` is at most so many calendar months after `start`; the same day of the month still is."""
    return ((end.year - start.year) * 12 + end.month - start.month, end.day) <= (months, start.day)


def is_withholding_review_due(status: ReportStatus, review_on: date, today: date) -> bool:
    """Whether a withheld report has to be looked at again."""
    return status is ReportStatus.WITHHELD and today >= review_on


def is_embargoed(status: ReportStatus, publish_on: date | None, today: date) -> bool:
    """Whether the head has ordered publication for a later date."""
    return status is ReportStatus.TRANSMITTED and publish_on is not None and today < publish_on


def sending_gaps(*, has_active_membership: bool, has_safe_channel: bool, due_on: date | None) -> tuple[ReportGap, ...]:
    """A draft goes only where it can be received safely, and with a date."""
    return _missing(
        (ReportGap.NO_SAFE_CHANNEL, has_active_membership or has_safe_channel),
        (ReportGap.DUE_DATE, due_on is not None),
    )


def extension_gaps(*, due_on: date, later_on: date) -> tuple[ReportGap, ...]:
    """An extension gives time and takes none."""
    return _missing((ReportGap.NOT_LATER, later_on > due_on))


def closing_unanswered_gaps(*, due_on: date, today: date) -> tuple[ReportGap, ...]:
    """An authority keeps its time to the end of the due day."""
    return _missing((ReportGap.NOT_PAST_DUE, today > due_on))


def correction_refusals(
    target: CorrectionTarget, target_id: str, transmission: Transmission, *, authority_id: str, today: date
) -> tuple[CorrectionRefusal, ...]:
    """Say why a correction is not taken in: authorities correct facts, in time, in their own draft (R-V94)."""
    is_fact = target is CorrectionTarget.FACT_ITEM
    conditions = (
        (CorrectionRefusal.NOT_ADDRESSED, transmission.authority_id == authority_id),
        (CorrectionRefusal.NOT_A_FACT, is_fact),
        (CorrectionRefusal.NOT_IN_SNAPSHOT, not is_fact or target_id in transmission.fact_item_ids),
        (CorrectionRefusal.CLOSED, transmission.status is TransmissionStatus.SENT),
        (CorrectionRefusal.PAST_DUE, transmission.due_on is None or today <= transmission.due_on),
    )
    return tuple(refusal for refusal, is_met in conditions if not is_met)


def _missing(*conditions: tuple[ReportGap, bool]) -> tuple[ReportGap, ...]:
    return tuple(gap for gap, is_met in conditions if not is_met)
