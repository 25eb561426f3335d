"""Asking a person about rows of an import: each once, with the places that may be meant. No HTTP, no SQL.

It never decides a question; that is `match_decisions`.
"""

from collections.abc import Sequence
from uuid import UUID

from services.visits.matches import queries
from services.visits.matches.rules import MOST_CANDIDATES, PLACE_MATCH, MatchAction, MatchKind
from services.visits.matches.tables import PlaceMatch
from services.visits.places.schemas.imports import PlaceImportRow
from services.visits.places.tables import Place
from shared.db import Work
from shared.imports.envelope import ImportOrder
from shared.imports.turns import by_turns
from shared.journal import Event
from shared.records import stamps, touch
from shared.texts import folded

TWIN_REASON = "the register had a place of this name in this region, from elsewhere"
TWIN_WITHOUT_REGION = "the register had a place of this name, from elsewhere, and not both say their region"


async def ask(work: Work, match: PlaceMatch) -> None:
    """Put a question to the queue."""
    work.session.add(match)
    event = PLACE_MATCH.create[MatchAction.ASK].event
    work.record(Event(event, match.id, {"kind": match.kind, "source": match.source}, leaves=False))


def _said(row: PlaceImportRow) -> dict[str, object]:
    return row.model_dump(mode="json", exclude={"line", "review"}, exclude_unset=True)


async def ask_for_review(work: Work, order: ImportOrder, rows: Sequence[PlaceImportRow]) -> None:
    """Ask what rows are that are hardly places; similar names of the same region are offered."""
    if not rows:
        return
    likely = await queries.similar(work, [(folded(row.name), row.region) for row in rows])
    async for position, row in by_turns(enumerate(rows), work):
        await ask(
            work,
            PlaceMatch(
                **await stamps(work), kind=MatchKind.REVIEW.value, state=PLACE_MATCH.initial.value, source=order.source,
                source_row=row.row, mapping=order.mapping, name=row.name, sort_name=folded(row.name), region=row.region,
                reason=row.review or "", said=_said(row), candidates=likely.get(position, []),
            ),
        )  # fmt: skip


async def keep_said(work: Work, match: PlaceMatch, row: PlaceImportRow) -> bool:
    """Keep what the row of an open question says now; tells whether it says something else than before."""
    said, reason = _said(row), row.review or match.reason
    if match.said == said and match.reason == reason:
        return False
    match.said, match.reason = said, reason
    match.name, match.sort_name, match.region = row.name, folded(row.name), row.region
    await touch(work, match)
    return True


async def ask_about_twins(work: Work, made: Sequence[Place], mapping: str) -> int:
    """Ask about new places that another source, or a person, had brought before by name and region. They are taken.

    Gives how many were asked about.
    """
    if not made:
        return 0
    sources = {place.id: place.source or "" for place in made}
    found = await queries.twins(work, sources)
    async for row in by_turns(found, work):
        why, reason = ("same name, same region", TWIN_REASON) if row["is_near"] else ("same name", TWIN_WITHOUT_REGION)
        likely = [{"id": str(each), "score": 1.0, "why": why} for each in row["others"][:MOST_CANDIDATES]]
        await ask(
            work,
            PlaceMatch(
                **await stamps(work), kind=MatchKind.TWIN.value, state=PLACE_MATCH.initial.value,
                source=sources[row["id"]], source_row=row["source_row"], mapping=mapping, name=row["name"],
                sort_name=row["sort_name"], region=row["region"], reason=reason, candidates=likely,
                place_id=row["id"],
            ),
        )  # fmt: skip
    return len(found)


async def ask_whose_name(
    work: Work, order: ImportOrder, row: str, text: str, region: str, meant: Sequence[UUID]
) -> None:
    """Ask which of several places a written name means; the first is the one that the row names."""
    why = ("the row names it", *["it has this name, or another row gives it to it"] * (len(meant) - 1))
    likely = [{"id": str(each), "score": 1.0, "why": said} for each, said in zip(meant, why, strict=True)]
    await ask(
        work,
        PlaceMatch(
            **await stamps(work), kind=MatchKind.ALIAS.value, state=PLACE_MATCH.initial.value, source=order.source,
            source_row=row, mapping=order.mapping, name=text, sort_name=folded(text), region=region,
            reason="several places of the region go by this name", candidates=likely[:MOST_CANDIDATES],
        ),
    )  # fmt: skip
