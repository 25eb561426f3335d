"""What the NPM sends about preparing, making and debriefing a visit."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.visits.teams.schemas import Texts
from services.visits.visits.rules.status import MeetingKind
from shared.schemas import Day, LongText, Sent, ShortText, Whole

People = Annotated[list[UUID], Field(max_length=50)]
Persons = Annotated[int, Field(ge=0, le=100_000), Whole]


class InterviewPlanItem(Sent):
    """A unit of the place and how many of its people are to be interviewed."""

    unit: ShortText
    """Wing, ward or floor."""
    unit_population: Persons | None = None
    """How many people are held in it."""
    cover_count: Persons
    """How many are interviewed, so that nobody can be singled out."""
    files_reviewed: Persons = 0
    """How many files are looked at."""


class JointAgreement(Sent):
    """What the partners of a joint visit agreed on beforehand."""

    partner_ids: Annotated[list[UUID], Field(max_length=20)]
    """The partners."""
    urgent_action_protocol: ShortText | None = None
    """What is done in urgent situations."""
    information_use_terms: ShortText | None = None
    """How information may be used."""
    are_partners_assured: bool = False
    """Whether each partner has assured do no harm, confidentiality and security."""
    signed_on: Day | None = None
    """When all had signed."""


class ParticipationCreate(Sent):
    """Somebody's part in the preparation."""

    person_id: UUID
    """Who."""
    on: Day
    """When."""


class PreparationRecord(Sent):
    """How the visit is prepared; it takes the place of what was recorded before."""

    issues: Texts = []
    """What to look at."""
    required_expertise: Annotated[list[ShortText], Field(max_length=24)] = []
    """Codes of the expertise that the visit needs."""
    is_expertise_checked: bool = False
    """Whether the team was held against it."""
    interview_strategy: LongText | None = None
    """How interviews are done so that nobody is exposed."""
    documents: Texts = []
    """What to read."""
    participations: Annotated[list[ParticipationCreate], Field(max_length=100)] = []
    """Who took part, and when."""
    interview_plan: Annotated[list[InterviewPlanItem], Field(max_length=100)] = []
    """How many people of which unit are interviewed."""
    joint_agreement: JointAgreement | None = None
    """For a joint visit."""


class SessionRecord(Sent):
    """A stretch of work at a place."""

    place_id: UUID
    """Where."""
    on: Day
    """On which day."""
    started_at: AwareDatetime | None = None
    """From."""
    ended_at: AwareDatetime | None = None
    """To."""
    area: ShortText
    """In which part of the place."""
    present_ids: Annotated[People, Field(min_length=1)]
    """Who of the team was there."""


class MeetingRecord(Sent):
    """A talk with the place, or why there was none."""

    place_id: UUID
    """Where."""
    kind: MeetingKind
    """Opening, staff or closing."""
    is_held: bool = True
    """Whether it took place."""
    reason: ShortText | None = None
    """Why it did not."""
    on: Day
    """On which day."""
    with_whom: ShortText | None = None
    """With which functions; no names of people deprived of liberty."""
    points: Texts = []
    """What was said."""
    commitments: Texts = []
    """What the place promised."""


class ExpertInput(Sent):
    """What an expert wrote instead of attending."""

    person_id: UUID
    """The expert."""
    text: LongText
    """What was written."""


class DebriefingRecord(Sent):
    """What the team said afterwards."""

    on: Day
    """When."""
    participant_ids: Annotated[People, Field(min_length=1)]
    """Who was there."""
    lessons: Texts = []
    """What was learned."""
    urgent_points: Texts = []
    """What cannot wait for the report."""
    expert_inputs: Annotated[list[ExpertInput], Field(max_length=50)] = []
    """Inputs of experts who were not there."""
