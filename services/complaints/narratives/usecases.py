"""Sealing and opening what people told us. Nothing is opened without a purpose, and no opening without a journal row."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from services.complaints.narratives import queries
from services.complaints.narratives.rules import CaseTextKind
from services.complaints.narratives.schemas import CaseTextShown, ComplaintNarrative
from shared.db import Work
from shared.http import Batches
from shared.ids import fresh_ids
from shared.journal import Event
from shared.records import stamps
from shared.vault import DataKey, KeyStore

_TABLE, _COLUMN, _OWNER = "case_text", "sealed_text", "case"


def keys(work: Work | Batches) -> KeyStore:
    """Give the key store of the service."""
    store: KeyStore = work.state.extras["keys"]
    return store


async def row_stamps(work: Work) -> dict[str, Any]:
    """Give the common columns of a new restricted row, as JSON takes them."""
    return {**await stamps(work), "version": 1, "confidentiality": "RES", "origin": "native"}


async def seal(work: Work, case_id: UUID, texts: list[tuple[CaseTextKind, str, str]]) -> None:
    """Keep texts of a case (kind, language, text), sealed; the case gets its key with the first."""
    if not texts:
        return
    key, stamped = await keys(work).make(_OWNER, case_id), await row_stamps(work)
    await queries.add(
        work, [_sealed_row(uuid4(), key, case_id, kind, language, text) | stamped for kind, language, text in texts]
    )


async def sealed_rows_of_many(work: Work, texts: Sequence[tuple[UUID, CaseTextKind, str, str]]) -> list[dict[str, Any]]:
    """Seal the first text of many new cases (case, kind, language, text); gives the rows in their order.

    Each case gets its key, which is on the disk when this returns; one without a case is harmless.
    """
    made = await keys(work).make_many(_OWNER, [case_id for case_id, _, _, _ in texts])
    return [
        _sealed_row(row_id, made[case_id], case_id, kind, language, text)
        for row_id, (case_id, kind, language, text) in zip(fresh_ids(len(texts)), texts, strict=True)
    ]


async def hold_many(work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep sealed texts."""
    stamped = await row_stamps(work)
    await queries.add(work, [{**row, **stamped} for row in rows])


def _sealed_row(
    row_id: UUID, key: DataKey, case_id: UUID, kind: CaseTextKind, language: str, text: str
) -> dict[str, Any]:
    sealed = key.seal(text, table=_TABLE, column=_COLUMN, row=row_id)
    return {
        "id": row_id,
        "case_id": case_id,
        "kind": kind.value,
        "language": language,
        "sealed_text": sealed,
    }


async def open_case(work: Work, complaint_id: UUID) -> bytes:
    """Open the texts of one case for its officer, or for the head; leaves a journal row with the purpose first."""
    case = await queries.case(work, complaint_id)
    sealed = await queries.texts(work, complaint_id)
    opened: list[CaseTextShown] = []
    if sealed:
        key = await keys(work).key(_OWNER, complaint_id)
        for row in sealed:
            text = key.open(bytes(row["sealed_text"]), table=_TABLE, column=_COLUMN, row=row["id"])
            opened.append(CaseTextShown(**{**row, "text": text}))
    work.record(Event("complaints.narrative.read", complaint_id, confidentiality="RES", leaves=False))
    shown = ComplaintNarrative(id=case["id"], ref=case["ref"], purpose=work.stated_purpose, texts=opened)
    return shown.model_dump_json().encode()
