"""The rules of the NPM's own people: what somebody is, in what they are expert, and what their past stands against.

Pure: no database, no HTTP, no clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.stakeholders.conflicts.rules import ConflictKind
from shared.workflow import Vocabulary

#: A secondment is long term (R-S87).
SHORTEST_SECONDMENT_MONTHS = 24


class InstitutionPersonKind(Vocabulary):
    """What somebody is to the NPM (R-S62, R-S79)."""

    MEMBER = "member", "Member"
    STAFF = "staff", "Staff"
    SECONDEE = "secondee", "Seconded official"
    EXPERT = "expert", "External expert"


class Expertise(Vocabulary):
    """A field of knowledge (R-S74, R-S75)."""

    LAW = "law", "Law"
    GENERAL_MEDICINE = "general_medicine", "General medicine"
    FORENSIC_MEDICINE = "forensic_medicine", "Forensic medicine"
    PSYCHIATRY = "psychiatry", "Psychiatry"
    NURSING = "nursing", "Nursing"
    PSYCHOLOGY = "psychology", "Psychology"
    SOCIAL_WORK = "social_work", "Social work"
    SOCIOLOGY = "sociology", "Sociology"
    ANTHROPOLOGY = "anthropology", "Anthropology"
    NUTRITION = "nutrition", "Nutrition"
    ARCHITECTURE = "architecture", "Architecture"
    HUMAN_RIGHTS = "human_rights", "Human rights"
    POLICING = "policing", "Policing"
    MIGRATION = "migration", "Migration"
    ADMINISTRATION_OF_JUSTICE = "administration_of_justice", "Administration of justice"
    PRISON_SYSTEM = "prison_system", "Prison system"
    CHILDRENS_RIGHTS = "childrens_rights", "Children's rights"
    DISABILITY = "disability", "Disability"
    GENDER = "gender", "Gender"
    LGBTI = "lgbti", "LGBTI"
    MINORITIES = "minorities", "Minorities"
    INTERPRETATION = "interpretation", "Interpretation"
    LIVED_EXPERIENCE = "lived_experience", "Lived experience"
    OTHER = "other", "Other"


class EmployerKind(Vocabulary):
    """Where somebody worked."""

    PLACE = "place", "Place of detention"
    AUTHORITY = "authority", "Authority"


class PersonProblem(Vocabulary):
    """What does not fit together in somebody's entry."""

    SECONDMENT_MISSING = "secondment_missing", "a seconded official has an origin"
    NOT_SECONDED = "not_seconded", "only a seconded official has an origin"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins", "it ends before it begins"


@dataclass(frozen=True)
class Employment:
    """Where somebody works or worked."""

    kind: EmployerKind
    employer_id: str


@dataclass(frozen=True)
class Found:
    """A conflict that somebody's past speaks for, until somebody has weighed it."""

    kind: ConflictKind
    target_kind: EmployerKind
    target_id: str


def secondment_problems(kind: InstitutionPersonKind, *, has_origin: bool) -> tuple[PersonProblem, ...]:
    """A secondee comes from somewhere, and nobody else does (R-S86, R-S87)."""
    if kind is InstitutionPersonKind.SECONDEE and not has_origin:
        return (PersonProblem.SECONDMENT_MISSING,)
    if kind is not InstitutionPersonKind.SECONDEE and has_origin:
        return (PersonProblem.NOT_SECONDED,)
    return ()


def is_in_order(from_on: date | None, to_on: date | None) -> bool:
    """Whether a time does not end before it begins."""
    return from_on is None or to_on is None or from_on <= to_on


def conflicts_of_the_past(history: Iterable[Employment], *, origin_id: str | None) -> tuple[Found, ...]:
    """Nobody oversees an institution they worked for or were part of (R-S90)."""
    kinds = {
        EmployerKind.PLACE: ConflictKind.FORMER_EMPLOYMENT_AT_PLACE,
        EmployerKind.AUTHORITY: ConflictKind.FORMER_ORGANISATION,
    }
    places = [Found(kinds[each.kind], each.kind, each.employer_id) for each in history]
    origin = [Found(ConflictKind.FORMER_ORGANISATION, EmployerKind.AUTHORITY, origin_id)] if origin_id else []
    return tuple(dict.fromkeys([*places, *origin]))
