"""The rules of a report: its states, and those of what outsiders see and say before it is final.

Pure: no database, no HTTP, no clock. Authorities correct facts and nothing else; experts comment and change nothing.
"""

from shared.workflow import AUTHORITY, SYSTEM, Vocabulary, Workflow, step

HEAD = frozenset({"head"})
LEAD = frozenset({"lead"})
APPROVER = frozenset({"approver"})
DRAFTER = frozenset({"drafter"})
CONTACT = frozenset({"authority_contact"})
HEAD_OR_APPROVER = frozenset({"head", "approver"})
EXPERT = frozenset({"expert"})


class ReportKind(Vocabulary):
    """The kinds of report."""

    VISIT = "visit", "Visit report"
    THEMATIC = "thematic", "Thematic report"
    ANNUAL = "annual", "Annual report"
    FOLLOW_UP = "follow_up", "Follow-up report"


class SnapshotPurpose(Vocabulary):
    """What a frozen version of a report was frozen for."""

    DRAFT_SHARED = "draft_shared", "Draft shared"
    APPROVED = "approved", "Approved"
    TRANSMITTED = "transmitted", "Transmitted"
    PUBLISHED = "published", "Published"
    CORRECTED = "corrected", "Corrected"


class FactSource(Vocabulary):
    """Who gave the value of a fact item."""

    AUTHORITY = "authority", "Authority"
    NPM = "npm", "NPM"


class CommentKind(Vocabulary):
    """How an expert takes part in a report (R-V90)."""

    INVITATION = "invitation", "Invitation to comment"
    INPUT = "input", "Written input"
    SECTION = "section", "Section"


class RetractionGround(Vocabulary):
    """The only grounds to take a published report back."""

    HARM_TO_A_PERSON = "harm_to_a_person", "Harm to a person"
    ERROR_OF_LAW = "error_of_law", "Error of law"


class ReportStatus(Vocabulary):
    """The states of a report."""

    DRAFTING = "drafting", "Drafting"
    INTERNAL_REVIEW = "internal_review", "Internal review"
    CLEARED = "cleared", "Cleared"
    WITH_AUTHORITIES = "with_authorities", "With authorities"
    CORRECTIONS_REVIEW = "corrections_review", "Corrections review"
    APPROVED = "approved", "Approved"
    TRANSMITTED = "transmitted", "Transmitted"
    PUBLISHED = "published", "Published"
    WITHHELD = "withheld", "Withheld"
    DROPPED = "dropped", "Dropped"


class ReportAction(Vocabulary):
    """What is done with a report."""

    DRAFT = "draft", "Draft"
    SUBMIT = "submit", "Submit"
    RETURN = "return", "Return"
    CLEAR = "clear", "Clear"
    SHARE_DRAFT = "share_draft", "Share draft"
    COLLECT_CORRECTIONS = "collect_corrections", "Collect corrections"
    RECALL_DRAFT = "recall_draft", "Recall draft"
    REVISE = "revise", "Revise"
    APPROVE = "approve", "Approve"
    WITHDRAW_APPROVAL = "withdraw_approval", "Withdraw approval"
    TRANSMIT = "transmit", "Transmit"
    PUBLISH = "publish", "Publish"
    WITHHOLD = "withhold", "Withhold"
    PROLONG = "prolong", "Prolong"
    RETRACT = "retract", "Retract"
    CORRECT = "correct", "Correct"
    DROP = "drop", "Drop"


REPORT = Workflow(
    name="report",
    initial=ReportStatus.DRAFTING,
    create={
        ReportAction.DRAFT: step(
            ReportStatus.DRAFTING, by={"drafter", "head", "member", "staff"}, event="visits.report.drafted"
        )
    },
    transitions={
        (ReportStatus.DRAFTING, ReportAction.SUBMIT): step(
            ReportStatus.INTERNAL_REVIEW, by=DRAFTER, event="visits.report.submitted"
        ),
        (ReportStatus.INTERNAL_REVIEW, ReportAction.RETURN): step(
            ReportStatus.DRAFTING, by=APPROVER, event="visits.report.returned"
        ),
        (ReportStatus.INTERNAL_REVIEW, ReportAction.CLEAR): step(
            ReportStatus.CLEARED, by=APPROVER, event="visits.report.cleared"
        ),
        (ReportStatus.CLEARED, ReportAction.RETURN): step(
            ReportStatus.INTERNAL_REVIEW, by=APPROVER, event="visits.report.returned"
        ),
        (ReportStatus.CLEARED, ReportAction.SHARE_DRAFT): step(
            ReportStatus.WITH_AUTHORITIES, by=CONTACT, event="visits.report.draft_shared"
        ),
        (ReportStatus.WITH_AUTHORITIES, ReportAction.COLLECT_CORRECTIONS): step(
            ReportStatus.CORRECTIONS_REVIEW, by=CONTACT | SYSTEM, event="visits.report.corrections_collected"
        ),
        (ReportStatus.WITH_AUTHORITIES, ReportAction.RECALL_DRAFT): step(
            ReportStatus.INTERNAL_REVIEW, by=APPROVER, event="visits.report.draft_recalled"
        ),
        (ReportStatus.CORRECTIONS_REVIEW, ReportAction.REVISE): step(
            ReportStatus.DRAFTING, by=APPROVER, event="visits.report.revision_started"
        ),
        **{
            (state, ReportAction.APPROVE): step(ReportStatus.APPROVED, by=APPROVER, event="visits.report.approved")
            for state in (ReportStatus.INTERNAL_REVIEW, ReportStatus.CLEARED, ReportStatus.CORRECTIONS_REVIEW)
        },
        (ReportStatus.APPROVED, ReportAction.WITHDRAW_APPROVAL): step(
            ReportStatus.INTERNAL_REVIEW, by=APPROVER, event="visits.report.approval_withdrawn"
        ),
        (ReportStatus.APPROVED, ReportAction.TRANSMIT): step(
            ReportStatus.TRANSMITTED, by=CONTACT, event="visits.report.transmitted"
        ),
        **{
            (state, ReportAction.PUBLISH): step(
                ReportStatus.PUBLISHED, by=HEAD | SYSTEM, event="visits.report.published"
            )
            for state in (ReportStatus.TRANSMITTED, ReportStatus.WITHHELD)
        },
        (ReportStatus.TRANSMITTED, ReportAction.WITHHOLD): step(
            ReportStatus.WITHHELD, by=HEAD, event="visits.report.withheld"
        ),
        (ReportStatus.WITHHELD, ReportAction.PROLONG): step(
            ReportStatus.WITHHELD, by=HEAD, event="visits.report.withholding_prolonged"
        ),
        (ReportStatus.PUBLISHED, ReportAction.RETRACT): step(
            ReportStatus.WITHHELD, by=HEAD, event="visits.report.retracted"
        ),
        (ReportStatus.TRANSMITTED, ReportAction.CORRECT): step(
            ReportStatus.TRANSMITTED, by=HEAD_OR_APPROVER, event="visits.report.corrected"
        ),
        (ReportStatus.PUBLISHED, ReportAction.CORRECT): step(
            ReportStatus.PUBLISHED, by=HEAD_OR_APPROVER, event="visits.report.corrected"
        ),
        **{
            (state, ReportAction.DROP): step(ReportStatus.DROPPED, by=HEAD, event="visits.report.dropped")
            for state in (ReportStatus.DRAFTING, ReportStatus.INTERNAL_REVIEW, ReportStatus.CLEARED)
        },
    },
    final=frozenset({ReportStatus.DROPPED}),
)


class TransmissionStatus(Vocabulary):
    """The states of a draft transmission."""

    SENT = "sent", "Sent"
    ANSWERED = "answered", "Answered"
    CLOSED_UNANSWERED = "closed_unanswered", "Closed unanswered"
    RECALLED = "recalled", "Recalled"


class TransmissionAction(Vocabulary):
    """What is done with a draft transmission."""

    SEND = "send", "Send"
    ANSWER = "answer", "Answer"
    EXTEND = "extend", "Extend"
    CLOSE_UNANSWERED = "close_unanswered", "Close unanswered"
    RECALL = "recall", "Recall"


DRAFT_TRANSMISSION = Workflow(
    name="draft_transmission",
    initial=TransmissionStatus.SENT,
    create={TransmissionAction.SEND: step(TransmissionStatus.SENT, by=CONTACT, event="visits.draft_transmission.sent")},
    transitions={
        (TransmissionStatus.SENT, TransmissionAction.ANSWER): step(
            TransmissionStatus.ANSWERED, by=AUTHORITY, event="visits.draft_transmission.answered"
        ),
        (TransmissionStatus.SENT, TransmissionAction.EXTEND): step(
            TransmissionStatus.SENT, by=CONTACT, event="visits.draft_transmission.extended"
        ),
        (TransmissionStatus.SENT, TransmissionAction.CLOSE_UNANSWERED): step(
            TransmissionStatus.CLOSED_UNANSWERED, by=CONTACT | SYSTEM, event="visits.draft_transmission.closed"
        ),
        (TransmissionStatus.SENT, TransmissionAction.RECALL): step(
            TransmissionStatus.RECALLED, by=APPROVER | SYSTEM, event="visits.draft_transmission.recalled"
        ),
    },
    final=frozenset({TransmissionStatus.ANSWERED, TransmissionStatus.CLOSED_UNANSWERED, TransmissionStatus.RECALLED}),
)


class CorrectionStatus(Vocabulary):
    """The states of a factual correction."""

    PROPOSED = "proposed", "Proposed"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


class CorrectionAction(Vocabulary):
    """What is done with a factual correction."""

    PROPOSE = "propose", "Propose"
    ACCEPT = "accept", "Accept"
    REJECT = "reject", "Reject"
    WITHDRAW = "withdraw", "Withdraw"


FACTUAL_CORRECTION = Workflow(
    name="factual_correction",
    initial=CorrectionStatus.PROPOSED,
    create={
        CorrectionAction.PROPOSE: step(
            CorrectionStatus.PROPOSED, by=AUTHORITY, event="visits.factual_correction.proposed"
        )
    },
    transitions={
        (CorrectionStatus.PROPOSED, CorrectionAction.ACCEPT): step(
            CorrectionStatus.ACCEPTED, by=APPROVER, event="visits.factual_correction.accepted"
        ),
        (CorrectionStatus.PROPOSED, CorrectionAction.REJECT): step(
            CorrectionStatus.REJECTED, by=APPROVER, event="visits.factual_correction.rejected"
        ),
        (CorrectionStatus.PROPOSED, CorrectionAction.WITHDRAW): step(
            CorrectionStatus.WITHDRAWN, by=AUTHORITY, event="visits.factual_correction.withdrawn"
        ),
    },
    final=frozenset({CorrectionStatus.ACCEPTED, CorrectionStatus.REJECTED, CorrectionStatus.WITHDRAWN}),
)


class CommentStatus(Vocabulary):
    """The states of a report comment."""

    INVITED = "invited", "Invited"
    GIVEN = "given", "Given"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class CommentAction(Vocabulary):
    """What is done with a report comment."""

    INVITE = "invite", "Invite"
    COMMENT = "comment", "Comment"
    REVISE = "revise", "Revise"
    DECLINE = "decline", "Decline"
    WITHDRAW = "withdraw", "Withdraw"


REPORT_COMMENT = Workflow(
    name="report_comment",
    initial=CommentStatus.INVITED,
    create={
        CommentAction.INVITE: step(
            CommentStatus.INVITED, by=SYSTEM | {"drafter", "approver"}, event="visits.report_comment.invited"
        )
    },
    transitions={
        (CommentStatus.INVITED, CommentAction.COMMENT): step(
            CommentStatus.GIVEN, by=EXPERT, event="visits.report_comment.given"
        ),
        (CommentStatus.GIVEN, CommentAction.REVISE): step(
            CommentStatus.GIVEN, by=EXPERT, event="visits.report_comment.revised"
        ),
        (CommentStatus.INVITED, CommentAction.DECLINE): step(
            CommentStatus.DECLINED, by=EXPERT, event="visits.report_comment.declined"
        ),
        **{
            (state, CommentAction.WITHDRAW): step(
                CommentStatus.WITHDRAWN, by=LEAD | SYSTEM, event="visits.report_comment.withdrawn"
            )
            for state in (CommentStatus.INVITED, CommentStatus.GIVEN)
        },
    },
    final=frozenset({CommentStatus.DECLINED, CommentStatus.WITHDRAWN}),
)
