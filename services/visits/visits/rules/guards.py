"""What has to be there before each act on a visit, told as a list of what is missing.

Pure: no database, no HTTP, no clock. Who may go on the visit is judged in `team`, never here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from services.visits.visits.rules.status import MeetingKind, VisitRole, VisitType
from shared.workflow import Vocabulary

#: Below this many interviews in a unit, or this share of it, staff could single people out (R-V78).
LEAST_COVER = 5
LEAST_COVER_SHARE = 0.10
#: In a smaller unit even an anonymised notice points at somebody.
SMALLEST_UNIT = 5


class VisitGap(Vocabulary):
    """What is missing before an act on a visit."""

    DAYS = "days", "the visit has no days"
    GROUND = "ground", "neither an activity, nor an objective, nor a purpose is named"
    JUSTIFICATION = "justification", "a reactive visit is exceptional and needs a justification"
    HEAD = "head", "a reactive visit is planned by the head"
    LEAD = "lead", "nobody leads the visit"
    DRAFTER = "drafter", "nobody drafts the report"
    APPROVER = "approver", "nobody approves the report"
    AUTHORITY_CONTACT = "authority_contact", "nobody is named to talk to the authorities"
    TEAM = "team", "somebody on the team may not go"
    EXPERTISE = "expertise", "the expertise of the team was not checked"
    INTERVIEW_PLAN = "interview_plan", "the interview plan is missing"
    AGREEMENT = "agreement", "the agreement on the joint visit is not signed"
    URGENT_ACTION = "urgent_action", "the joint agreement does not say what to do in urgent situations"
    INFORMATION_USE = "information_use", "the joint agreement does not say how information may be used"
    PARTNER_ASSURANCE = "partner_assurance", "a partner has not assured do no harm, confidentiality and security"
    NOT_A_VISIT_DAY = "not_a_visit_day", "today is no day of the visit"
    MEETINGS = "meetings", "an opening or closing meeting was not held and no reason is given"
    EXPERT_ALONE = "expert_alone", "an expert worked in a session without a member or staff"
    EXPECTATIONS = "expectations", "an interview does not say that the mandate was explained, nor why not"
    REASON = "reason", "no reason is given"
    REPRISAL_WATCH = "reprisal_watch", "a reprisal watch for those who spoke to the team was not considered"
    DEBRIEFING = "debriefing", "the debriefing is not recorded"
    EXPERT_INPUT = "expert_input", "an expert neither attended the debriefing nor wrote"
    REPORT = "report", "a report is neither published nor withheld with a reason"


#: Those who must be named before preparation begins.
NAMED_ROLES: Mapping[VisitRole, VisitGap] = {
    VisitRole.LEAD: VisitGap.LEAD,
    VisitRole.DRAFTER: VisitGap.DRAFTER,
    VisitRole.APPROVER: VisitGap.APPROVER,
    VisitRole.AUTHORITY_CONTACT: VisitGap.AUTHORITY_CONTACT,
}


@dataclass(frozen=True, kw_only=True)
class JointAgreement:
    """What the partners of a joint visit agreed on beforehand (R-V69 to R-V72)."""

    is_signed: bool
    urgent_action_protocol: str
    information_use_terms: str
    are_partners_assured: bool


@dataclass(frozen=True, kw_only=True)
class PlaceConduct:
    """The talks held at one place, and why one was left out."""

    meetings: frozenset[MeetingKind]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class SessionPresence:
    """Who worked in one session."""

    experts: int
    members_or_staff: int


@dataclass(frozen=True, kw_only=True)
class InterviewOpening:
    """Whether an interview began with the mandate and its limits, and why not."""

    expectations_explained: bool
    reason: str = ""


def planning_gaps(
    *,
    days: Collection[date],
    visit_type: VisitType,
    has_ground: bool,
    justification: str = "",
    is_planned_by_head: bool = False,
) -> tuple[VisitGap, ...]:
    """Say what is missing before a visit enters the programme (R-V50)."""
    is_reactive = visit_type is VisitType.REACTIVE
    return _missing(
        (VisitGap.DAYS, bool(days)),
        (VisitGap.GROUND, has_ground),
        (VisitGap.JUSTIFICATION, bool(justification) or not is_reactive),
        (VisitGap.HEAD, is_planned_by_head or not is_reactive),
    )


def preparation_gaps(roles: Collection[VisitRole]) -> tuple[VisitGap, ...]:
    """Say which roles nobody holds yet (R-V48)."""
    return tuple(gap for role, gap in NAMED_ROLES.items() if role not in roles)


def confirmation_gaps(
    *,
    has_team_problems: bool,
    is_expertise_checked: bool,
    has_interview_plan: bool,
    is_joint: bool = False,
    agreement: JointAgreement | None = None,
) -> tuple[VisitGap, ...]:
    """Say what is missing before a visit is ready."""
    return _missing(
        (VisitGap.TEAM, not has_team_problems),
        (VisitGap.EXPERTISE, is_expertise_checked),
        (VisitGap.INTERVIEW_PLAN, has_interview_plan),
    ) + (agreement_gaps(agreement) if is_joint else ())


def agreement_gaps(agreement: JointAgreement | None) -> tuple[VisitGap, ...]:
    """Say what partners have not agreed on before a joint visit (R-V69 to R-V72)."""
    if agreement is None:
        return (VisitGap.AGREEMENT,)
    return _missing(
        (VisitGap.AGREEMENT, agreement.is_signed),
        (VisitGap.URGENT_ACTION, bool(agreement.urgent_action_protocol)),
        (VisitGap.INFORMATION_USE, bool(agreement.information_use_terms)),
        (VisitGap.PARTNER_ASSURANCE, agreement.are_partners_assured),
    )


def start_gaps(*, today: date, days: Collection[date], still_missing: tuple[VisitGap, ...]) -> tuple[VisitGap, ...]:
    """Say what stands against starting now; `still_missing` are the gaps of confirmation at this moment."""
    return _missing((VisitGap.NOT_A_VISIT_DAY, today in days)) + still_missing


def finish_gaps(
    *,
    places: Iterable[PlaceConduct],
    sessions: Iterable[SessionPresence],
    interviews: Iterable[InterviewOpening],
) -> tuple[VisitGap, ...]:
    """Say what the conduct of a visit still owes (R-V67, R-V74, R-V76)."""
    owed = {MeetingKind.OPENING, MeetingKind.CLOSING}
    return _missing(
        (VisitGap.MEETINGS, all(owed <= place.meetings or bool(place.reason) for place in places)),
        (VisitGap.EXPERT_ALONE, not any(is_expert_alone(session) for session in sessions)),
        (VisitGap.EXPECTATIONS, all(each.expectations_explained or bool(each.reason) for each in interviews)),
    )


def is_expert_alone(session: SessionPresence) -> bool:
    """An external expert is never at work without a member or staff of the NPM (R-V67)."""
    return session.experts > 0 and session.members_or_staff == 0


def early_end_gaps(*, reason: str, is_reprisal_watch_considered: bool) -> tuple[VisitGap, ...]:
    """Say what is missing before an obstructed visit ends early."""
    return _missing((VisitGap.REASON, bool(reason)), (VisitGap.REPRISAL_WATCH, is_reprisal_watch_considered))


def debriefing_gaps(
    *, is_recorded: bool, expert_ids: frozenset[str], heard_ids: frozenset[str]
) -> tuple[VisitGap, ...]:
    """Say what is missing after a debriefing; `heard_ids` attended or wrote (R-V89)."""
    return _missing((VisitGap.DEBRIEFING, is_recorded), (VisitGap.EXPERT_INPUT, expert_ids <= heard_ids))


def closing_gaps(
    visit_type: VisitType, *, is_report_published: bool, withheld_reason: str = "", has_note_to_file: bool = False
) -> tuple[VisitGap, ...]:
    """Say what is missing before a visit is closed: a follow-up or ad hoc visit may end in a note to the file."""
    may_be_noted = visit_type in (VisitType.FOLLOW_UP, VisitType.AD_HOC)
    is_reported = is_report_published or bool(withheld_reason) or (may_be_noted and has_note_to_file)
    return _missing((VisitGap.REPORT, is_reported))


def reason_gaps(reason: str) -> tuple[VisitGap, ...]:
    """Postponing, cancelling and reopening need a reason."""
    return _missing((VisitGap.REASON, bool(reason.strip())))


def is_cover_thin(interviewed: int, unit_population: int) -> bool:
    """Whether so few people of a unit were interviewed that staff could single one out (R-V78)."""
    return interviewed < LEAST_COVER or interviewed < LEAST_COVER_SHARE * unit_population


def may_raise_on_site(*, has_consent: bool, is_anonymised: bool, names_person: bool, unit_population: int) -> bool:
    """Whether a problem may be raised with management at once: with consent, or in general terms (R-V81, R-V83)."""
    if has_consent:
        return True
    return is_anonymised and not names_person and unit_population >= SMALLEST_UNIT


def _missing(*conditions: tuple[VisitGap, bool]) -> tuple[VisitGap, ...]:
    return tuple(gap for gap, is_met in conditions if not is_met)
