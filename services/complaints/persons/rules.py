"""The rules of the identity vault: who may see who somebody is, and when that knowledge is destroyed.

Pure: no database, no HTTP, no clock. Never lets anyone see an identity without purpose and step-up, and never lets one
person alone erase one.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from shared.workflow import SYSTEM, Vocabulary, Workflow, step

REVEALS_AN_HOUR = 10
RETENTION_MONTHS = 12


class PersonRecordState(Vocabulary):
    """The states of the machine `person_record`."""

    HELD = "held", "Held"
    ERASURE_PROPOSED = "erasure_proposed", "Erasure proposed"
    MERGED = "merged", "Merged"
    ERASED = "erased", "Erased"


class PersonRecordAction(Vocabulary):
    """What can be done with it."""

    HOLD = "hold", "Hold"
    MERGE = "merge", "Merge"
    SEPARATE = "separate", "Separate"
    PROPOSE_ERASURE = "propose_erasure", "Propose erasure"
    KEEP = "keep", "Keep"
    CONFIRM_ERASURE = "confirm_erasure", "Confirm erasure"


PERSON_RECORD = Workflow(
    name="person_record",
    initial=PersonRecordState.HELD,
    create={
        PersonRecordAction.HOLD: step(
            PersonRecordState.HELD,
            by={"complaints_officer", "handler", "system"},
            event="complaints.person_record.opened",
        ),
    },
    transitions={
        (PersonRecordState.HELD, PersonRecordAction.MERGE): step(
            PersonRecordState.MERGED, by={"vault_keeper"}, event="complaints.person_record.merged"
        ),
        (PersonRecordState.MERGED, PersonRecordAction.SEPARATE): step(
            PersonRecordState.HELD, by={"vault_keeper"}, event="complaints.person_record.separated"
        ),
        (PersonRecordState.HELD, PersonRecordAction.PROPOSE_ERASURE): step(
            PersonRecordState.ERASURE_PROPOSED,
            by={"vault_keeper", "system"},
            event="complaints.person_record.erasure_proposed",
        ),
        (PersonRecordState.ERASURE_PROPOSED, PersonRecordAction.KEEP): step(
            PersonRecordState.HELD, by={"vault_keeper", "head", "approver"}, event="complaints.person_record.kept"
        ),
        (PersonRecordState.ERASURE_PROPOSED, PersonRecordAction.CONFIRM_ERASURE): step(
            PersonRecordState.ERASED, by={"head", "approver"}, event="complaints.person_record.erased"
        ),
        (PersonRecordState.MERGED, PersonRecordAction.CONFIRM_ERASURE): step(
            PersonRecordState.ERASED, by=SYSTEM, event="complaints.person_record.erased"
        ),
    },
    final=frozenset({PersonRecordState.ERASED}),
)


class PersonRole(Vocabulary):
    """What a person is in a case."""

    PERSON_CONCERNED = "person_concerned", "Person concerned"
    COMPLAINANT = "complainant", "Complainant"
    REPRESENTATIVE = "representative", "Representative"
    WITNESS = "witness", "Witness"


class SafeContact(Vocabulary):
    """How somebody may be reached without danger."""

    ANY = "any", "Any way"
    IN_PERSON_ONLY = "in_person_only", "In person only"
    LAWYER_ONLY = "lawyer_only", "Through the lawyer only"
    FAMILY_ONLY = "family_only", "Through the family only"
    NO_CONTACT = "no_contact", "No contact"


class RevealRefusal(Vocabulary):
    """Why an identity is not shown, in the order in which it is looked at."""

    NOT_ENTITLED = "not_entitled", "Not entitled"
    STEP_UP_MISSING = "step_up_missing", "Step-up missing"
    PURPOSE_MISSING = "purpose_missing", "Purpose missing"
    TOO_MANY = "too_many", "Too many in an hour"


class HoldReason(Vocabulary):
    """What keeps an identity from being erased."""

    REFERRAL = "referral", "Open referral"
    TEST_SAMPLE = "test_sample", "Open test of a mechanism"
    REPRISAL_CASE = "reprisal_case", "Open reprisal case"
    DISCLOSURE = "disclosure", "Open disclosure"
    LEGAL_HOLD = "legal_hold", "Legal hold"


def refusal_to_reveal(
    *,
    roles: Collection[str],
    is_assigned: bool,
    is_recused: bool,
    is_stepped_up: bool,
    purpose: str | None,
    reveals_in_last_hour: int,
    at_most: int = REVEALS_AN_HOUR,
) -> RevealRefusal | None:
    """Say why this person may not see the identity, or None: the assigned officer, the vault keeper or the head.

    The record's existence plays no part: the answer must be the same whether an identity is there or not.
    """
    if not _is_entitled(roles, is_assigned=is_assigned) or is_recused:
        return RevealRefusal.NOT_ENTITLED
    if not is_stepped_up:
        return RevealRefusal.STEP_UP_MISSING
    if not (purpose or "").strip():
        return RevealRefusal.PURPOSE_MISSING
    return RevealRefusal.TOO_MANY if reveals_in_last_hour >= at_most else None


def _is_entitled(roles: Collection[str], *, is_assigned: bool) -> bool:
    return "head" in roles or "vault_keeper" in roles or ("complaints_officer" in roles and is_assigned)


def retention_until(closed_on: date, *, months: int = RETENTION_MONTHS) -> date:
    """Give the date up to which an identity is kept after closure; the last day of a shorter month."""
    years, month = divmod(closed_on.month - 1 + months, 12)
    first = date(closed_on.year + years, month + 1, 1)
    next_first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(closed_on.day, (next_first - first).days))


def is_erasure_due(
    state: PersonRecordState, *, retention_until: date | None, holds: Collection[HoldReason], today: date
) -> bool:
    """Tell whether nothing speaks for keeping an identity any longer."""
    over = retention_until is not None and today > retention_until
    return state is PersonRecordState.HELD and over and not holds


def hindrances_to_erasure(
    *, is_retention_over: bool, person_asked: bool, holds: Collection[HoldReason]
) -> tuple[str, ...]:
    """Name what keeps an identity; looked at when erasure is proposed and again when it is confirmed."""
    not_yet = () if is_retention_over or person_asked else ("retention is not over",)
    return not_yet + tuple(f"{reason.label.lower()}" for reason in HoldReason if reason in holds)


def may_confirm_erasure(confirmer: UUID, *, proposer: UUID | None, hindrances: Collection[str]) -> bool:
    """Tell whether this person may confirm: another one than who proposed, and nothing in the way at this moment."""
    return confirmer != proposer and not hindrances
