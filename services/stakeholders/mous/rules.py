"""The rules of a memorandum of understanding: what it says, that it leaves the NPM independent, and when it is in force.

Pure: no database, no HTTP, no clock.
"""

from datetime import date

from shared.workflow import Vocabulary, Workflow, step

HEAD = frozenset({"head"})
NOT_SECONDED = frozenset({"head", "member", "staff"})


class MouStatus(Vocabulary):
    """The states of a memorandum."""

    DRAFT = "draft", "Draft"
    INDEPENDENCE_REVIEW = "independence_review", "Independence review"
    CLEARED = "cleared", "Cleared"
    SIGNED = "signed", "Signed"
    UNDER_REVIEW = "under_review", "Under review"
    SUSPENDED = "suspended", "Suspended"
    TERMINATED = "terminated", "Terminated"
    DROPPED = "dropped", "Dropped"


class MouAction(Vocabulary):
    """What is done with a memorandum."""

    DRAFT = "draft", "Draft"
    SUBMIT = "submit", "Submit"
    RETURN = "return", "Return"
    CLEAR = "clear", "Clear"
    REVISE = "revise", "Revise"
    SIGN = "sign", "Sign"
    REVIEW = "review", "Review"
    RENEW = "renew", "Renew"
    SUSPEND = "suspend", "Suspend"
    RESUME = "resume", "Resume"
    TERMINATE = "terminate", "Terminate"
    DROP = "drop", "Drop"


MOU = Workflow(
    name="mou",
    initial=MouStatus.DRAFT,
    create={MouAction.DRAFT: step(MouStatus.DRAFT, by=NOT_SECONDED, event="stakeholders.mou.drafted")},
    transitions={
        (MouStatus.DRAFT, MouAction.SUBMIT): step(
            MouStatus.INDEPENDENCE_REVIEW, by=NOT_SECONDED, event="stakeholders.mou.submitted"
        ),
        (MouStatus.INDEPENDENCE_REVIEW, MouAction.RETURN): step(
            MouStatus.DRAFT, by=HEAD, event="stakeholders.mou.returned"
        ),
        (MouStatus.INDEPENDENCE_REVIEW, MouAction.CLEAR): step(
            MouStatus.CLEARED, by=HEAD, event="stakeholders.mou.cleared"
        ),
        (MouStatus.CLEARED, MouAction.REVISE): step(MouStatus.DRAFT, by=NOT_SECONDED, event="stakeholders.mou.revised"),
        (MouStatus.CLEARED, MouAction.SIGN): step(MouStatus.SIGNED, by=HEAD, event="stakeholders.mou.signed"),
        (MouStatus.SIGNED, MouAction.REVIEW): step(
            MouStatus.UNDER_REVIEW, by=NOT_SECONDED, event="stakeholders.mou.review_started"
        ),
        (MouStatus.UNDER_REVIEW, MouAction.RENEW): step(MouStatus.SIGNED, by=HEAD, event="stakeholders.mou.renewed"),
        **{
            (state, MouAction.SUSPEND): step(MouStatus.SUSPENDED, by=HEAD, event="stakeholders.mou.suspended")
            for state in (MouStatus.SIGNED, MouStatus.UNDER_REVIEW)
        },
        (MouStatus.SUSPENDED, MouAction.RESUME): step(MouStatus.SIGNED, by=HEAD, event="stakeholders.mou.resumed"),
        **{
            (state, MouAction.TERMINATE): step(MouStatus.TERMINATED, by=HEAD, event="stakeholders.mou.terminated")
            for state in (MouStatus.SIGNED, MouStatus.UNDER_REVIEW, MouStatus.SUSPENDED)
        },
        **{
            (state, MouAction.DROP): step(MouStatus.DROPPED, by=HEAD, event="stakeholders.mou.dropped")
            for state in (MouStatus.DRAFT, MouStatus.INDEPENDENCE_REVIEW, MouStatus.CLEARED)
        },
    },
    final=frozenset({MouStatus.TERMINATED, MouStatus.DROPPED}),
)

#: What the partner sees of it: the text once it was signed, whatever became of it.
SHOWN_TO_PARTY = frozenset({MouStatus.SIGNED, MouStatus.UNDER_REVIEW, MouStatus.SUSPENDED, MouStatus.TERMINATED})
#: The acts that need a reason.
NEED_A_REASON = frozenset({MouAction.SUSPEND, MouAction.RESUME, MouAction.TERMINATE})


class MouPurpose(Vocabulary):
    """What a memorandum is for (R-S42)."""

    REFERRAL = "referral", "Referral of complaints"
    INFORMATION_EXCHANGE = "information_exchange", "Exchange of information"
    JOINT_VISITS = "joint_visits", "Joint visits"
    TRAINING = "training", "Training"
    OTHER = "other", "Other"


class IndependenceFlag(Vocabulary):
    """A clause that would limit the NPM (R-S39)."""

    SAY_OVER_VISITS = "say_over_visits", "The partner has a say over visits"
    SAY_OVER_FINDINGS = "say_over_findings", "The partner has a say over findings"
    SAY_OVER_PUBLICATION = "say_over_publication", "The partner has a say over publication"
    SAY_OVER_PRIORITIES = "say_over_priorities", "The partner has a say over priorities"
    SAY_OVER_ACCESS = "say_over_access", "The partner has a say over access"
    EXCLUSIVITY = "exclusivity", "Exclusivity"
    DUTY_OF_INFORMATION = "duty_of_information", "A duty of information beyond OPCAT Art. 21"


class MouGap(Vocabulary):
    """What is missing before an act on a memorandum."""

    OBJECTIVES = "objectives", "no objectives are set"
    MODALITIES = "modalities", "no ways of working are set"
    RESPONSIBILITIES = "responsibilities", "no responsibilities are set"
    LIMITS = "limits", "no limits are set"
    CONFIDENTIALITY = "confidentiality", "there is no confidentiality clause"
    OPEN_FLAG = "open_flag", "a clause that limits the NPM is still in it"
    NO_FLAG = "no_flag", "no clause is flagged that would have to change"
    DATES = "dates", "the dates are missing, or the end is before the beginning"
    REASON = "reason", "no reason is given"


def submission_gaps(
    *, objectives: str, modalities: str, responsibilities: str, limits: str, confidentiality_clause: str
) -> tuple[MouGap, ...]:
    """What a text must say before its independence is looked at (R-S38, R-S41)."""
    needed = (
        (MouGap.OBJECTIVES, objectives),
        (MouGap.MODALITIES, modalities),
        (MouGap.RESPONSIBILITIES, responsibilities),
        (MouGap.LIMITS, limits),
        (MouGap.CONFIDENTIALITY, confidentiality_clause),
    )
    return tuple(gap for gap, text in needed if not text.strip())


def clearing_gaps(flags: frozenset[IndependenceFlag]) -> tuple[MouGap, ...]:
    """A text with a clause that limits the NPM is not cleared (R-S39)."""
    return (MouGap.OPEN_FLAG,) if flags else ()


def returning_gaps(flags: frozenset[IndependenceFlag]) -> tuple[MouGap, ...]:
    """Who sends a text back says which clauses."""
    return () if flags else (MouGap.NO_FLAG,)


def dating_gaps(from_on: date | None, to_on: date | None) -> tuple[MouGap, ...]:
    """Signing and renewing need dates."""
    is_dated = from_on is not None and to_on is not None and from_on <= to_on
    return () if is_dated else (MouGap.DATES,)


def is_in_force(status: MouStatus, from_on: date | None, to_on: date | None, day: date) -> bool:
    """Whether sharing and referrals stand on it on a day, the last one included."""
    holds = status in (MouStatus.SIGNED, MouStatus.UNDER_REVIEW)
    return holds and from_on is not None and to_on is not None and from_on <= day <= to_on
