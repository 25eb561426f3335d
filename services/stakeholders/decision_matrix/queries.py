"""The reads of the decision matrix."""

from sqlmodel import select

from services.stakeholders.decision_matrix.rules import SCOPES, DecisionTopic, MatrixEntry
from services.stakeholders.decision_matrix.tables import DecisionMatrixEntry
from shared.db import Work
from shared.paging import fetch_one, fetch_rows
from shared.texts import as_json

MATRIX = """
SELECT coalesce(json_agg(json_build_object(
    'topic', m.topic,
    'decider', json_build_object('id', m.decider_id, 'name', coalesce(p.name, '')),
    'deputy', CASE WHEN m.deputy_id IS NULL THEN NULL ELSE json_build_object('id', m.deputy_id, 'name', coalesce(q.name, '')) END,
    'scopes', coalesce(:scopes::jsonb -> m.topic, '[]')) ORDER BY m.topic), '[]') AS entries
FROM decision_matrix_entry m LEFT JOIN person p ON p.id = m.decider_id LEFT JOIN person q ON q.id = m.deputy_id
"""
ENTRIES = "SELECT m.topic, m.decider_id, m.deputy_id FROM decision_matrix_entry m"
# two replacements of the matrix follow one another
LOCK = "SELECT pg_advisory_xact_lock(4202204)"


async def in_full(work: Work) -> bytes:
    """Give the matrix with the scopes behind each topic."""
    scopes = {topic.value: sorted(named) for topic, named in SCOPES.items()}
    return await fetch_one(work, MATRIX, scopes=as_json(scopes))


async def lock(work: Work) -> dict[str, DecisionMatrixEntry]:
    """Take the whole matrix for a change, by topic."""
    await fetch_rows(work, LOCK)
    found = await work.session.exec(select(DecisionMatrixEntry))
    return {entry.topic: entry for entry in found.all()}


async def entries(work: Work) -> list[MatrixEntry]:
    """Give every row of the matrix."""
    return [
        MatrixEntry(
            topic=DecisionTopic(row["topic"]),
            decider_id=str(row["decider_id"]),
            deputy_id=str(row["deputy_id"]) if row["deputy_id"] else None,
        )
        for row in await fetch_rows(work, ENTRIES)
    ]
