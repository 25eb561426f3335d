"""Every read of information on places, and the one write of a partner."""

from uuid import UUID, uuid4

from sqlmodel import col, select

from services.visits.information.rules import PLACE_INFORMATION
from services.visits.information.schemas.npm import PlaceInformationFilters
from services.visits.information.schemas.partner import PartnerInformationCreate, PartnerInformationFilters
from services.visits.information.tables import PlaceInformation
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page, fetch_rows
from shared.texts import as_json

_COLUMNS = """x.id, json_build_object('id', p.id, 'name', p.name) AS place, x.source_kind, x.source_id, x.kind, x.theme, x.text, x.status,
  x.shared_in_confidence AS is_shared_in_confidence, x.received_on, x.reliability, x.severity, x.valid_until,
  x.status = 'accepted' AND coalesce(x.valid_until >= a22_today(), true) AS is_valid, x.last_reason,
  coalesce(:allowed::jsonb -> x.status, '[]') AS allowed_actions"""
_SOURCE = "place_information x JOIN place p ON p.id = x.place_id"

INFORMATION = Listing(
    columns=_COLUMNS,
    source=_SOURCE,
    where="x.place_id = :place_id",
    identity="x.id",
    sorts={"received_on": Sort("x.received_on", "date")},
    default_sort="-received_on",
    filters={"status": "x.status = ANY(:status::text[])"},
)
ONE = f"SELECT {_COLUMNS} FROM {_SOURCE} WHERE x.id = :information_id AND x.place_id = :place_id"

_OWN = "x.id, json_build_object('id', p.id, 'name', p.name) AS place, x.kind, x.theme, x.text, x.status, x.received_on"
OWN = Listing(
    columns=_OWN,
    source=_SOURCE,
    identity="x.id",
    sorts={"received_on": Sort("x.received_on", "date")},
    default_sort="-received_on",
)
OWN_ONE = f"SELECT {_OWN} FROM {_SOURCE} WHERE x.id = :information_id"

SUBMIT = """
INSERT INTO place_information (id, place_id, source_kind, source_id, kind, theme, text, severity, status, shared_in_confidence,
  received_on, last_reason, created_at, created_by, updated_at, updated_by, version, confidentiality, origin)
SELECT :id, p.id, :source_kind, :source_id, :kind, :theme, :text, NULL, 'received', false,
  a22_today(), '', a22_now(), :by, a22_now(), :by, 1, 'INT', 'native'
FROM place p WHERE p.id = :place_id
"""
PLACE_EXISTS = "SELECT 1 FROM place WHERE id = :place_id"


def _allowed(work: Work) -> str:
    return as_json(work.allowed_actions(PLACE_INFORMATION, "transition_place_information"))


async def require_place(work: Work, place_id: UUID) -> None:
    """Raise NotFound unless the caller sees the place."""
    if not await fetch_rows(work, PLACE_EXISTS, place_id=place_id):
        raise NotFound


async def matching(work: Work, place_id: UUID, filters: PlaceInformationFilters) -> Page:
    """Give a page of what was told about a place."""
    return await fetch_page(work, INFORMATION, filters, place_id=place_id, allowed=_allowed(work))


async def in_full(work: Work, place_id: UUID, information_id: UUID) -> bytes:
    """Give one piece of information, or raise NotFound."""
    return await fetch_one(work, ONE, place_id=place_id, information_id=information_id, allowed=_allowed(work))


async def lock(work: Work, place_id: UUID, information_id: UUID) -> PlaceInformation:
    """Take a piece of information for a change, or raise NotFound."""
    found = await work.session.exec(
        select(PlaceInformation)
        .where(col(PlaceInformation.id) == information_id, col(PlaceInformation.place_id) == place_id)
        .with_for_update()
    )
    piece = found.one_or_none()
    if piece is None:
        raise NotFound
    return piece


async def own(work: Work, filters: PartnerInformationFilters) -> Page:
    """Give a page of what the calling partner told."""
    return await fetch_page(work, OWN, filters)


async def own_one(work: Work, information_id: UUID) -> bytes:
    """Give one piece of what the calling partner told, or raise NotFound."""
    return await fetch_one(work, OWN_ONE, information_id=information_id)


async def submit(work: Work, new: PartnerInformationCreate, source_kind: str) -> UUID | None:
    """Keep what a partner tells; nothing for a place that the partner cannot see."""
    made = uuid4()
    kept = await execute(
        work,
        SUBMIT,
        id=made,
        place_id=new.place_id,
        source_kind=source_kind,
        source_id=UUID(work.caller.organisation_id),
        kind=new.kind.value,
        theme=new.theme.value if new.theme else None,
        text=new.text,
        by=work.caller.person,
    )
    return made if kept else None
