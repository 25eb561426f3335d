"""The rules of what a partner sends in: its machine, what must fit together, and what the partner may see of it.

Pure: no database, no HTTP, no clock. Never guesses a place or theme, and never shows a partner anything
of our handling.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.workflow import SYSTEM, IllegalTransition, Vocabulary, Workflow, step

MOST_THEMES = 4
NPM_RECIPIENT = "npm"


class ComplaintReferralState(Vocabulary):
    """The states of the machine `complaint_referral`."""

    RECEIVED = "received", "Received"
    NEEDS_MAPPING = "needs_mapping", "Needs mapping"
    CLARIFICATION_REQUESTED = "clarification_requested", "Clarification requested"
    ACCEPTED = "accepted", "Accepted"
    CONCLUDED = "concluded", "Concluded"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ComplaintReferralAction(Vocabulary):
    """What can be done with it."""

    SUBMIT = "submit", "Submit"
    HOLD = "hold", "Hold"
    MAP = "map", "Map"
    REQUEST_CLARIFICATION = "request_clarification", "Request clarification"
    CLARIFY = "clarify", "Clarify"
    ACCEPT = "accept", "Accept"
    AMEND = "amend", "Amend"
    REPORT_PROGRESS = "report_progress", "Report progress"
    CONCLUDE = "conclude", "Conclude"
    REOPEN = "reopen", "Reopen"
    DECLINE = "decline", "Decline"
    WITHDRAW = "withdraw", "Withdraw"


_PARTNERS = frozenset({"nhri_complaints", "partner_system"})
_State = ComplaintReferralState
_Action = ComplaintReferralAction

COMPLAINT_REFERRAL = Workflow(
    name="complaint_referral",
    initial=_State.RECEIVED,
    create={
        _Action.SUBMIT: step(_State.RECEIVED, by=_PARTNERS, event="complaints.complaint_referral.received"),
    },
    transitions={
        (_State.RECEIVED, _Action.HOLD): step(
            _State.NEEDS_MAPPING, by=SYSTEM, event="complaints.complaint_referral.held"
        ),
        (_State.NEEDS_MAPPING, _Action.MAP): step(
            _State.RECEIVED, by={"complaints_officer"}, event="complaints.complaint_referral.mapped"
        ),
        **{
            (state, _Action.REQUEST_CLARIFICATION): step(
                _State.CLARIFICATION_REQUESTED,
                by={"complaints_officer"},
                event="complaints.complaint_referral.clarification_requested",
            )
            for state in (_State.RECEIVED, _State.NEEDS_MAPPING)
        },
        (_State.CLARIFICATION_REQUESTED, _Action.CLARIFY): step(
            _State.RECEIVED, by=_PARTNERS, event="complaints.complaint_referral.clarified"
        ),
        (_State.RECEIVED, _Action.ACCEPT): step(
            _State.ACCEPTED, by={"complaints_officer", "system"}, event="complaints.complaint_referral.accepted"
        ),
        (_State.RECEIVED, _Action.AMEND): step(
            _State.RECEIVED, by=_PARTNERS, event="complaints.complaint_referral.amended"
        ),
        (_State.NEEDS_MAPPING, _Action.AMEND): step(
            _State.NEEDS_MAPPING, by=_PARTNERS, event="complaints.complaint_referral.amended"
        ),
        (_State.ACCEPTED, _Action.REPORT_PROGRESS): step(
            _State.ACCEPTED, by=_PARTNERS, event="complaints.complaint_referral.progress_reported"
        ),
        (_State.ACCEPTED, _Action.CONCLUDE): step(
            _State.CONCLUDED, by={"handler", "system"}, event="complaints.complaint_referral.concluded"
        ),
        (_State.CONCLUDED, _Action.REOPEN): step(
            _State.ACCEPTED, by={"handler", "system"}, event="complaints.complaint_referral.reopened"
        ),
        **{
            (state, _Action.DECLINE): step(
                _State.DECLINED, by={"complaints_officer"}, event="complaints.complaint_referral.declined"
            )
            for state in (_State.RECEIVED, _State.NEEDS_MAPPING, _State.CLARIFICATION_REQUESTED)
        },
        **{
            (state, _Action.WITHDRAW): step(
                _State.WITHDRAWN, by=_PARTNERS, event="complaints.complaint_referral.withdrawn"
            )
            for state in (_State.RECEIVED, _State.NEEDS_MAPPING, _State.CLARIFICATION_REQUESTED, _State.ACCEPTED)
        },
    },
    final=frozenset({_State.DECLINED, _State.WITHDRAWN}),
)


class PartnerStatus(Vocabulary):
    """What a partner sees of the state."""

    RECEIVED = "received", "Received"
    CLARIFICATION_REQUESTED = "clarification_requested", "Clarification requested"
    ACCEPTED = "accepted", "Accepted"
    CONCLUDED = "concluded", "Concluded"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class DeclineReason(Vocabulary):
    """Why a referral is not taken."""

    OUTSIDE_MANDATE = "outside_mandate", "Outside the mandate"
    NOT_A_PLACE = "not_a_place", "Not a place of detention"
    DUPLICATE_EXTERNAL_ID = "duplicate_external_id", "Duplicate external id"
    NO_CONTENT = "no_content", "No content"
    UNLAWFUL = "unlawful", "Unlawful"


class ConsentReport(Vocabulary):
    """What a partner says about the person's consent; `withdrawn` comes later, by PUT."""

    GIVEN = "given", "Given"
    REFUSED = "refused", "Refused"
    NOT_OBTAINABLE = "not_obtainable", "Not obtainable"
    NOT_ASKED = "not_asked", "Not asked"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Matching(Vocabulary):
    """Whether a place or the themes are found."""

    RESOLVED = "resolved", "Resolved"
    QUEUED = "queued", "Queued"


_SEEN_AS_RECEIVED = (ComplaintReferralState.RECEIVED, ComplaintReferralState.NEEDS_MAPPING)
_STILL_TO_COME = frozenset({"other_body", "consent"})


@dataclass(frozen=True)
class Inconsistency:
    """A field of the payload that does not fit, and why; the API answers 422."""

    field: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ReportedConsent:
    """The consent object of a payload."""

    state: ConsentReport
    purposes: Collection[str] = ()
    recipients: Collection[str] = ()
    given_on: date | None = None
    expires_on: date | None = None


def partner_status(state: ComplaintReferralState) -> PartnerStatus:
    """Give what the partner sees: waiting for a mapping is our business and shows as received."""
    return PartnerStatus.RECEIVED if state in _SEEN_AS_RECEIVED else PartnerStatus[state.name]


def consent_inconsistencies(
    consent: ReportedConsent, *, person_count: int, is_first: bool = True
) -> tuple[Inconsistency, ...]:
    """Name what does not fit: persons only with a consent that names the NPM, and a consent only with a person."""
    given = consent.state is ConsentReport.GIVEN
    found = (
        ("consent.state", "a withdrawal comes later", is_first and consent.state is ConsentReport.WITHDRAWN),
        ("persons", "no person without consent", person_count > 0 and not given),
        ("persons", "consent without a person", given and person_count == 0),
        ("consent.recipients", "the NPM is not named", given and NPM_RECIPIENT not in consent.recipients),
        ("consent.purposes", "no purpose is named", given and not consent.purposes),
        ("consent.given_on", "missing", given and consent.given_on is None),
        ("consent.expires_on", "before given_on", _ends_early(consent)),
    )
    return tuple(Inconsistency(field, why) for field, why, is_there in found if is_there)


def _ends_early(consent: ReportedConsent) -> bool:
    return consent.given_on is not None and consent.expires_on is not None and consent.expires_on < consent.given_on


def is_place_named_once(
    *, place_id: UUID | None = None, code: str | None = None, name: str | None = None, region: str | None = None
) -> bool:
    """Tell whether a place is given by exactly one of id, code, or name with region."""
    by_name = name is not None and region is not None
    half_a_name = (name is None) != (region is None)
    return not half_a_name and sum((place_id is not None, code is not None, by_name)) == 1


def matching(*, is_resolved: bool) -> Matching:
    """Give what the partner sees of the matching of a place or of its themes."""
    return Matching.RESOLVED if is_resolved else Matching.QUEUED


def first_action(*, is_place_resolved: bool, are_themes_resolved: bool) -> ComplaintReferralAction:
    """Give what the service does with a valid payload: accept only what is wholly resolved by code and map."""
    resolved = is_place_resolved and are_themes_resolved
    return ComplaintReferralAction.ACCEPT if resolved else ComplaintReferralAction.HOLD


def act_of_change(
    state: ComplaintReferralState, changed: Collection[str], *, is_consent_withdrawn: bool = False
) -> ComplaintReferralAction:
    """Give the action behind a PUT: once accepted only what the other body does and a withdrawal may change."""
    if state in _SEEN_AS_RECEIVED:
        return ComplaintReferralAction.AMEND
    only_what_may = _STILL_TO_COME.issuperset(changed) and ("consent" not in changed or is_consent_withdrawn)
    if state is ComplaintReferralState.ACCEPTED and only_what_may:
        return ComplaintReferralAction.REPORT_PROGRESS
    # which members differ is not said: it would tell, guess by guess, what was sent before
    raise IllegalTransition(f"cannot change this while {partner_status(state).value}")


def missing_for_acceptance(
    *, is_place_or_authority_resolved: bool, are_themes_resolved: bool, is_consent_consistent: bool
) -> tuple[str, ...]:
    """Name what keeps a referral from becoming a complaint."""
    needed = {
        "place or authority": is_place_or_authority_resolved,
        "themes": are_themes_resolved,
        "consistent consent": is_consent_consistent,
    }
    return tuple(name for name, there in needed.items() if not there)
