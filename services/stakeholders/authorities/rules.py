"""The rules of the directory: what a stakeholder is, how institutions hang together, who is their focal point.

Pure: no database, no HTTP, no clock. It says nothing about how the dialogue goes; that is `dialogue`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter

from shared.workflow import Vocabulary

#: A mapping is looked at again after so many months (R-S03).
MAPPING_REVIEW_MONTHS = 6


class StakeholderKind(Vocabulary):
    """What a stakeholder is."""

    AUTHORITY = "authority", "Authority"
    DEPARTMENT = "department", "Department"
    MONITORING_BODY = "monitoring_body", "Monitoring body"
    CIVIL_SOCIETY = "civil_society", "Civil society"
    INTERNATIONAL_BODY = "international_body", "International body"
    PARTNER_BODY = "partner_body", "Partner body"
    OTHER = "other", "Other"


class AuthorityCategory(Vocabulary):
    """What an authority has to do with places of detention."""

    PLACE_MANAGEMENT = "place_management", "Management of a place"
    PLACE_STAFF_BODY = "place_staff_body", "Body of staff"
    LINE_MINISTRY = "line_ministry", "Line ministry"
    SUPERVISING_SERVICE = "supervising_service", "Supervising service"
    OTHER_MINISTRY = "other_ministry", "Other ministry"
    SPECIALISED_AGENCY = "specialised_agency", "Specialised agency"
    FINANCE_BUDGET = "finance_budget", "Finance and budget"
    PARLIAMENT = "parliament", "Parliament"
    JUDICIARY = "judiciary", "Judiciary"
    PROSECUTION = "prosecution", "Prosecution"
    PUBLIC_DEFENCE = "public_defence", "Public defence"
    LOCAL_GOVERNMENT = "local_government", "Local government"
    PRIVATE_OPERATOR = "private_operator", "Private operator"


class ContactLevel(Vocabulary):
    """The level at which one talks (R-S05)."""

    POLITICAL_HIGH = "political_high", "Political or high level"
    TECHNICAL = "technical", "Technical level"
    OPERATIONAL = "operational", "Operational level"


class DialogueCircle(Vocabulary):
    """The four circles that a mapping covers (R-S04)."""

    RUNNING_PLACES = "running_places", "Those running places"
    STAFF = "staff", "Staff"
    LINE_AND_SUPERVISION = "line_and_supervision", "Line and supervising ministries and services"
    OTHER_INSTITUTIONS = "other_institutions", "Other ministries and institutions"


CIRCLES: Mapping[AuthorityCategory, DialogueCircle] = {
    AuthorityCategory.PLACE_MANAGEMENT: DialogueCircle.RUNNING_PLACES,
    AuthorityCategory.PRIVATE_OPERATOR: DialogueCircle.RUNNING_PLACES,
    AuthorityCategory.PLACE_STAFF_BODY: DialogueCircle.STAFF,
    AuthorityCategory.LINE_MINISTRY: DialogueCircle.LINE_AND_SUPERVISION,
    AuthorityCategory.SUPERVISING_SERVICE: DialogueCircle.LINE_AND_SUPERVISION,
    AuthorityCategory.OTHER_MINISTRY: DialogueCircle.OTHER_INSTITUTIONS,
    AuthorityCategory.SPECIALISED_AGENCY: DialogueCircle.OTHER_INSTITUTIONS,
    AuthorityCategory.FINANCE_BUDGET: DialogueCircle.OTHER_INSTITUTIONS,
    AuthorityCategory.PARLIAMENT: DialogueCircle.OTHER_INSTITUTIONS,
    AuthorityCategory.JUDICIARY: DialogueCircle.OTHER_INSTITUTIONS,
    AuthorityCategory.PROSECUTION: DialogueCircle.OTHER_INSTITUTIONS,
    AuthorityCategory.PUBLIC_DEFENCE: DialogueCircle.OTHER_INSTITUTIONS,
    AuthorityCategory.LOCAL_GOVERNMENT: DialogueCircle.OTHER_INSTITUTIONS,
}


class DesignationKind(Vocabulary):
    """What an authority has designated a contact for."""

    FOCAL_POINT = "focal_point", "Focal point"
    ALTERNATE = "alternate", "Alternate"
    VALIDATING_OFFICIAL = "validating_official", "Validating official"


class DesignationProblem(Vocabulary):
    """Why a designation cannot be entered."""

    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins", "the designation ends before it begins"
    ANOTHER_FOCAL_POINT = "another_focal_point", "somebody else is focal point at that time; name an alternate instead"


@dataclass(frozen=True, kw_only=True)
class Designation:
    """That a contact was designated; it is ended, never deleted: who was focal point then stays true."""

    contact_id: str
    kind: DesignationKind
    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day, the last one included."""
        return self.since <= day and (self.until is None or day <= self.until)

    def overlaps(self, other: "Designation") -> bool:
        """Whether both hold on some day."""
        begins_in_time = other.until is None or self.since <= other.until
        return begins_in_time and (self.until is None or other.since <= self.until)


def missing_circles(categories: Iterable[AuthorityCategory]) -> tuple[DialogueCircle, ...]:
    """Say which of the four circles nobody in the mapping stands for (R-S04)."""
    covered = {CIRCLES[category] for category in categories}
    return tuple(circle for circle in DialogueCircle if circle not in covered)


def no_cycle(parents: Mapping[str, Collection[str]]) -> bool:
    """Whether a graph of institutions and their parents is free of circles; nobody is above themselves."""
    try:
        TopologicalSorter(parents).prepare()
    except CycleError:
        return False
    return True


def may_be_parent(parents: Mapping[str, Collection[str]], child_id: str, parent_id: str) -> bool:
    """Whether a new parent keeps the graph free of circles."""
    return no_cycle({**parents, child_id: [*parents.get(child_id, ()), parent_id]})


def focal_points(designations: Iterable[Designation], day: date) -> tuple[str, ...]:
    """Give the contacts who are focal point on a day (R-S07)."""
    return _holders(designations, DesignationKind.FOCAL_POINT, day)


def validating_officials(designations: Collection[Designation], day: date) -> tuple[str, ...]:
    """Give who submits answers on a day: the focal point, where the authority names nobody else."""
    return _holders(designations, DesignationKind.VALIDATING_OFFICIAL, day) or focal_points(designations, day)


def designation_problems(new: Designation, others: Iterable[Designation]) -> tuple[DesignationProblem, ...]:
    """Say why a designation cannot be entered beside the others of the same institution or department."""
    ends_early = new.until is not None and new.until < new.since
    is_doubled = new.kind is DesignationKind.FOCAL_POINT and any(
        each.kind is DesignationKind.FOCAL_POINT and each.contact_id != new.contact_id and each.overlaps(new)
        for each in others
    )
    found = (
        (DesignationProblem.ENDS_BEFORE_IT_BEGINS, ends_early),
        (DesignationProblem.ANOTHER_FOCAL_POINT, is_doubled),
    )
    return tuple(problem for problem, is_so in found if is_so)


def _holders(designations: Iterable[Designation], kind: DesignationKind, day: date) -> tuple[str, ...]:
    return tuple(each.contact_id for each in designations if each.kind is kind and each.holds_on(day))
