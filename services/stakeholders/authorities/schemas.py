"""What the NPM sends and sees about institutions. How influential or open one is stands in `mapping`."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import MISSING, Field

from services.stakeholders.authorities.rules import AuthorityCategory, ContactLevel, StakeholderKind
from services.stakeholders.imports.schemas import ImportRow
from shared.paging import Paging
from shared.schemas import Day, Name, Reference, SearchText, Sent, ShortText, Shown, Whole

Website = Annotated[str, Field(max_length=500)]
Competence = Annotated[str, Field(max_length=2_000)]
Abbreviation = Annotated[str, Field(max_length=50)]
RelationName = Annotated[str, Field(max_length=100)]


class AuthorityParentSent(Sent):
    """An institution that stands above this one."""

    id: UUID
    """The institution above."""
    relation: RelationName = ""
    """What makes it so: reports to, is part of, is supervised by."""
    from_on: Day | None = None
    """Since when."""
    to_on: Day | None = None
    """Until when."""


Parents = Annotated[list[AuthorityParentSent], Field(max_length=20)]
Successors = Annotated[list[UUID], Field(max_length=20)]


class AuthorityCreate(Sent):
    """An institution to enter into the directory."""

    kind: StakeholderKind = StakeholderKind.AUTHORITY
    """What it is."""
    name: Name
    """Its name."""
    abbreviation: Abbreviation = ""
    """Its short name."""
    category: AuthorityCategory | None = None
    """What an authority has to do with places of detention."""
    level: ContactLevel | None = None
    """The level at which one talks with it."""
    competence: Competence = ""
    """What it is responsible for."""
    website: Website = ""
    """Its website."""
    parents: Parents = []
    """The institutions above; a graph without circles."""
    founded_on: Day | None = None
    """Since when it exists."""
    closed_on: Day | None = None
    """When it was closed."""
    successor_ids: Successors = []
    """Who took over."""


class DepartmentCreate(Sent):
    """A department of an institution."""

    name: Name
    """Its name."""
    abbreviation: Abbreviation = ""
    """Its short name."""
    category: AuthorityCategory | None = None
    """What it has to do with places of detention."""
    level: ContactLevel | None = None
    """The level at which one talks with it."""
    competence: Competence = ""
    """What it is responsible for."""


class AuthorityUpdate(Sent):
    """A correction; only what is sent changes. A former name is kept."""

    name: Name | MISSING = MISSING
    """The new name."""
    abbreviation: Abbreviation | MISSING = MISSING
    """Its short name."""
    category: AuthorityCategory | MISSING | None = MISSING
    """What it has to do with places of detention."""
    level: ContactLevel | MISSING | None = MISSING
    """The level at which one talks with it."""
    competence: Competence | MISSING = MISSING
    """What it is responsible for."""
    website: Website | MISSING = MISSING
    """Its website."""
    parents: Parents | MISSING = MISSING
    """All institutions above; a graph without circles."""
    founded_on: Day | MISSING | None = MISSING
    """Since when it exists."""
    closed_on: Day | MISSING | None = MISSING
    """When it was closed."""
    successor_ids: Successors | MISSING = MISSING
    """Who took over."""


class AuthorityFilters(Paging):
    """How to narrow and order the directory."""

    kind: Annotated[list[StakeholderKind], Field(max_length=10)] = [
        StakeholderKind.AUTHORITY,
        StakeholderKind.DEPARTMENT,
    ]
    """Any of these kinds; authorities and departments unless another is asked for."""
    category: Annotated[list[AuthorityCategory], Field(max_length=20)] | None = None
    """Any of these categories."""
    parent_id: UUID | None = None
    """Institutions right below this one."""
    q: SearchText | None = None
    """Words of the name, a former name or the short name; accents do not matter."""
    sort: Literal["name", "-name", "-updated_at"] = "name"
    """The order."""


class DepartmentFilters(Paging):
    """How to order the departments of an institution."""

    sort: Literal["name", "-name"] = "name"
    """The order."""


class AuthorityParent(Shown):
    """An institution above another."""

    id: UUID
    name: str
    relation: str
    from_on: Day | None
    to_on: Day | None


class AuthoritySummary(Shown):
    """An institution in a list."""

    id: UUID
    kind: StakeholderKind
    name: str
    abbreviation: str
    category: AuthorityCategory | None
    parents: list[Reference]
    closed_on: Day | None
    has_focal_point: bool
    relation_state: str | None
    origin: str


class AuthorityPage(Shown):
    """A page of institutions."""

    items: list[AuthoritySummary]
    next_cursor: str | None
    count: int | None = None


class FormerName(Shown):
    """A name that an institution had."""

    name: str
    until: Day | None


class DirectoryOrigin(Shown):
    """Where an imported record comes from."""

    source: str
    row: str


class AuthorityEntryShown(Shown):
    """What one source says of an institution."""

    source: str
    row: str
    name: str
    closed_on: Day | None
    note: dict[str, Any]


class Authority(Shown):
    """An institution with everything the directory keeps on it. How it is assessed stands apart, in its mapping."""

    id: UUID
    kind: StakeholderKind
    name: str
    abbreviation: str
    former_names: list[FormerName]
    category: AuthorityCategory | None
    level: ContactLevel | None
    competence: str
    website: str
    parents: list[AuthorityParent]
    founded_on: Day | None
    closed_on: Day | None
    successors: list[Reference]
    origin: str
    imported_from: DirectoryOrigin | None
    import_note: dict[str, Any] | None
    """What the source said beside the fields, and doubts."""
    entries: list[AuthorityEntryShown]
    """The rows of all sources that are about it, the most trusted first."""


class FormerNameSent(Sent):
    """A name that the institution had."""

    name: Name
    """The name."""
    until: Day | None = None
    """Until when."""


class AuthorityImportRow(ImportRow):
    """One row of a list of institutions. Its parents are rows of the same source."""

    name: Name
    """The name as written."""
    kind: StakeholderKind = StakeholderKind.AUTHORITY
    """What it is, by the mapping."""
    category: AuthorityCategory | None = None
    """What it has to do with places of detention, by the mapping."""
    abbreviation: Abbreviation = ""
    """Its short name."""
    competence: ShortText | None = None
    """What it is responsible for."""
    website: Website = ""
    """Its website."""
    founded_on: Day | None = None
    """Since when it exists."""
    closed_on: Day | None = None
    """When it was closed."""
    parents: Annotated[list[Annotated[str, Field(min_length=1, max_length=100)]], Field(max_length=20)] = []
    """The row ids of the institutions above."""
    former_names: Annotated[list[FormerNameSent], Field(max_length=50)] = []
    """Names it had."""
    rank: Annotated[int, Field(ge=1, le=100), Whole] = 1
    """Which source holds where several say different things of one body: the lowest."""
