"""Reads of rows that wait for somebody to recognise an institution, with their candidates."""

from uuid import UUID

from services.stakeholders import acting
from services.stakeholders.directory_imports.queries import lock as lock_entry
from services.stakeholders.directory_imports.rules import AUTHORITY_MATCH
from services.stakeholders.directory_imports.tables import AuthorityEntry
from services.stakeholders.matches.schemas import AuthorityMatchFilters
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page
from shared.texts import as_json

_CANDIDATES = """(SELECT coalesce(json_agg(json_build_object('id', c.id, 'name', c.name, 'score', round(similarity(c.sort_name, e.folded)::numeric, 2),
    'why', CASE WHEN c.sort_name = e.folded THEN 'has the same name' ELSE 'has the same website' END)
    ORDER BY similarity(c.sort_name, e.folded) DESC, c.sort_name, c.id), '[]')
  FROM stakeholder c WHERE e.state = 'open' AND c.id::text IN (SELECT jsonb_array_elements_text(e.candidate_ids)))"""
_DECIDER = """CASE WHEN e.decided_by IS NULL THEN NULL ELSE json_build_object('id', e.decided_by, 'name',
  coalesce((SELECT p.name FROM person p WHERE p.id::text = e.decided_by), '')) END"""
_COLUMNS = f"""e.id, e.source, e.source_row AS row, 'authorities' AS kind, e.name, NULL AS region, e.reason, e.state,
  CASE WHEN s.id IS NULL THEN NULL ELSE json_build_object('id', s.id, 'name', s.name) END AS authority, {_CANDIDATES} AS candidates,
  {_DECIDER} AS decided_by, e.decided_on, coalesce(:allowed::jsonb -> e.state, '[]') AS allowed_actions"""
_FROM = "authority_entry e LEFT JOIN stakeholder s ON s.id = e.stakeholder_id"
_IS_MATCH = "e.state <> 'clear'"
MATCHES = Listing(
    columns=_COLUMNS,
    source=_FROM,
    where=_IS_MATCH,
    identity="e.id",
    sorts={"name": Sort("e.folded", "text")},
    default_sort="name",
    filters={"state": "e.state = ANY(:state::text[])", "source": "e.source = :source"},
)
MATCH = f"SELECT {_COLUMNS} FROM {_FROM} WHERE e.id = :match_id AND {_IS_MATCH}"


def _allowed(work: Work) -> str:
    return as_json(acting.allowed_actions(work, AUTHORITY_MATCH, "transition_authority_match"))


async def matching(work: Work, filters: AuthorityMatchFilters) -> Page:
    """Give a page of rows that wait, or were decided."""
    return await fetch_page(work, MATCHES, filters, allowed=_allowed(work))


async def in_full(work: Work, match_id: UUID) -> bytes:
    """Give one such row, or raise NotFound."""
    return await fetch_one(work, MATCH, match_id=match_id, allowed=_allowed(work))


async def lock(work: Work, match_id: UUID) -> AuthorityEntry:
    """Take one for a decision, or raise NotFound."""
    entry = await lock_entry(work, match_id)
    if entry is None:
        raise NotFound
    return entry
