"""Who may go on a visit: accredited for every place and day, no excluding conflict, no expert alone or unprepared.

Pure: no database, no HTTP, no clock. It reads the projection of what the stakeholders service decided and decides
no conflict itself.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.visits.visits.rules.status import GOING_ROLES, VisitRole
from shared.workflow import Vocabulary


class PersonKind(Vocabulary):
    """What somebody is to the NPM."""

    MEMBER = "member", "Member"
    STAFF = "staff", "Staff"
    SECONDEE = "secondee", "Seconded official"
    EXPERT = "expert", "External expert"


class ConflictEffect(Vocabulary):
    """What a conflict of interest does; the codes are those of the stakeholders service."""

    NONE = "none", "None"
    DISCLOSE_ONLY = "disclose_only", "Disclose only"
    EXCLUDE_INTERVIEWS = "exclude_interviews", "Excluded from interviews"
    PREPARATION_ONLY = "preparation_only", "Preparation only"
    EXCLUDE_VISIT = "exclude_visit", "Excluded from the visit"
    EXCLUDE_PLACE = "exclude_place", "Excluded from the place"
    ENDS_FUNCTION = "ends_function", "Ends the function"


#: Effects that leave nothing of the visit; `preparation_only` keeps people out of the place alone.
SHUT_OUT = frozenset({ConflictEffect.EXCLUDE_VISIT, ConflictEffect.EXCLUDE_PLACE, ConflictEffect.ENDS_FUNCTION})
#: Seconded officials never lead or decide, experts neither (R-S86).
CLOSED_ROLES = {
    PersonKind.SECONDEE: frozenset({VisitRole.LEAD, VisitRole.APPROVER}),
    PersonKind.EXPERT: frozenset({VisitRole.LEAD, VisitRole.APPROVER, VisitRole.AUTHORITY_CONTACT}),
}


class TeamProblemKind(Vocabulary):
    """Why a team may not go as it is."""

    NOT_ACCREDITED = "not_accredited", "has no accreditation for the place on every day"
    CONFLICT = "conflict", "has a conflict of interest that excludes"
    ORIGIN_AUTHORITY = "origin_authority", "is seconded by an authority of the place"
    NOT_IN_STANDING = "not_in_standing", "is not in standing as an expert on every day"
    NOT_PREPARED = "not_prepared", "took no part in the preparation"
    EXPERT_ALONE = "expert_alone", "an expert may only go with a member or staff of the NPM"
    ROLE_CLOSED = "role_closed", "may not hold this role"
    NOBODY_GOES = "nobody_goes", "nobody is on the team"


@dataclass(frozen=True, kw_only=True)
class VisitedPlace:
    """A place of the visit with the authorities behind it; `days` are its own days, else all days of the visit."""

    place_id: str
    authority_ids: frozenset[str] = frozenset()
    days: tuple[date, ...] = ()
    visit_ids: frozenset[str] = frozenset()
    """The visits in question that go there."""


@dataclass(frozen=True, kw_only=True)
class Accreditation:
    """A granted accreditation; without places it holds for all places of the authority."""

    authority_id: str
    from_on: date
    to_on: date
    place_ids: frozenset[str] = frozenset()

    def covers(self, place: VisitedPlace, day: date) -> bool:
        """Whether it opens this place on this day."""
        reaches = place.place_id in self.place_ids if self.place_ids else self.authority_id in place.authority_ids
        return reaches and self.from_on <= day <= self.to_on


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A conflict on record; an undecided one excludes as a precaution, for as long as it is open."""

    effect: ConflictEffect
    is_decided: bool = True
    place_ids: frozenset[str] = frozenset()
    authority_ids: frozenset[str] = frozenset()
    person_refs: frozenset[str] = frozenset()
    matter_ids: frozenset[str] = frozenset()
    from_on: date | None = None
    until_on: date | None = None

    def effect_on(self, day: date) -> ConflictEffect:
        """Give the effect that holds on a day."""
        if not self.is_decided:
            return ConflictEffect.EXCLUDE_VISIT
        begun = self.from_on is None or self.from_on <= day
        over = self.until_on is not None and day > self.until_on
        return self.effect if begun and not over else ConflictEffect.NONE

    def concerns(self, place: VisitedPlace) -> bool:
        """Whether it is about this place or its authorities; one about a person alone bears on interviews only."""
        if self.place_ids or self.authority_ids:
            return place.place_id in self.place_ids or bool(self.authority_ids & place.authority_ids)
        if self.matter_ids:
            return bool(self.matter_ids & place.visit_ids)
        return not self.person_refs


@dataclass(frozen=True, kw_only=True)
class TeamMember:
    """Somebody with a role in the visit, and what is known of their right to go."""

    person_id: str
    kind: PersonKind
    role: VisitRole
    accreditations: tuple[Accreditation, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    origin_authority_id: str | None = None
    #: Days on which an expert is in standing; not asked of others.
    standing_from_on: date | None = None
    standing_to_on: date | None = None
    prepared_on: date | None = None

    @property
    def goes(self) -> bool:
        """Whether the role takes the person into the place."""
        return self.role in GOING_ROLES

    @property
    def is_expert(self) -> bool:
        """Whether the person is external."""
        return self.kind is PersonKind.EXPERT


@dataclass(frozen=True, kw_only=True)
class TeamProblem:
    """One reason against the team as it is: who, where and on which days."""

    kind: TeamProblemKind
    person_id: str = ""
    place_id: str = ""
    days: tuple[date, ...] = ()

    @property
    def code(self) -> str:
        """The code of the problem."""
        return self.kind.value

    @property
    def sentence(self) -> str:
        """The problem in words; the reader adds the names."""
        return self.kind.label


def team_problems(
    members: Sequence[TeamMember], places: Sequence[VisitedPlace], days: Sequence[date]
) -> list[TeamProblem]:
    """Say why this team may not go to these places on these days (R-V57 to R-V60, R-V67, R-S86)."""
    problems = [problem for member in members for problem in _problems_of(member, places, days)]
    going = [member for member in members if member.goes]
    if not going:
        problems.append(TeamProblem(kind=TeamProblemKind.NOBODY_GOES))
    if any(member.is_expert for member in going) and not any(is_accompanying(member) for member in going):
        problems.append(TeamProblem(kind=TeamProblemKind.EXPERT_ALONE))
    return problems


def is_accompanying(member: TeamMember) -> bool:
    """Whether the person counts as the member or staff without whom no expert works (R-V67)."""
    return member.kind in (PersonKind.MEMBER, PersonKind.STAFF)


def may_hold(kind: PersonKind, role: VisitRole) -> bool:
    """Whether somebody of this kind may hold the role."""
    return role not in CLOSED_ROLES.get(kind, frozenset())


def is_recused_from(person_ref: str, conflicts: Iterable[Conflict], day: date) -> bool:
    """Whether somebody must not interview this person: nobody interviews a client, kin or friend (R-V61, R-V62)."""
    harmless = (ConflictEffect.NONE, ConflictEffect.DISCLOSE_ONLY)
    return any(person_ref in each.person_refs and each.effect_on(day) not in harmless for each in conflicts)


def missing_expertise(required: Collection[str], held: Iterable[Collection[str]]) -> tuple[str, ...]:
    """Say which expertise nobody on the team brings (R-V63)."""
    present = {code for each in held for code in each}
    return tuple(code for code in required if code not in present)


def _problems_of(member: TeamMember, places: Sequence[VisitedPlace], days: Sequence[date]) -> Iterator[TeamProblem]:
    if not may_hold(member.kind, member.role):
        yield TeamProblem(kind=TeamProblemKind.ROLE_CLOSED, person_id=member.person_id)
    if member.is_expert and member.goes:
        yield from _expert_problems(member, days)
    for place in places:
        yield from _problems_at(member, place, place.days or tuple(days))


def _expert_problems(member: TeamMember, days: Sequence[date]) -> Iterator[TeamProblem]:
    outside = tuple(day for day in days if not _is_in_standing(member, day))
    if outside:
        yield TeamProblem(kind=TeamProblemKind.NOT_IN_STANDING, person_id=member.person_id, days=outside)
    if member.prepared_on is None:
        yield TeamProblem(kind=TeamProblemKind.NOT_PREPARED, person_id=member.person_id)


def _is_in_standing(member: TeamMember, day: date) -> bool:
    begin, end = member.standing_from_on, member.standing_to_on
    return begin is not None and end is not None and begin <= day <= end


def _problems_at(member: TeamMember, place: VisitedPlace, days: tuple[date, ...]) -> Iterator[TeamProblem]:
    unaccredited = tuple(day for day in days if not any(each.covers(place, day) for each in member.accreditations))
    excluded = tuple(day for day in days if is_excluded_from(member, place, day))
    is_at_origin = member.origin_authority_id is not None and member.origin_authority_id in place.authority_ids
    found = (
        (TeamProblemKind.NOT_ACCREDITED, unaccredited if member.goes else ()),
        (TeamProblemKind.CONFLICT, excluded),
        (TeamProblemKind.ORIGIN_AUTHORITY, days if is_at_origin else ()),
    )
    for kind, on in found:
        if on:
            yield TeamProblem(kind=kind, person_id=member.person_id, place_id=place.place_id, days=on)


def is_excluded_from(member: TeamMember, place: VisitedPlace, day: date) -> bool:
    """Whether a conflict keeps the person from this role at this place on this day (R-V59, R-V60)."""
    kept_out = SHUT_OUT | {ConflictEffect.PREPARATION_ONLY} if member.goes else SHUT_OUT
    return is_shut_out(member.conflicts, place, day, by=kept_out)


def is_shut_out(
    conflicts: Iterable[Conflict], place: VisitedPlace, day: date, *, by: Collection[ConflictEffect] = SHUT_OUT
) -> bool:
    """Whether a conflict with one of these effects, by itself one that leaves nothing, holds about this place on this day."""
    return any(each.effect_on(day) in by for each in conflicts if each.concerns(place))
