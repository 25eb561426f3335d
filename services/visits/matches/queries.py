"""Every read and every bulk write of the questions that imports ask about places."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.visits.matches.rules import LEAST_SCORE, MOST_CANDIDATES, PLACE_MATCH, MatchAction, MatchKind, is_open_to
from services.visits.matches.schemas import PlaceMatchFilters
from services.visits.matches.tables import PlaceMatch
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page, fetch_rows
from shared.texts import as_json

_COLUMNS = """m.id, m.source, m.source_row AS row, m.kind, m.name, m.region, m.reason, m.state, to_json(m.written_names) AS written_names,
  (SELECT coalesce(json_agg(json_build_object('id', c.id, 'name', c.name, 'region', c.region, 'score', (o.one ->> 'score')::float8,
      'why', o.one ->> 'why') ORDER BY o.place), '[]')
    FROM jsonb_array_elements(m.candidates) WITH ORDINALITY o(one, place) JOIN place c ON c.id = (o.one ->> 'id')::uuid) AS candidates,
  CASE WHEN m.place_id IS NULL THEN NULL ELSE json_build_object('id', p.id, 'name', p.name) END AS place,
  m.decided_by, m.decided_on, m.decision_reason,
  coalesce(CASE WHEN m.kind = 'alias' THEN :on_aliases::jsonb ELSE :on_places::jsonb END -> m.state, '[]') AS allowed_actions"""
_SOURCE = "place_match m LEFT JOIN place p ON p.id = m.place_id"

MATCHES = Listing(
    columns=_COLUMNS,
    source=_SOURCE,
    identity="m.id",
    sorts={"name": Sort("m.sort_name", "text")},
    default_sort="name",
    filters={
        "state": "m.state = ANY(:state::text[])",
        "kind": "m.kind = ANY(:kind::text[])",
        "source": "m.source = :source",
    },
)
MATCH = f"SELECT {_COLUMNS} FROM {_SOURCE} WHERE m.id = :match_id"

#: By the words that two names share; only places of the same region are looked at, and there only those that share one.
SIMILAR = """
SELECT asked.position - 1 AS position, likely.id, likely.score
FROM unnest(:names::text[], :regions::text[]) WITH ORDINALITY AS asked(name, region, position)
CROSS JOIN LATERAL (
  SELECT near.id, round(2.0 * near.shared / near.words, 2)::float8 AS score FROM (
    SELECT p.id, cardinality(string_to_array(p.sort_name, ' ')) + cardinality(string_to_array(asked.name, ' ')) AS words,
      (SELECT count(*) FROM (SELECT unnest(string_to_array(p.sort_name, ' ')) INTERSECT
        SELECT unnest(string_to_array(asked.name, ' '))) both_have) AS shared
    FROM place p WHERE p.region = asked.region AND p.status IN ('unverified', 'in_use', 'closed')
      AND string_to_array(p.sort_name, ' ') && string_to_array(asked.name, ' ')) near
  WHERE 2.0 * near.shared / near.words >= :least::float8
  ORDER BY near.shared::float8 / near.words DESC, near.id LIMIT :most::integer) likely
ORDER BY asked.position, likely.score DESC, likely.id
"""
#: The same folded name in the same region, out of another source or entered by hand: found over the index of names. Where
#: either has no region the whole country is looked at; a name that more than `most` go by there tells nothing.
TWINS = """
SELECT new.id, new.name, new.sort_name, new.region, new.source_row, array_agg(old.id ORDER BY old.is_near DESC, old.id) AS others,
  bool_or(old.is_near) AS is_near
FROM place new CROSS JOIN LATERAL (
  SELECT other.id, other.region = new.region AND new.region <> '' AS is_near FROM place other
  WHERE other.sort_name = new.sort_name AND other.id <> new.id AND other.source IS DISTINCT FROM new.source
    AND other.status IN ('unverified', 'in_use', 'closed')
    AND (other.region = new.region OR other.region = '' OR new.region = '')
  ORDER BY 2 DESC, other.id LIMIT :most::integer + 1) old
WHERE new.id = ANY(:place_ids::uuid[]) GROUP BY new.id HAVING bool_or(old.is_near) OR count(*) <= :most::integer ORDER BY new.id
"""


def _allowed(work: Work, kind: MatchKind) -> str:
    by_state = work.allowed_actions(PLACE_MATCH, "transition_place_match")
    return as_json(
        {state: [each for each in found if is_open_to(kind, MatchAction(each))] for state, found in by_state.items()}
    )


def _both(work: Work) -> dict[str, str]:
    return {"on_aliases": _allowed(work, MatchKind.ALIAS), "on_places": _allowed(work, MatchKind.REVIEW)}


async def matching(work: Work, filters: PlaceMatchFilters) -> Page:
    """Give a page of questions."""
    return await fetch_page(work, MATCHES, filters, **_both(work))


async def in_full(work: Work, match_id: UUID) -> bytes:
    """Give one question, or raise NotFound."""
    return await fetch_one(work, MATCH, match_id=match_id, **_both(work))


async def lock(work: Work, match_id: UUID) -> PlaceMatch:
    """Take a question for a decision, or raise NotFound."""
    found = await work.session.exec(select(PlaceMatch).where(col(PlaceMatch.id) == match_id).with_for_update())
    match = found.one_or_none()
    if match is None:
        raise NotFound
    return match


async def asked(work: Work, source: str, rows: Iterable[str], *kinds: MatchKind) -> dict[str, PlaceMatch]:
    """Give the questions that were asked about these rows of a source, by row, taken for a change."""
    found = await work.session.exec(
        select(PlaceMatch)
        .where(
            col(PlaceMatch.source) == source,
            col(PlaceMatch.source_row).in_(list(rows)),
            col(PlaceMatch.kind).in_([kind.value for kind in kinds]),
        )
        .with_for_update()
    )
    return {match.source_row: match for match in found.all()}


async def similar(work: Work, named: Sequence[tuple[str, str]]) -> dict[int, list[dict[str, Any]]]:
    """Give the places that folded names may mean, each in its region, by the position of the name; the likeliest first."""
    rows = await fetch_rows(
        work,
        SIMILAR,
        names=[name for name, _ in named],
        regions=[region for _, region in named],
        least=LEAST_SCORE,
        most=MOST_CANDIDATES,
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        one = {"id": str(row["id"]), "score": row["score"], "why": "similar name, same region"}
        found.setdefault(row["position"], []).append(one)
    return found


async def twins(work: Work, place_ids: Iterable[UUID]) -> list[dict[str, Any]]:
    """Give those of these new places that the register may have already, with the other ones."""
    return await fetch_rows(work, TWINS, place_ids=list(place_ids), most=MOST_CANDIDATES)
