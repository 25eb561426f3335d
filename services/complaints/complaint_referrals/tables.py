"""What a partner sent in, as coded facts; its narrative and persons lie sealed in tables of their own."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.complaints.database import Base
from services.complaints.other_bodies.tables import COLUMNS as OTHER_BODY
from services.complaints.other_bodies.tables import OtherBodyFacts
from services.complaints.projections.tables import ids, words
from shared.protection import (
    EVERYTHING,
    ORGANISATION,
    Grant,
    Policy,
    Protection,
    apart_from,
    has_role,
    is_excluded_authority,
    is_unseen,
)


def _part() -> Any:
    return Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))


class ComplaintReferral(OtherBodyFacts, Base, table=True):
    """One submission of one partner. A table: own state, rights and list, and the partner knows it by its own id."""

    __tablename__ = "complaint_referral"
    __table_args__ = (
        UniqueConstraint("partner_id", "external_id", name="uq_complaint_referral_external_id"),
        Index("ix_complaint_referral_received_on_id", "received_on", "id"),
        Index("ix_complaint_referral_state", "state", "received_on", "id"),
        Index("ix_complaint_referral_partner_id", "partner_id", "received_on", "id"),
    )

    partner_id: UUID
    external_id: str
    #: The complaint's id from the first moment on: the key of the case and all that is sealed hang on it.
    complaint_id: UUID = Field(unique=True)
    state: str
    status_on: date
    received_on: date
    #: What was sent without what is sealed: places as written, hints, consent, the other body's dates.
    submitted: dict[str, Any] = _part()
    #: Keyed digests of each member as sent, to tell the same content from another without keeping it.
    digests: dict[str, Any] = _part()
    place_id: UUID | None = None
    present_place_id: UUID | None = None
    authority_id: UUID | None = None
    themes: list[str] = words()
    unmapped_codes: list[str] = words()
    is_place_resolved: bool = False
    person_refs: list[UUID] = ids()
    voices: list[str] = words()
    question: str | None = None
    decline_reason: str | None = None
    concluded_note: str | None = None


COLUMNS = (
    "id", "partner_id", "external_id", "complaint_id", "state", "status_on", "received_on", "submitted", "digests", "place_id",
    "present_place_id", "authority_id", "themes", "unmapped_codes", "is_place_resolved", "person_refs", "voices", "created_at",
    "created_by", "updated_at", "updated_by", "version", "confidentiality", "origin", *OTHER_BODY,
)  # fmt: skip
_SHOWN = (
    "id", "partner_id", "external_id", "complaint_id", "state", "status_on", "received_on", "digests", "place_id", "authority_id",
    "themes", "unmapped_codes", "is_place_resolved", "question", "decline_reason", "concluded_note", "created_at",
)  # fmt: skip
_CHANGED = (
    "state", "status_on", "received_on", "submitted", "digests", "place_id", "present_place_id", "authority_id", "themes",
    "unmapped_codes", "is_place_resolved", "person_refs", "voices", "updated_at", "updated_by", *OTHER_BODY,
)  # fmt: skip
_OWN = f"partner_id = {ORGANISATION}"
#: What a partner sent in may name a place before a case has come of it.
_CONCERNS = (
    f"is_kept_from(complaint_id) OR ({is_unseen('place_id', 'known_place')}) "
    f"OR ({is_unseen('present_place_id', 'known_place')}) OR {is_excluded_authority('authority_id')}"
)
_UNIT = f"(SELECT {has_role('complaints_officer', 'head')})"
#: What waits is the rota of the unit, from which every complaints officer takes; once it is a case, it is seen with the case.
#: A value and not EXISTS: looked up by key for each row, where EXISTS reads all cases at once into a hash.
_WAITS_OR_OWN = "state NOT IN ('accepted', 'concluded') OR (SELECT true FROM complaint c WHERE c.id = complaint_referral.complaint_id)"

PROTECTIONS = (
    Protection(
        table="complaint_referral",
        policies={
            "npm": (
                Policy(
                    condition="institution",
                    using=f"{_UNIT} AND NOT is_complained_of(complaint_id) AND ({_WAITS_OR_OWN})",
                    check=_UNIT,
                ),
                apart_from(_CONCERNS),
            ),
            "partner": Policy(condition="own_submission", using=_OWN, check=_OWN),
        },
        grants={
            "npm": Grant(select="*", update="*"),
            "partner": Grant(select=_SHOWN, insert=COLUMNS, update=_CHANGED),
            "worker": EVERYTHING,
        },
    ),
)
