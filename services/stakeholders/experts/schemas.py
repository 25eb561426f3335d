"""What the NPM sends and sees about external experts. Fees and accounts of banks are not kept here."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, Field

from services.stakeholders.experts.rules import ExpertAction, ExpertModality, ExpertStatus, TrainingKind
from services.stakeholders.imports.schemas import ImportRow
from services.stakeholders.persons.rules import Expertise
from services.stakeholders.persons.schemas import (
    Background,
    Employment,
    Employments,
    Fields,
    Languages,
    Role,
    TrainingSent,
)
from shared.paging import Paging
from shared.schemas import Day, Name, Reference, SearchText, Sent, ShortText, Shown

Clause = Annotated[str, Field(max_length=5_000)]


class ExpertCreate(Sent):
    """An external expert to enter; always in personal capacity."""

    name: Name
    """The name."""
    profession: Role = ""
    """The profession; the one thing beside the name that authorities see."""
    expertise: Fields = []
    """Fields of knowledge."""
    languages: Languages = []
    """Languages spoken."""
    background: Background = ""
    """What is relevant of the past."""
    organisation: Role = ""
    """The own organisation, which the expert does not represent."""
    employment_history: Employments = []
    """Where the expert works or worked; a conflict is found for each."""
    vetting_passed_on: Day | None = None
    """When independence and knowledge were found sufficient (OPCAT Art. 18)."""


class ExpertUpdate(Sent):
    """A correction; only what is sent changes."""

    name: Name | MISSING = MISSING
    """The name."""
    profession: Role | MISSING = MISSING
    """The profession."""
    expertise: Fields | MISSING = MISSING
    """Fields of knowledge."""
    languages: Languages | MISSING = MISSING
    """Languages spoken."""
    background: Background | MISSING = MISSING
    """What is relevant of the past."""
    organisation: Role | MISSING = MISSING
    """The own organisation."""
    employment_history: Employments | MISSING = MISSING
    """Where the expert works or worked."""
    vetting_passed_on: Day | MISSING | None = MISSING
    """When independence and knowledge were found sufficient."""


class ExpertFilters(Paging):
    """How to narrow and order the experts."""

    expertise: Annotated[list[Expertise], Field(max_length=24)] | None = None
    """Expert in any of these fields."""
    status: Annotated[list[ExpertStatus], Field(max_length=10)] | None = None
    """With an engagement in any of these states."""
    q: SearchText | None = None
    """Words of the name."""
    sort: Literal["name", "-name"] = "name"
    """The order."""


class ExpertSummary(Shown):
    """An expert in a list."""

    id: UUID
    name: str
    profession: str
    expertise: list[Expertise]
    status: ExpertStatus | None
    """Of the latest engagement; whether it holds today, the expert's entry says."""


class ExpertPage(Shown):
    """A page of experts."""

    items: list[ExpertSummary]
    next_cursor: str | None
    count: int | None = None


class ExpertStanding(Shown):
    """Whether an expert may work for the NPM today, and if not, why."""

    in_standing: bool
    reasons: list[str]
    """Codes: not_accredited, suspended, ended, no_contract_today, training_expired, no_accreditation_today, no_engagement, conflict_ends_function."""


class ExpertTraining(Shown):
    """A training that an expert had."""

    kind: TrainingKind
    held_on: Day
    valid_until: Day


class ExternalExpert(Shown):
    """An external expert: profile and standing. Contract and conflicts stand elsewhere, with rights of their own."""

    id: UUID
    name: str
    profession: str
    expertise: list[Expertise]
    languages: list[str]
    background: str
    organisation: str
    employment_history: list[Employment]
    trainings: list[ExpertTraining]
    vetting_passed_on: Day | None
    origin: str
    standing: ExpertStanding


class EngagementProposal(Sent):
    """That somebody proposes to work with an expert."""

    modality: ExpertModality
    """The route by which the expert comes."""
    route_note: Annotated[str, Field(max_length=1_000)] = ""
    """Which public call, or which agreement."""
    was_told_of_preparation: bool = False
    """Whether the expert was told that preparing is part of the work."""


class ContractVersionSent(Sent):
    """A version of a contract. What is left out is what is missing when it is to hold."""

    from_on: Day
    """First day."""
    to_on: Day
    """Last day."""
    tasks: Clause = ""
    """What the expert does."""
    immunities_clause: Clause = ""
    """Which immunities apply."""
    immunities_scope: Clause = ""
    """When they apply."""
    confidentiality_clause: Clause = ""
    """The duty of secrecy; it survives the end."""
    names_article_21_2: bool = False
    """Whether it names OPCAT Art. 21(2)."""
    excludes_representation: bool = False
    """Whether it excludes speaking for one's own organisation."""
    is_code_acknowledged: bool = False
    """Whether the code of conduct is acknowledged."""
    are_conflicts_declared: bool = False
    """Whether the expert has declared conflicts of interest, or that there are none."""
    signed_by_expert_on: Day | None = None
    """When the expert signed it on paper; otherwise the expert signs here."""


class ExpertEngagementTransition(Sent):
    """An act on an engagement that changes its state."""

    action: ExpertAction
    """What to do."""
    reason: ShortText | None = None
    """Why; needed to suspend, to reinstate and to end before the contract does."""
    training: TrainingSent | None = None
    """The training, for recording it."""


class ExpertEngagementFilters(Paging):
    """How to order an expert's engagements."""

    sort: Literal["created_at", "-created_at"] = "-created_at"
    """The order."""


class ExpertEngagement(Shown):
    """An expert's engagement, without the terms of the contract."""

    id: UUID
    expert: Reference
    modality: ExpertModality
    status: ExpertStatus
    route_note: str
    was_told_of_preparation: bool
    from_on: Day | None
    """First day of the latest contract."""
    to_on: Day | None
    confidentiality_signed_on: Day | None
    reason: str | None
    allowed_actions: list[ExpertAction]


class ExpertEngagementPage(Shown):
    """A page of engagements."""

    items: list[ExpertEngagement]
    next_cursor: str | None
    count: int | None = None


class ContractVersion(Shown):
    """A version of a contract, with who signed it when."""

    version: int
    from_on: Day
    to_on: Day
    tasks: str
    immunities_clause: str
    immunities_scope: str
    confidentiality_clause: str
    names_article_21_2: bool
    excludes_representation: bool
    is_code_acknowledged: bool
    are_conflicts_declared: bool
    signed_by_expert_on: Day | None
    signed_by_npm_on: Day | None


class ExpertContracts(Shown):
    """All versions of the contract of an engagement, the latest last."""

    engagement_id: UUID
    versions: list[ContractVersion]


class ExpertEngagementImportRow(ImportRow):
    """One engagement of an expert that was before this system (imported history). Taken once, never overwritten."""

    expert_id: UUID
    """Whose."""
    modality: ExpertModality
    """The route by which the expert came."""
    status: ExpertStatus
    """The state it is in."""
    contract: ContractVersionSent | None = None
    """The contract that holds, signed by both."""
    confidentiality_signed_on: Day | None = None
    """When secrecy was signed."""
