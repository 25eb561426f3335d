"""The rules of consent: what a person agreed to, to whom, how far and for how long.

Pure: no database, no HTTP, no clock. Never reads one consent as another: a purpose, recipient or content that was not
named is not covered (OPCAT Art. 21(2): express consent).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from shared.workflow import Vocabulary, Workflow, step


class ConsentState(Vocabulary):
    """The states of the machine `consent`."""

    ASKED = "asked", "Asked"
    GIVEN = "given", "Given"
    REFUSED = "refused", "Refused"
    NOT_OBTAINABLE = "not_obtainable", "Not obtainable"
    WITHDRAWN = "withdrawn", "Withdrawn"
    SUPERSEDED = "superseded", "Superseded"


class ConsentAction(Vocabulary):
    """What can be done with it."""

    ASK = "ask", "Ask"
    GIVE = "give", "Give"
    REFUSE = "refuse", "Refuse"
    MARK_NOT_OBTAINABLE = "mark_not_obtainable", "Mark not obtainable"
    ASK_AGAIN = "ask_again", "Ask again"
    WITHDRAW = "withdraw", "Withdraw"
    SUPERSEDE = "supersede", "Supersede"


_CASE_WORKERS = frozenset({"complaints_officer", "handler"})
CONSENT = Workflow(
    name="consent",
    initial=ConsentState.ASKED,
    create={
        ConsentAction.ASK: step(
            ConsentState.ASKED, by={"complaints_officer", "handler", "system"}, event="complaints.consent.asked"
        ),
    },
    transitions={
        (ConsentState.ASKED, ConsentAction.GIVE): step(
            ConsentState.GIVEN, by={"complaints_officer", "handler", "system"}, event="complaints.consent.given"
        ),
        (ConsentState.ASKED, ConsentAction.REFUSE): step(
            ConsentState.REFUSED, by=_CASE_WORKERS, event="complaints.consent.refused"
        ),
        (ConsentState.ASKED, ConsentAction.MARK_NOT_OBTAINABLE): step(
            ConsentState.NOT_OBTAINABLE, by=_CASE_WORKERS, event="complaints.consent.marked_not_obtainable"
        ),
        **{
            (state, ConsentAction.ASK_AGAIN): step(
                ConsentState.ASKED, by=_CASE_WORKERS, event="complaints.consent.asked"
            )
            for state in (ConsentState.REFUSED, ConsentState.NOT_OBTAINABLE)
        },
        (ConsentState.GIVEN, ConsentAction.WITHDRAW): step(
            ConsentState.WITHDRAWN, by={"complaints_officer", "handler", "system"}, event="complaints.consent.withdrawn"
        ),
        (ConsentState.GIVEN, ConsentAction.SUPERSEDE): step(
            ConsentState.SUPERSEDED,
            by={"complaints_officer", "handler", "system"},
            event="complaints.consent.superseded",
        ),
    },
    final=frozenset({ConsentState.WITHDRAWN, ConsentState.SUPERSEDED}),
)


class ConsentPurpose(Vocabulary):
    """What somebody agrees to."""

    HANDLE = "handle", "Handle the complaint"
    RAISE_WITH_MANAGEMENT = "raise_with_management", "Raise with management"
    REFER = "refer", "Refer"
    SHARE_WITH_MEDICAL = "share_with_medical", "Share with a medical service"
    SHARE_WITH_PROSECUTOR = "share_with_prosecutor", "Share with a prosecutor"
    USE_IN_REPORT = "use_in_report", "Use in a report"
    PUBLISH = "publish", "Publish"
    CONTACT_AGAIN = "contact_again", "Contact again"


class ContentLevel(Vocabulary):
    """How much may be handed on, less first; the higher level contains the lower one."""

    PRELIMINARY_FINDINGS = "preliminary_findings", "Preliminary findings"
    FINDINGS_AND_EVIDENCE = "findings_and_evidence", "Findings and evidence"


class ConsentForm(Vocabulary):
    """How consent was given."""

    ORAL_RECORDED = "oral_recorded", "Orally, recorded"
    WRITTEN = "written", "In writing"
    BY_REPRESENTATIVE = "by_representative", "By a representative"


class NotObtainableReason(Vocabulary):
    """Why somebody cannot be asked."""

    CAPACITY = "capacity", "Capacity"
    UNREACHABLE = "unreachable", "Unreachable"
    SEEKING_RAISES_RISK = "seeking_raises_risk", "Asking raises the risk"


class InformedPoint(Vocabulary):
    """What a person is told before agreeing."""

    USE = "use", "Use"
    RISKS = "risks", "Risks"
    WITHDRAWAL = "withdrawal", "Right to withdraw"


class WithdrawalEffect(Vocabulary):
    """What a withdrawal does to an act that rested on the consent."""

    CANCELLED = "cancelled", "Cancelled"
    FLAGGED = "flagged", "Flagged"


_LEVELS = tuple(ContentLevel)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a consent says."""

    state: ConsentState
    purposes: Collection[ConsentPurpose]
    recipients: Collection[str]
    content_level: ContentLevel | None
    given_on: date
    expires_on: date | None = None
    withdrawn_on: date | None = None


def is_valid(terms: Terms, on: date) -> bool:
    """Tell whether a consent holds on a day: the last day is still within."""
    in_time = terms.given_on <= on and (terms.expires_on is None or on <= terms.expires_on)
    return terms.state is ConsentState.GIVEN and terms.withdrawn_on is None and in_time


def has_expired(terms: Terms, today: date) -> bool:
    """Tell whether a consent ran out by its own date."""
    return terms.state is ConsentState.GIVEN and terms.expires_on is not None and today > terms.expires_on


def covers(
    terms: Terms, purpose: ConsentPurpose, *, recipient: str, content_level: ContentLevel | None, on: date
) -> bool:
    """Tell whether one act is covered: this purpose, this recipient, no more content than agreed, on this day.

    `content_level` is None for an act that hands nothing on, such as contacting the person again.
    """
    named = purpose in terms.purposes and recipient in terms.recipients
    return is_valid(terms, on) and named and _contains(terms.content_level, content_level)


def _contains(agreed: ContentLevel | None, asked: ContentLevel | None) -> bool:
    if asked is None:
        return True
    return agreed is not None and _LEVELS.index(asked) <= _LEVELS.index(agreed)


def missing_for_giving(
    *, purposes: Collection[str], recipients: Collection[str], informed_points: Collection[str]
) -> tuple[str, ...]:
    """Ask for named purposes and recipients, and that the person was told of use, risks and the right to withdraw."""
    needed = {"purposes": bool(purposes), "recipients": bool(recipients)}
    missing = tuple(name for name, there in needed.items() if not there)
    return missing + tuple(f"informed of {point.value}" for point in InformedPoint if point not in informed_points)


def effect_of_withdrawal(*, is_done: bool) -> WithdrawalEffect:
    """Cancel what is not yet done and flag what was: nobody can call a letter back."""
    return WithdrawalEffect.FLAGGED if is_done else WithdrawalEffect.CANCELLED
