"""What a partner sends about a complaint, and the little it sees of what became of it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.complaints.complaint_referrals.rules import (
    ComplaintReferralAction,
    ConsentReport,
    Matching,
    PartnerStatus,
)
from services.complaints.complaints.rules import ComplaintKind, Seriousness, SourceRole, Urgency
from services.complaints.complaints.schemas import GroupSize, Language
from services.complaints.consents.rules import ConsentForm, ConsentPurpose, ContentLevel, InformedPoint
from services.complaints.other_bodies.schemas import OtherBodySent
from services.complaints.persons.schemas import PersonSent
from shared.paging import Paging
from shared.schemas import Code, Day, LongText, Name, Reference, Sent, ShortText, Shown

#: A list that was not sent; made, not copied: a copy of a default costs more than the check of a whole line.
NOTHING: Any = Field(default_factory=list, json_schema_extra={"default": []})
ExternalId = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Region = Annotated[str, Field(max_length=200)]


class IncidentSent(Sent):
    """When it happened."""

    from_: Annotated[Day | None, Field(alias="from")] = None
    """First day."""
    to: Day | None = None
    """Last day."""


class PlaceGiven(Sent):
    """A place, by exactly one of id, code, or name with region."""

    id: UUID | None = None
    """Our id."""
    code: Code | None = None
    """Our code, or one of your own that was agreed."""
    name: Name | None = None
    """The name as you write it."""
    region: Region | None = None
    """The region as you write it."""


class AuthorityGiven(Sent):
    """An authority, where no place is known."""

    id: UUID | None = None
    """Our id."""
    name: Name | None = None
    """The name."""


class ThemeCodeSent(Sent):
    """A theme in your own codes."""

    code: Code
    """The code."""
    label: Annotated[str, Field(max_length=200)] = ""
    """What you call it."""


class NarrativeSent(Sent):
    """What was told; it is sealed and cannot be read back here."""

    language: Language
    """The language tag."""
    text: LongText
    """The words."""


class ConsentReported(Sent):
    """What the person said about handing this on."""

    state: ConsentReport
    """`withdrawn` comes later, by PUT."""
    purposes: Annotated[list[ConsentPurpose], Field(max_length=8)] = NOTHING
    """What for."""
    recipients: Annotated[list[Code], Field(max_length=20)] = NOTHING
    """To whom; `npm` for us."""
    content_level: ContentLevel | None = None
    """How much may be handed on."""
    form: ConsentForm | None = None
    """How it was given."""
    given_on: Day | None = None
    """When."""
    expires_on: Day | None = None
    """The last day it holds."""
    informed_points: Annotated[list[InformedPoint], Field(max_length=3)] = NOTHING
    """What the person was told before."""


class AttachmentSent(Sent):
    """A file that was uploaded before."""

    upload_id: UUID
    """The upload."""
    kind: Code
    """What it is."""
    sha256: Annotated[str, Field(max_length=64, pattern=r"^[0-9a-f]{64}$")]
    """Its digest."""


class ReferralSubmission(Sent):
    """A complaint about detention that reached you."""

    external_id: ExternalId
    """Your own id; new for each."""
    received_on: Day
    """When it reached you."""
    incident: IncidentSent | None = None
    """When it happened."""
    place: PlaceGiven | None = None
    """Where it happened; or `authority`."""
    authority: AuthorityGiven | None = None
    """The authority, where no place is known."""
    present_place: PlaceGiven | None = None
    """Where the person is now."""
    kind: ComplaintKind
    """What it is about."""
    themes: Annotated[list[ThemeCodeSent], Field(min_length=1, max_length=4)]
    """Your own codes, the main one first; an unknown one waits for a person and is never guessed."""
    source_role: SourceRole
    """Who complains."""
    group_size: GroupSize = 1
    """For how many people somebody speaks."""
    anonymous: bool = False
    """Whether the person wants to stay unknown."""
    seriousness_hint: Seriousness | None = None
    """How grave you think it is; the classification is ours."""
    urgency_hint: Urgency | None = None
    """How urgent you think it is."""
    reprisal_fear: bool = False
    """Whether somebody fears reprisals."""
    persons: Annotated[list[PersonSent], Field(max_length=20)] = NOTHING
    """Only with a consent that names the NPM."""
    narrative: NarrativeSent | None = None
    """What was told."""
    consent: ConsentReported
    """What the person said."""
    other_body: OtherBodySent | None = None
    """How it stands elsewhere."""
    attachments: Annotated[list[AttachmentSent], Field(max_length=20)] = NOTHING
    """Files uploaded before."""


class ReferralStep(Sent):
    """What you do with what you sent."""

    action: Literal[ComplaintReferralAction.CLARIFY, ComplaintReferralAction.WITHDRAW]
    """`clarify` answers our question; `withdraw` takes the referral back."""
    text: ShortText
    """Your answer or reason; it is sealed."""


class ReferralFilters(Paging):
    """How to narrow your own referrals."""

    status: Annotated[list[PartnerStatus], Field(max_length=6)] | None = None
    """Any of these."""
    sort: Literal["received_on", "-received_on"] = "-received_on"
    """The order."""


class MatchingShown(Shown):
    """Whether we know what your codes mean."""

    place: Matching
    themes: Matching


class PartnerReferralReceipt(Shown):
    """What became of what you sent; nothing of our handling."""

    id: UUID
    external_id: str
    status: PartnerStatus
    status_on: Day
    place: Reference | None
    matching: MatchingShown
    question: str | None
    decline_reason: str | None
    concluded_note: str | None
    allowed_actions: list[ComplaintReferralAction]


class PartnerReferralReceiptPage(Shown):
    """A page of your own referrals."""

    items: list[PartnerReferralReceipt]
    next_cursor: str | None
    count: int | None = None


#: Members that are kept sealed or not at all.
UNKEPT = frozenset({"persons", "narrative", "attachments"})
#: Members that may change while the others stay.
ALONE = ("persons", "narrative", "consent", "other_body")
#: What a member says that was not sent.
SILENT: dict[str, Any] = {
    name: field.get_default(call_default_factory=True)
    for name, field in ReferralSubmission.model_fields.items()
    if not field.is_required()
}


def as_submitted(submission: ReferralSubmission) -> dict[str, Any]:
    """Give the members as sent, in JSON."""
    # model_dump puts a fifth on top of this, for each of many lines
    told: dict[str, Any] = submission.__pydantic_serializer__.to_python(submission, mode="json", by_alias=True)
    return told
