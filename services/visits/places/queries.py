"""Every read of the register, each starting from what the caller may see."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.visits.places.rules import PLACE
from services.visits.places.schemas.npm import PlaceFilters
from services.visits.places.schemas.public import PublicPlaceFilters
from services.visits.places.tables import Place
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page
from shared.texts import as_json

_OPERATOR = "CASE WHEN p.operator_id IS NULL THEN NULL ELSE json_build_object('id', p.operator_id, 'name', coalesce(o.name, '')) END"

PLACES = Listing(
    columns=f"p.id, p.code, p.name, p.status, p.place_type, p.region, {_OPERATOR} AS operator, p.capacity, p.origin",
    source="place p LEFT JOIN known_authority o ON o.id = p.operator_id",
    identity="p.id",
    sorts={
        "name": Sort("p.sort_name", "text"),
        "code": Sort("p.code", "text"),
        "updated_at": Sort("p.updated_at", "timestamptz"),
    },
    default_sort="name",
    filters={
        "place_type": "p.place_type = ANY(:place_type::text[])",
        "status": "p.status = ANY(:status::text[])",
        "region": "p.region = ANY(:region::text[])",
        "operator_id": "p.operator_id = :operator_id::uuid",
        "q": "to_tsvector('simple', unaccent(p.name || ' ' || p.code || ' ' || coalesce(p.aliases::text, ''))) "
        "@@ plainto_tsquery('simple', unaccent(:q))",
    },
)

PLACE_IN_FULL = f"""
SELECT p.id, p.code, p.name, p.aliases, p.names, p.operators, p.status, p.place_type, p.region, p.address, p.latitude, p.longitude, p.is_location_withheld,
  {_OPERATOR} AS operator, p.is_private_operator, p.capacity, p.population, p.vulnerable_groups, p.risk_flags,
  p.complaint_channel_quality, p.mandate_basis, p.closed_on, p.reopened_on, p.status_reason,
  CASE WHEN m.id IS NULL THEN NULL ELSE json_build_object('id', m.id, 'name', m.name) END AS merged_into, p.origin,
  CASE WHEN p.source IS NULL THEN NULL ELSE json_build_object('source', p.source, 'row', p.source_row) END AS imported_from,
  p.source_note AS import_note, coalesce(:allowed::jsonb -> p.status, '[]') AS allowed_actions
FROM place p LEFT JOIN known_authority o ON o.id = p.operator_id LEFT JOIN place m ON m.id = p.merged_into_id
WHERE p.id = :place_id
"""

_PUBLIC = f"""p.id, p.code, p.name, p.status, p.place_type, p.region,
  p.public_address AS address, p.public_latitude AS latitude, p.public_longitude AS longitude,
  {_OPERATOR} AS operator, p.is_private_operator"""

PUBLIC_PLACES = Listing(
    columns=_PUBLIC,
    source="place p LEFT JOIN known_authority o ON o.id = p.operator_id",
    where="p.status IN ('in_use', 'closed')",
    identity="p.id",
    sorts={"name": Sort("p.sort_name", "text")},
    default_sort="name",
    filters={"place_type": "p.place_type = ANY(:place_type::text[])", "region": "p.region = ANY(:region::text[])"},
)

PUBLIC_PLACE = f"""
SELECT {_PUBLIC} FROM place p LEFT JOIN known_authority o ON o.id = p.operator_id
WHERE p.id = :place_id AND p.status IN ('in_use', 'closed')
"""

SIGNALS = """
SELECT json_build_object('id', p.id, 'name', p.name) AS place, s.as_of, s.signal
FROM place p LEFT JOIN place_signal s ON s.place_id = p.id WHERE p.id = :place_id
"""


KEEP_AUTHORITY = """
INSERT INTO known_authority (id, name, category, created_at, created_by, updated_at, updated_by, version, confidentiality, origin)
VALUES (:id, :name, :category, a22_now(), 'system', a22_now(), 'system', 1, 'PUB', 'native')
ON CONFLICT (id) DO UPDATE SET name = excluded.name, category = excluded.category, updated_at = a22_now()
"""
KEEP_SIGNAL = """
INSERT INTO place_signal (id, place_id, as_of, signal, created_at, created_by, updated_at, updated_by, version, confidentiality, origin)
VALUES (gen_random_uuid(), :place_id, :as_of, :signal::jsonb, a22_now(), 'system', a22_now(), 'system', 1, 'INT', 'native')
ON CONFLICT (place_id) DO UPDATE SET as_of = excluded.as_of, signal = excluded.signal, updated_at = a22_now()
"""


REGISTER = """
INSERT INTO place (id, code, name, sort_name, status, place_type, region, address, latitude, longitude, is_location_withheld, operator_id,
  is_private_operator, supervising, aliases, names, operators, capacity, population, vulnerable_groups, risk_flags, complaint_channel_quality,
  mandate_basis, status_reason, created_at, created_by, updated_at, updated_by, version, confidentiality, origin)
SELECT :id, :code, :name, :sort_name, :status, :place_type, :region, :address, :latitude, :longitude, :is_location_withheld, :operator_id,
  :is_private_operator, '[]', '[]', '[]', '[]', :capacity, :population::jsonb, :vulnerable_groups::text[], :risk_flags::text[],
  :complaint_channel_quality, :mandate_basis::jsonb, '', a22_now(), :by, a22_now(), :by, 1, 'INT', 'native'
"""


async def register(work: Work, place: Mapping[str, Any]) -> None:
    """Insert a place; a statement of its own, as registering is a hot path of imports and partners."""
    basis = None if place["mandate_basis"] is None else as_json(place["mandate_basis"])
    written = {**place, "population": as_json(place["population"]), "mandate_basis": basis}
    await execute(work, REGISTER, by=work.caller.person, **written)


async def matching(work: Work, filters: PlaceFilters) -> Page:
    """Give a page of the register."""
    return await fetch_page(work, PLACES, filters)


async def in_full(work: Work, place_id: UUID) -> bytes:
    """Give one place with everything the NPM keeps on it, or raise NotFound."""
    allowed: dict[str, Any] = work.allowed_actions(PLACE, "transition_place")
    return await fetch_one(work, PLACE_IN_FULL, place_id=place_id, allowed=as_json(allowed))


async def signals(work: Work, place_id: UUID) -> bytes:
    """Give what complaints and recommendations signal about a place."""
    return await fetch_one(work, SIGNALS, place_id=place_id)


async def published_matching(work: Work, filters: PublicPlaceFilters) -> Page:
    """Give a page of the public register."""
    return await fetch_page(work, PUBLIC_PLACES, filters)


async def published(work: Work, place_id: UUID) -> bytes:
    """Give one place as the public sees it."""
    return await fetch_one(work, PUBLIC_PLACE, place_id=place_id)


async def lock(work: Work, place_id: UUID) -> Place:
    """Take a place for a change, or raise NotFound."""
    found = await work.session.exec(select(Place).where(col(Place.id) == place_id).with_for_update())
    place = found.one_or_none()
    if place is None:
        raise NotFound
    return place


async def lock_all(work: Work, place_ids: Iterable[UUID]) -> list[Place]:
    """Take several places for a change, in one order for all who do."""
    found = await work.session.exec(
        select(Place).where(col(Place.id).in_(list(place_ids))).order_by(col(Place.id)).with_for_update()
    )
    return list(found.all())


async def imported(work: Work, source: str, rows: list[str]) -> dict[str, Place]:
    """Give the places that came from these rows of a source, by row, taken for a change."""
    found = await work.session.exec(
        select(Place).where(col(Place.source) == source, col(Place.source_row).in_(rows)).with_for_update()
    )
    return {str(place.source_row): place for place in found.all()}


async def taken(work: Work, ids: Collection[UUID]) -> set[UUID]:
    """Give those of the ids that places already have."""
    found = await work.session.exec(select(Place.id).where(col(Place.id).in_(ids)))
    return set(found.all())


async def keep_authority(work: Work, authority_id: UUID, name: str, category: str) -> None:
    """Keep the projection of an authority."""
    await execute(work, KEEP_AUTHORITY, id=authority_id, name=name, category=category)


async def keep_signal(work: Work, place_id: UUID, as_of: date, signal: Mapping[str, Any]) -> None:
    """Keep the latest signal of a place."""
    await execute(work, KEEP_SIGNAL, place_id=place_id, as_of=as_of, signal=as_json(signal))
