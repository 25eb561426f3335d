"""Every read of the NPM's own people."""

from uuid import UUID

from sqlmodel import col, select

from services.stakeholders.persons.schemas import InstitutionPersonFilters
from services.stakeholders.persons.tables import Person
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page, fetch_rows
from shared.protection import KEPT_FROM_NOTHING

_ORIGIN = """(SELECT json_build_object('id', a.id, 'name', a.name) FROM stakeholder a
  WHERE a.id = (p.secondment ->> 'origin_id')::uuid)"""
_EMPLOYMENTS = f"""(SELECT coalesce(json_agg(json_build_object('employer_kind', h.employer_kind,
    'employer', json_build_object('id', h.employer_id, 'name', coalesce(a.name, l.name, '')), 'from_on', h.from_on, 'to_on', h.to_on)), '[]')
  FROM jsonb_to_recordset(p.employment_history) AS h(employer_kind text, employer_id uuid, from_on date, to_on date)
  LEFT JOIN stakeholder a ON a.id = h.employer_id LEFT JOIN known_place l ON l.id = h.employer_id
  WHERE {KEPT_FROM_NOTHING} OR a.id IS NOT NULL OR l.id IS NOT NULL)"""

PERSONS = Listing(
    columns=f"p.id, p.kind, p.name, p.role, p.profession, p.expertise, {_ORIGIN} AS origin_authority",
    source="person p",
    where="p.kind <> 'expert'",
    identity="p.id",
    sorts={"name": Sort("p.sort_name", "text")},
    default_sort="name",
    filters={
        "kind": "p.kind = ANY(:kind::text[])",
        "expertise": "p.expertise && :expertise::text[]",
        "q": "to_tsvector('simple', unaccent(p.name)) @@ plainto_tsquery('simple', unaccent(:q))",
    },
)
PERSON = f"""
SELECT p.id, p.kind, p.name, p.role, p.profession, p.expertise, p.languages, p.background, p.mandates,
  CASE WHEN p.secondment IS NULL THEN NULL ELSE json_build_object('origin', {_ORIGIN}, 'from_on', p.secondment -> 'from_on',
    'to_on', p.secondment -> 'to_on', 'is_exclusive', p.secondment -> 'is_exclusive') END AS secondment,
  {_EMPLOYMENTS} AS employment_history, p.origin
FROM person p WHERE p.id = :person_id AND p.kind <> 'expert'
"""
#: The origin of a secondment, the institution of which it is a department, and all that hangs under either.
ORIGIN = """
WITH RECURSIVE above(id) AS (
  SELECT (p.secondment ->> 'origin_id')::uuid FROM person p WHERE p.id = :person_id AND p.kind = 'secondee' AND p.secondment IS NOT NULL
  UNION SELECT (e ->> 'id')::uuid FROM above JOIN stakeholder s ON s.id = above.id AND s.kind = 'department'
    CROSS JOIN LATERAL jsonb_array_elements(s.parents) AS e
), under(id) AS (
  SELECT id FROM above
  UNION SELECT s.id FROM under JOIN stakeholder s ON s.parents @> jsonb_build_array(jsonb_build_object('id', under.id::text))
)
SELECT id::text AS id FROM under ORDER BY id
"""
KINDS = "SELECT p.id, p.kind FROM person p WHERE p.id = ANY(:ids::uuid[])"


async def matching(work: Work, filters: InstitutionPersonFilters) -> Page:
    """Give a page of members, staff and secondees."""
    return await fetch_page(work, PERSONS, filters)


async def in_full(work: Work, person_id: UUID) -> bytes:
    """Give one member, employee or secondee, or raise NotFound."""
    return await fetch_one(work, PERSON, person_id=person_id)


async def lock(work: Work, person_id: UUID, *, is_expert: bool) -> Person:
    """Take somebody's entry for a change; NotFound, also for an expert where none is meant and the other way round."""
    found = await work.session.exec(select(Person).where(col(Person.id) == person_id).with_for_update())
    person = found.one_or_none()
    if person is None or (person.kind == "expert") is not is_expert:
        raise NotFound
    return person


async def kinds(work: Work, ids: list[UUID]) -> dict[UUID, str]:
    """Give what these people are; who is not known is left out."""
    return {row["id"]: row["kind"] for row in await fetch_rows(work, KINDS, ids=ids)}


async def origin_of(work: Work, person_id: UUID) -> list[str]:
    """Give the authorities that somebody is seconded from, nobody's where there is no secondment."""
    return [row["id"] for row in await fetch_rows(work, ORIGIN, person_id=person_id)]
