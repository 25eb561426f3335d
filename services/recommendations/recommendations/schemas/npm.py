"""What the NPM sends and sees about recommendations."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import MISSING, Field

from services.recommendations.addressees.schemas import AddresseeCreate, AddresseeShown
from services.recommendations.assessments.schemas import (
    AssessmentBrief,
    ImplementationClaim,
    ImplementationStanding,
    NonImplementationSignal,
)
from services.recommendations.evidence.schemas import EvidenceShown
from services.recommendations.recommendations.rules import (
    Horizon,
    ImplementationStatus,
    Priority,
    QualityCriterion,
    RecommendationAction,
    RecommendationKind,
    RecommendationOrigin,
    RecommendationState,
    ReopenGround,
    RootCauseLevel,
    ScopeKind,
)
from services.recommendations.reported.rules import ReportedStatus
from services.recommendations.reported.schemas import (
    RecommendationSource,
    ReportedOutcomeShown,
    WrittenAddressee,
    WrittenAddresseeBrief,
)
from shared.paging import Paging
from shared.schemas import Day, LongText, Reference, SearchText, Sent, ShortText, Shown
from shared.themes import Theme

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
TextInLanguages = Annotated[dict[Language, LongText], Field(min_length=1, max_length=20)]
FreeText = Annotated[str, Field(max_length=20_000)]
Ids = Annotated[list[UUID], Field(max_length=200)]
Words = Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=50)]
MoreThemes = Annotated[list[Theme], Field(max_length=3)]
Quality = dict[QualityCriterion, bool]


class RecommendationScope(Sent):
    """How far a recommendation reaches."""

    kind: ScopeKind
    """One place, a type of place, a region, the whole system, or the law."""
    place_ids: Ids = []
    """The places it is about."""
    place_types: Words = []
    """The types of place it is about."""
    regions: Words = []
    """The regions it is about."""


class RecommendationCreate(Sent):
    """A recommendation to draft; nobody outside sees it before it is sent."""

    text: TextInLanguages
    """What is to be done, by language."""
    rationale: FreeText = ""
    """Why; goes to the addressees with the text."""
    expected_result: FreeText = ""
    """What will be different then."""
    arose_from: RecommendationOrigin = RecommendationOrigin.VISIT
    """What it came out of."""
    visit_id: UUID | None = None
    """The visit it came out of; its experts may read and comment on the draft."""
    report_id: UUID | None = None
    """The report it stands in; it is published with it."""
    finding_ids: Ids = []
    """The findings it rests on."""
    pattern_id: UUID | None = None
    """The pattern of complaints it answers."""
    stated_basis: FreeText = ""
    """What it rests on, where there is no finding."""
    scope: RecommendationScope | None = None
    """How far it reaches."""
    theme: Theme | None = None
    """What it is about."""
    more_themes: MoreThemes = []
    """Up to three further themes."""
    priority: Priority = Priority.MEDIUM
    """How pressing it is."""
    horizon: Horizon | None = None
    """How long the change may take."""
    root_cause_level: RootCauseLevel | None = None
    """Where the cause lies."""
    kind: RecommendationKind = RecommendationKind.PRACTICE
    """What kind of change it asks for."""
    implementation_due: Day | None = None
    """By when it is to be put into practice."""
    quality: Quality = {}
    """The ten questions of the quality list, answered yes or no."""
    addressees: Annotated[list[AddresseeCreate], Field(max_length=30)] = []
    """Who is asked."""


class RecommendationUpdate(Sent):
    """A change of a draft; only what is sent changes."""

    text: TextInLanguages | MISSING = MISSING
    """What is to be done, by language."""
    rationale: FreeText | MISSING = MISSING
    """Why."""
    expected_result: FreeText | MISSING = MISSING
    """What will be different then."""
    visit_id: UUID | MISSING | None = MISSING
    """The visit it came out of."""
    report_id: UUID | MISSING | None = MISSING
    """The report it stands in."""
    finding_ids: Ids | MISSING = MISSING
    """The findings it rests on."""
    stated_basis: FreeText | MISSING = MISSING
    """What it rests on, where there is no finding."""
    scope: RecommendationScope | MISSING = MISSING
    """How far it reaches."""
    theme: Theme | MISSING = MISSING
    """What it is about."""
    more_themes: MoreThemes | MISSING = MISSING
    """Further themes."""
    priority: Priority | MISSING = MISSING
    """How pressing it is."""
    horizon: Horizon | MISSING | None = MISSING
    """How long the change may take."""
    root_cause_level: RootCauseLevel | MISSING = MISSING
    """Where the cause lies."""
    kind: RecommendationKind | MISSING = MISSING
    """What kind of change it asks for."""
    implementation_due: Day | MISSING | None = MISSING
    """By when it is to be put into practice."""
    quality: Quality | MISSING = MISSING
    """The quality list, whole."""


class RecommendationTransition(Sent):
    """An act on a recommendation that changes its state."""

    action: RecommendationAction
    """What to do."""
    reason: ShortText | None = None
    """Why: to return, withdraw, drop, take back an approval, or close what was not put into practice."""
    next_follow_up_on: Day | None = None
    """When it is looked at again: to publish, to start follow-up, to reopen; at most 180 days away."""
    ground: ReopenGround | None = None
    """Why a closed one is taken up again."""
    superseded_by_id: UUID | None = None
    """The recommendation that takes its place, for closing."""


class RecommendationFilters(Paging):
    """How to narrow and order the list."""

    state: Annotated[list[RecommendationState], Field(max_length=10)] | None = None
    """Any of these states."""
    theme: Annotated[list[Theme], Field(max_length=80)] | None = None
    """Any of these themes, main or further."""
    priority: Annotated[list[Priority], Field(max_length=4)] | None = None
    """Any of these priorities."""
    authority_id: UUID | None = None
    """Addressed to this authority, or written to it under a name that was accepted as its own."""
    origin: Annotated[list[Literal["native", "imported"]], Field(max_length=2)] | None = None
    """Made here, or imported history; both unless one is asked for."""
    reported_status: Annotated[list[ReportedStatus], Field(max_length=4)] | None = None
    """Any of these, by the counts of replies that a source tells; for the day of the count."""
    place_id: UUID | None = None
    """About this place."""
    visit_id: UUID | None = None
    """Out of this visit."""
    report_id: UUID | None = None
    """In this report."""
    is_overdue: bool | None = None
    """An answer or the implementation is overdue today."""
    is_only_claimed: bool | None = None
    """The authority says implemented, and the NPM has not found so."""
    is_contradicted: bool | None = None
    """Complaints speak against a claim of implementation."""
    implementation_status: Annotated[list[ImplementationStatus], Field(max_length=10)] | None = None
    """Any of these findings of the NPM."""
    q: SearchText | None = None
    """Words of the text, the rationale or the code."""
    sort: Literal["code", "-code", "next_due_on", "-transmitted_on", "-updated_at"] = "code"
    """The order."""


class RecommendationScopeShown(Shown):
    """How far a recommendation reaches."""

    kind: ScopeKind | None
    places: list[Reference]
    place_types: list[str]
    regions: list[str]


class RecommendationSummary(Shown):
    """A recommendation in a list."""

    id: UUID
    code: str
    text: dict[str, str]
    state: RecommendationState
    theme: Theme | None
    priority: Priority
    scope: RecommendationScopeShown
    addressees: list[Reference]
    next_due_on: Day | None
    is_overdue: bool
    implementation_status: ImplementationStatus | None
    """The NPM's own finding; null until one is approved."""
    claimed_status: ImplementationStatus | None
    """What the lead addressee says."""
    is_only_claimed: bool
    is_contradicted: bool
    transmitted_on: Day | None
    written_addressees: list[WrittenAddresseeBrief]
    """Addressees as an imported source writes them."""
    reported_outcome: ReportedOutcomeShown | None
    """What such a source counts."""
    origin: str


class RecommendationPage(Shown):
    """A page of recommendations."""

    items: list[RecommendationSummary]
    next_cursor: str | None
    count: int | None = None


class DraftCommentShown(Shown):
    """What an expert of the visit said of the draft."""

    id: UUID
    expert: Reference
    text: str
    commented_on: Day


class Recommendation(Shown):
    """A recommendation with everything the NPM keeps on it."""

    id: UUID
    code: str
    text: dict[str, str]
    rationale: str
    expected_result: str
    arose_from: RecommendationOrigin
    visit_id: UUID | None
    report: Reference | None
    finding_ids: list[UUID]
    pattern_id: UUID | None
    stated_basis: str
    scope: RecommendationScopeShown
    theme: Theme | None
    more_themes: list[Theme]
    priority: Priority
    horizon: Horizon | None
    root_cause_level: RootCauseLevel | None
    kind: RecommendationKind
    quality: dict[str, bool]
    state: RecommendationState
    remarks: str
    drafted_by: Reference | None
    proposed_by: Reference | None
    approved_by: Reference | None
    transmitted_on: Day | None
    published_on: Day | None
    next_follow_up_on: Day | None
    implementation_due: Day | None
    closed_on: Day | None
    closed_reason: str
    withdrawal_reason: str
    superseded_by: Reference | None
    next_due_on: Day | None
    is_overdue: bool
    is_follow_up_due: bool
    implementation: ImplementationStanding
    signal: NonImplementationSignal
    is_assessment_due: bool
    """Somebody or something says it is time to look, and nobody has proposed a finding yet."""
    claims: list[ImplementationClaim]
    addressees: list[AddresseeShown]
    written_addressees: list[WrittenAddressee]
    """Addressees as an imported source writes them, in its order; no authority reads the recommendation because of them."""
    reported_outcome: ReportedOutcomeShown | None
    """What such a source counts; never an answer."""
    assessments: list[AssessmentBrief]
    comments: list[DraftCommentShown]
    evidence: list[EvidenceShown]
    origin: str
    imported_from: RecommendationSource | None
    import_note: dict[str, Any] | None
    """What the source said beside the fields, and doubts."""
    allowed_actions: list[RecommendationAction]
