"""Bringing in complaints of former years: no guards, no tasks, no acknowledgement; each record says where it is from."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from services.complaints.complaint_imports import queries
from services.complaints.complaint_imports.schemas import ComplaintImportRow
from services.complaints.complaints.rules import ComplaintState
from services.complaints.complaints.usecases import reference
from services.complaints.narratives.usecases import row_stamps
from services.complaints.other_bodies import tables as other_bodies
from services.complaints.projections import queries as projections
from shared.db import Work
from shared.imports.envelope import Imported, ImportOrder, set_aside_taken_ids, sort_out
from shared.imports.turns import by_turns
from shared.journal import Event
from shared.records import imported_from
from shared.schemas import BadLine
from shared.texts import folded

_UNCLASSIFIED = (ComplaintState.RECEIVED, ComplaintState.RECORDED, ComplaintState.ASSESSED)


@dataclass
class Places:
    """The register as an import looks it up: an ambiguous name finds nothing."""

    ids: set[UUID] = field(default_factory=set)
    codes: dict[str, UUID] = field(default_factory=dict)
    names: dict[tuple[str, str], set[UUID]] = field(default_factory=dict)

    def of_code(self, code: str | None, source: str | None) -> UUID | None:
        """Give the place of a code of ours, or of a row id of the source that it was imported from."""
        return self.codes.get(f"{source}-{code}" if source else str(code))

    def meant(self, row: ComplaintImportRow) -> UUID | None:
        """Give the place that a row means, or None."""
        if row.place_id is not None:
            return row.place_id if row.place_id in self.ids else None
        if row.place_code is not None:
            return self.of_code(row.place_code, row.place_source)
        found = self.names.get((folded(row.place_name or ""), folded(row.place_region or "")), set())
        return next(iter(found)) if len(found) == 1 else None


async def import_complaints(work: Work, order: ImportOrder, lines: list[ComplaintImportRow | BadLine]) -> Imported:
    """Take the rows of a file: one known by source and id is compared, never doubled (imported history)."""
    read, outcome = sort_out(lines)
    places = await _places(work)
    meant = _meant(read, places, outcome)
    good = {key: row for key, row in read.items() if key in meant}
    known = await queries.known(work, order.source, list(good))
    await set_aside_taken_ids(good, known, outcome, partial(queries.taken, work))
    if not outcome.is_stopped(order):
        await _take(work, order, good, meant, known, outcome)
    return outcome


async def _places(work: Work) -> Places:
    places = Places()
    for row in await projections.every_place(work):
        places.ids.add(row["id"])
        places.codes[row["code"]] = row["id"]
        for name in row["folded_names"]:
            places.names.setdefault((name, row["folded_region"]), set()).add(row["id"])
    return places


def _meant(
    read: Mapping[str, ComplaintImportRow], places: Places, outcome: Imported
) -> dict[str, tuple[UUID, UUID | None]]:
    """Give the place of each row and where the person is now; a row that means no one place is reported."""
    meant: dict[str, tuple[UUID, UUID | None]] = {}
    for row in read.values():
        place_id = places.meant(row)
        if place_id is None:
            outcome.refuse(row, "/place_id", "place_unknown", "no one place is meant by this")
        else:
            meant[row.row] = place_id, places.of_code(row.present_place_code, row.place_source)
    return meant


async def _take(
    work: Work,
    order: ImportOrder,
    good: Mapping[str, ComplaintImportRow],
    meant: Mapping[str, tuple[UUID, UUID | None]],
    known: Mapping[str, dict[str, Any]],
    outcome: Imported,
) -> None:
    today, marks = await work.today(), {**await row_stamps(work), "origin": "imported"}
    taken: list[dict[str, Any]] = []
    async for row in by_turns(good.values()):
        place_id, present_place_id = meant[row.row]
        digest = hashlib.sha256(
            f"{place_id}|{present_place_id}|{row.model_dump_json(exclude={'line'})}".encode()
        ).hexdigest()
        before = known.get(row.row)
        if before is not None and before["source_digest"] == digest:
            outcome.unchanged += 1
            continue
        outcome.created += before is None
        outcome.changed += before is not None
        complaint_id = before["id"] if before else row.id or uuid4()
        came = imported_from(order.source, row.row, today, work.caller.person, order.mapping)
        taken.append(
            {**_record(order, row), **marks, "id": complaint_id, "ref": reference(complaint_id), "place_id": place_id, "present_place_id": present_place_id,
             "source_digest": digest, "source_note": {**row.note, "imported": came}}
        )  # fmt: skip
        name = "complaints.complaint.imported" if before is None else "complaints.complaint.import_changed"
        work.record(Event(name, complaint_id, {"source": order.source}, confidentiality="RES", leaves=False))
    await queries.take(work, taken)


def _record(order: ImportOrder, row: ComplaintImportRow) -> dict[str, Any]:
    kept = row.model_dump(
        mode="json", include={"state", "received_on", "channel", "source_role", "kind", "themes", "incident_from", "incident_to", "seriousness", "group_size"}
    )  # fmt: skip
    numbered = row.source_number is not None
    told = row.other_body.model_dump(mode="json") if row.other_body else {}
    if told and row.submission_number is not None:
        told["earlier_submissions"] = row.submission_number - 1
    return {
        **kept, **other_bodies.columns_of(told),
        "voices": [f"{order.source}:{row.source_number}" if numbered else f"{order.source}:{row.source_role}"],
        "anonymous": True, "person_refs": [], "against_person_ids": [], "has_reprisal_fear": False, "is_emblematic": False,
        "assignments": [], "assigned_ids": [], "actions": [], "was_classified": row.state not in _UNCLASSIFIED,
        "source": order.source, "source_row": row.row,
    }  # fmt: skip
