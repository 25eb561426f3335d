"""Writing down what a partner's codes mean; whatever waits for it is looked at anew in the same transaction."""

from typing import Any
from uuid import UUID

from services.complaints.complaint_referrals import usecases as referrals
from services.complaints.partner_profiles import queries
from services.complaints.partner_profiles.schemas import PartnerProfileCreate, PartnerProfileUpdate
from services.complaints.partner_profiles.tables import PartnerProfile
from services.complaints.projections import queries as projections
from shared.db import Work
from shared.errors import invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch

_PARTS = ("theme_map", "place_codes", "place_names")


async def create_profile(work: Work, new: PartnerProfileCreate) -> UUID:
    """Write down what was agreed with a partner; one it has already is completed."""
    told = new.model_dump(mode="json")
    await _refuse_unknown_places(work, told)
    profile = await queries.of_partner(work, new.partner_id)
    if profile is None:
        profile = PartnerProfile(**await stamps(work), partner_id=new.partner_id)
    for name in _PARTS:
        setattr(profile, name, told[name])
    profile.agreed_on = new.agreed_on
    work.session.add(profile)
    await _apply(work, profile)
    return profile.id


async def update_profile(work: Work, profile_id: UUID, if_match: str, changes: PartnerProfileUpdate) -> UUID:
    """Change what a partner's codes mean."""
    profile = await queries.lock(work, profile_id)
    expect(if_match, await queries.in_full(work, profile_id))
    told = changes.model_dump(mode="json")
    await _refuse_unknown_places(work, told)
    for name in _PARTS:
        if name in told:
            setattr(profile, name, told[name])
    if "agreed_on" in told:
        profile.agreed_on = changes.agreed_on  # type: ignore[assignment]
    await touch(work, profile)
    await _apply(work, profile)
    return profile.id


async def keep_mou(work: Work, told: dict[str, Any]) -> None:
    """Keep the state of the agreement with a partner, from stakeholders."""
    await queries.keep_mou(work, UUID(str(told["partner_id"])), UUID(str(told["mou_id"])), str(told["state"]))


async def _apply(work: Work, profile: PartnerProfile) -> None:
    await work.flush()
    served = await referrals.resolve_waiting(work, profile)
    told = {"partner_id": str(profile.partner_id), "served": served}
    work.record(Event("complaints.partner_profile.changed", profile.id, told, leaves=False))


async def _refuse_unknown_places(work: Work, told: dict[str, Any]) -> None:
    for part in ("place_codes", "place_names"):
        for number, each in enumerate(told.get(part) or ()):
            if not await projections.is_known_place(work, UUID(each["place_id"])):
                invalid(f"/{part}/{number}/place_id", "unknown", "no place of this id is known")
