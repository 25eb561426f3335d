"""Every read and every bulk write of the questions that imports ask about places."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.visits.matches.rules import (
    COMMON_FROM,
    LEAST_SCORE,
    MOST_CANDIDATES,
    PLACE_MATCH,
    MatchAction,
    MatchKind,
    is_open_to,
)
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

#: By the words that two names share, within a region. Where half the register is called Prison House, nobody holds each name
#: against every other: names that share a word few places have are compared one by one; places whose names hold the same
#: common words, and as many words, are equally like any name that shares only those, so that the first few stand for all.
SIMILAR = """
WITH asked AS MATERIALIZED (
  SELECT given.position, given.region, string_to_array(given.name, ' ') AS words
  FROM unnest(:names::text[], :regions::text[]) WITH ORDINALITY AS given(name, region, position)),
wanted AS MATERIALIZED (SELECT DISTINCT a.position, a.region, cardinality(a.words) AS length, word FROM asked a, unnest(a.words) word),
near AS MATERIALIZED (
  SELECT p.id, p.region, string_to_array(p.sort_name, ' ') AS words FROM place p
  WHERE p.region = ANY(:regions::text[]) AND p.status IN ('unverified', 'in_use', 'closed')),
said AS MATERIALIZED (SELECT DISTINCT n.id, n.region, cardinality(n.words) AS length, word FROM near n, unnest(n.words) word),
known AS MATERIALIZED (SELECT s.region, s.word, count(*) > :common::integer AS is_common FROM said s GROUP BY s.region, s.word),
kinds AS MATERIALIZED (
  SELECT k.region, k.length, k.common, (array_agg(k.id ORDER BY k.id))[1 : :most::integer] AS ids FROM (
    SELECT s.id, s.region, s.length, array_agg(s.word ORDER BY s.word) AS common
    FROM said s JOIN known w USING (region, word) WHERE w.is_common GROUP BY s.id, s.region, s.length) k
  GROUP BY k.region, k.length, k.common),
offered AS MATERIALIZED (SELECT k.region, word, k.length, k.ids FROM kinds k, unnest(k.common) word),
rare AS MATERIALIZED (SELECT s.region, s.word, s.id FROM said s JOIN known w USING (region, word) WHERE NOT w.is_common),
likely AS MATERIALIZED (
  SELECT a.position, s.id FROM wanted a JOIN rare s USING (region, word)
  UNION SELECT m.position, unnest(m.ids) FROM (
    SELECT a.position, o.ids,
      row_number() OVER (PARTITION BY a.position ORDER BY count(*)::float8 / (a.length + o.length) DESC, o.ids[1]) AS place
    FROM wanted a JOIN offered o USING (region, word) GROUP BY a.position, a.length, o.length, o.ids) m WHERE m.place <= :most::integer),
scored AS MATERIALIZED (
  SELECT l.position, l.id, cardinality(n.words) + cardinality(a.words) AS words,
    (SELECT count(*) FROM (SELECT unnest(n.words) INTERSECT SELECT unnest(a.words)) both_have) AS shared
  FROM likely l JOIN asked a USING (position) JOIN near n USING (id)),
ranked AS (
  SELECT s.*, row_number() OVER (PARTITION BY s.position ORDER BY s.shared::float8 / s.words DESC, s.id) AS place
  FROM scored s WHERE 2.0 * s.shared / s.words >= :least::float8)
SELECT position - 1 AS position, id, round(2.0 * shared / words, 2)::float8 AS score FROM ranked WHERE place <= :most::integer
ORDER BY position, score DESC, id
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
        common=COMMON_FROM,
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        one = {"id": str(row["id"]), "score": row["score"], "why": "similar name, same region"}
        found.setdefault(row["position"], []).append(one)
    return found


async def twins(work: Work, place_ids: Iterable[UUID]) -> list[dict[str, Any]]:
    """Give those of these new places that the register may have already, with the other ones."""
    return await fetch_rows(work, TWINS, place_ids=list(place_ids), most=MOST_CANDIDATES)
