"""Taking in and weighing what others tell about places. No HTTP, no SQL, no clock of its own."""

from uuid import UUID

from services.visits.information import queries
from services.visits.information.rules import (
    PLACE_INFORMATION,
    InformationAction,
    InformationSource,
    InformationStatus,
)
from services.visits.information.schemas.npm import PlaceInformationCreate, PlaceInformationTransition
from services.visits.information.schemas.partner import PartnerInformationCreate
from services.visits.information.tables import PlaceInformation
from shared.db import Work
from shared.errors import Forbidden, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch


def _recorded(work: Work, name: str, information_id: UUID, place_id: UUID) -> None:
    work.record(Event(name, information_id, {"place_id": str(place_id)}, leaves=False))


async def record_information(work: Work, place_id: UUID, new: PlaceInformationCreate) -> UUID:
    """Keep what somebody told about a place; it counts once it is accepted."""
    await queries.require_place(work, place_id)
    step = PLACE_INFORMATION.create[InformationAction.SUBMIT]
    written = new.model_dump(mode="json", exclude={"received_on", "source_id", "is_shared_in_confidence"})
    piece = PlaceInformation(
        **written,
        **await stamps(work),
        place_id=place_id,
        source_id=new.source_id,
        shared_in_confidence=new.is_shared_in_confidence,
        received_on=new.received_on or await work.today(),
        status=step.to.value,
    )
    work.session.add(piece)
    _recorded(work, step.event, piece.id, place_id)
    return piece.id


async def submit_information(work: Work, new: PartnerInformationCreate) -> UUID:
    """Take what a partner tells about a place of the public register."""
    source = InformationSource.CSO if "cso_partner" in work.caller.roles else InformationSource.BODY
    made = await queries.submit(work, new, source.value)
    if made is None:
        invalid("/place_id", "unknown_place", "the public register has no place of this id")
    _recorded(work, PLACE_INFORMATION.create[InformationAction.SUBMIT].event, made, new.place_id)
    return made


async def transition_information(
    work: Work, place_id: UUID, information_id: UUID, if_match: str, order: PlaceInformationTransition
) -> UUID:
    """Accept, dismiss or retire a piece of information."""
    work.require_action(order.action.value)
    piece = await queries.lock(work, place_id, information_id)
    expect(if_match, await queries.in_full(work, place_id, information_id))
    step = PLACE_INFORMATION.step(InformationStatus(piece.status), order.action)
    if not step.by & work.caller.roles:
        raise Forbidden
    if order.action is InformationAction.ACCEPT:
        if order.reliability is None:
            invalid("/reliability", "missing", "say how far it can be relied on")
        if order.severity is None:
            invalid("/severity", "missing", "say how severe it is")
        piece.reliability, piece.severity, piece.valid_until = order.reliability, order.severity, order.valid_until
    if order.action is InformationAction.DISMISS and not order.reason:
        invalid("/reason", "missing", "say why")
    piece.status = step.to.value
    piece.last_reason = order.reason or ""
    await touch(work, piece)
    _recorded(work, step.event, piece.id, place_id)
    return piece.id
