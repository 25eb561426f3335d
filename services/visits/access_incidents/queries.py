"""Every read of access incidents."""

from uuid import UUID

from sqlmodel import col, select

from services.visits.access_incidents.rules import ACCESS_INCIDENT
from services.visits.access_incidents.schemas import AccessIncidentFilters
from services.visits.access_incidents.tables import AccessIncident
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page
from shared.texts import as_json

_COLUMNS = """x.id, json_build_object('id', p.id, 'name', p.name) AS place, x.visit_id, x.occurred_on, x.kind, x.status, x.refused_by,
  CASE WHEN x.authority_id IS NULL THEN NULL ELSE json_build_object('id', x.authority_id, 'name', coalesce(o.name, '')) END AS authority,
  x.channel, x.account, x.is_serious, x.opcat_article, x.result, x.ground, x.retained_channel, x.last_reason,
  coalesce(:allowed::jsonb -> x.status, '[]') AS allowed_actions"""
_SOURCE = "access_incident x JOIN place p ON p.id = x.place_id LEFT JOIN known_authority o ON o.id = x.authority_id"

INCIDENTS = Listing(
    columns=_COLUMNS,
    source=_SOURCE,
    identity="x.id",
    sorts={"occurred_on": Sort("x.occurred_on", "date")},
    default_sort="-occurred_on",
    filters={"status": "x.status = ANY(:status::text[])", "place_id": "x.place_id = :place_id::uuid"},
)
INCIDENT = f"SELECT {_COLUMNS} FROM {_SOURCE} WHERE x.id = :incident_id"


def _allowed(work: Work) -> str:
    return as_json(work.allowed_actions(ACCESS_INCIDENT, "transition_access_incident"))


async def matching(work: Work, filters: AccessIncidentFilters) -> Page:
    """Give a page of access incidents, the latest first."""
    return await fetch_page(work, INCIDENTS, filters, allowed=_allowed(work))


async def in_full(work: Work, incident_id: UUID) -> bytes:
    """Give one access incident, or raise NotFound."""
    return await fetch_one(work, INCIDENT, incident_id=incident_id, allowed=_allowed(work))


async def lock(work: Work, incident_id: UUID) -> AccessIncident:
    """Take an access incident for a change, or raise NotFound."""
    found = await work.session.exec(
        select(AccessIncident).where(col(AccessIncident.id) == incident_id).with_for_update()
    )
    incident = found.one_or_none()
    if incident is None:
        raise NotFound
    return incident
