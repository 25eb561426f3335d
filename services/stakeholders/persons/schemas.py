"""What goes in and out about the NPM's own people. Experts have a resource of their own."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, Field

from services.stakeholders.experts.rules import TrainingKind
from services.stakeholders.imports.schemas import ImportRow
from services.stakeholders.persons.rules import EmployerKind, Expertise, InstitutionPersonKind
from shared.paging import Paging
from shared.schemas import Day, Name, Reference, SearchText, Sent, Shown

Role = Annotated[str, Field(max_length=200)]
Background = Annotated[str, Field(max_length=2_000)]
Language = Annotated[str, Field(min_length=2, max_length=35, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
Languages = Annotated[list[Language], Field(max_length=30)]
Fields = Annotated[list[Expertise], Field(max_length=24)]
OwnKind = Literal[InstitutionPersonKind.MEMBER, InstitutionPersonKind.STAFF, InstitutionPersonKind.SECONDEE]


class MandateSent(Sent):
    """A term of office."""

    start_on: Day
    """First day."""
    end_on: Day | None = None
    """Last day."""
    is_renewable: bool = False
    """Whether it can be renewed."""
    is_full_time: bool = True
    """Whether it is full time."""
    ended_early_reason: Annotated[str, Field(max_length=1_000)] = ""
    """Why it ended before its time: a possible reprisal."""


class SecondmentSent(Sent):
    """Where a seconded official comes from."""

    origin_id: UUID
    """The authority of origin; the person sees nothing of it or its places."""
    from_on: Day | None = None
    """Since when."""
    to_on: Day | None = None
    """Until when."""
    is_exclusive: bool = True
    """Whether the person works for the NPM only."""


class EmploymentSent(Sent):
    """Where somebody works or worked; a conflict is found for each."""

    employer_kind: EmployerKind
    """A place of detention or an authority."""
    employer_id: UUID
    """Which."""
    from_on: Day | None = None
    """Since when."""
    to_on: Day | None = None
    """Until when."""


class TrainingSent(Sent):
    """A training that somebody had."""

    kind: TrainingKind
    """Induction, or continuing."""
    held_on: Day
    """When."""
    valid_until: Day
    """The last day it counts."""


Mandates = Annotated[list[MandateSent], Field(max_length=20)]
Employments = Annotated[list[EmploymentSent], Field(max_length=50)]
Trainings = Annotated[list[TrainingSent], Field(max_length=100)]


class InstitutionPersonCreate(Sent):
    """A member, an employee or a seconded official."""

    kind: OwnKind
    """What the person is."""
    name: Name
    """The name."""
    role: Role = ""
    """The function held."""
    profession: Role = ""
    """The profession."""
    expertise: Fields = []
    """Fields of knowledge."""
    languages: Languages = []
    """Languages spoken."""
    background: Background = ""
    """What is relevant of the past."""
    mandates: Mandates = []
    """Terms of office."""
    secondment: SecondmentSent | None = None
    """Where a seconded official comes from."""
    employment_history: Employments = []
    """Where the person works or worked."""


class InstitutionPersonUpdate(Sent):
    """A correction; only what is sent changes."""

    name: Name | MISSING = MISSING
    """The name."""
    role: Role | MISSING = MISSING
    """The function held."""
    profession: Role | MISSING = MISSING
    """The profession."""
    expertise: Fields | MISSING = MISSING
    """Fields of knowledge."""
    languages: Languages | MISSING = MISSING
    """Languages spoken."""
    background: Background | MISSING = MISSING
    """What is relevant of the past."""
    mandates: Mandates | MISSING = MISSING
    """Terms of office."""
    secondment: SecondmentSent | MISSING | None = MISSING
    """Where a seconded official comes from."""
    employment_history: Employments | MISSING = MISSING
    """Where the person works or worked."""


class InstitutionPersonFilters(Paging):
    """How to narrow and order the NPM's own people."""

    kind: Annotated[list[OwnKind], Field(max_length=3)] | None = None
    """Any of these."""
    expertise: Annotated[list[Expertise], Field(max_length=24)] | None = None
    """Expert in any of these fields."""
    q: SearchText | None = None
    """Words of the name."""
    sort: Literal["name", "-name"] = "name"
    """The order."""


class InstitutionPersonSummary(Shown):
    """Somebody in a list."""

    id: UUID
    kind: InstitutionPersonKind
    name: str
    role: str
    profession: str
    expertise: list[Expertise]
    origin_authority: Reference | None
    """Where a seconded official comes from."""


class InstitutionPersonPage(Shown):
    """A page of people."""

    items: list[InstitutionPersonSummary]
    next_cursor: str | None
    count: int | None = None


class Mandate(Shown):
    """A term of office."""

    start_on: Day
    end_on: Day | None
    is_renewable: bool
    is_full_time: bool
    ended_early_reason: str


class Secondment(Shown):
    """Where a seconded official comes from."""

    origin: Reference
    from_on: Day | None
    to_on: Day | None
    is_exclusive: bool


class Employment(Shown):
    """Where somebody works or worked."""

    employer_kind: EmployerKind
    employer: Reference
    from_on: Day | None
    to_on: Day | None


class InstitutionPerson(Shown):
    """A member, an employee or a seconded official."""

    id: UUID
    kind: InstitutionPersonKind
    name: str
    role: str
    profession: str
    expertise: list[Expertise]
    languages: list[str]
    background: str
    mandates: list[Mandate]
    secondment: Secondment | None
    employment_history: list[Employment]
    origin: str


class PersonImportRow(ImportRow):
    """One row of a list of the NPM's people, experts among them."""

    kind: InstitutionPersonKind
    """What the person is."""
    name: Name
    """The name."""
    role: Role = ""
    """The function held."""
    profession: Role = ""
    """The profession."""
    expertise: Fields = []
    """Fields of knowledge."""
    languages: Languages = []
    """Languages spoken."""
    background: Background = ""
    """What is relevant of the past."""
    organisation: Role = ""
    """An expert's own organisation; experts come in personal capacity."""
    mandates: Mandates = []
    """Terms of office."""
    secondment: SecondmentSent | None = None
    """Where a seconded official comes from."""
    employment_history: Employments = []
    """Where the person works or worked."""
    trainings: Trainings = []
    """Trainings an expert had."""
    vetting_passed_on: Day | None = None
    """When an expert was vetted."""
