"""What people do with accreditations: ask an authority to know somebody, record its answer, give one up. No HTTP, no SQL."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.stakeholders import acting
from services.stakeholders.accreditations import queries, rules
from services.stakeholders.accreditations.rules import (
    ACCREDITATION,
    AccreditationAction,
    AccreditationGap,
    AccreditationStatus,
)
from services.stakeholders.accreditations.schemas import (
    AccreditationCreate,
    AccreditationImportRow,
    AccreditationTransition,
)
from services.stakeholders.accreditations.tables import Accreditation
from services.stakeholders.authorities import queries as authorities
from services.stakeholders.imports import usecases as imports
from services.stakeholders.persons import queries as persons
from shared.db import Work
from shared.errors import Conflict, FieldError, invalid
from shared.http import expect
from shared.imports.envelope import Imported, ImportOrder
from shared.journal import Event
from shared.records import stamps, touch
from shared.schemas import BadLine

Rows = Sequence[AccreditationImportRow | BadLine]


def _record(work: Work, event: str, accreditation: Accreditation) -> None:
    told: dict[str, Any] = {
        "person_id": str(accreditation.person_id),
        "authority_id": str(accreditation.authority_id),
        "from": accreditation.from_on.isoformat(),
        "to": accreditation.to_on.isoformat(),
        "state": accreditation.status,
    }
    work.record(Event(event, accreditation.id, told, confidentiality="AUT"))


async def request_accreditation(work: Work, new: AccreditationCreate) -> UUID:
    """Ask an authority to know a person; it is told person and dates only (OPCAT Art. 20(e))."""
    acting.require_creation(work, ACCREDITATION, AccreditationAction.REQUEST)
    if not await persons.kinds(work, [new.person_id]):
        invalid("/person_id", "unknown", "nobody of the NPM has this id")
    if not await authorities.known(work, [new.authority_id]):
        invalid("/authority_id", "unknown", "no institution of the directory has this id")
    _check_order(new.from_on, new.to_on)
    step = ACCREDITATION.create[AccreditationAction.REQUEST]
    accreditation = Accreditation(**new.model_dump(), **await stamps(work), status=step.to.value)
    accreditation.confidentiality = "AUT"
    work.session.add(accreditation)
    _record(work, step.event, accreditation)
    return accreditation.id


async def transition_accreditation(
    work: Work, accreditation_id: UUID, if_match: str, order: AccreditationTransition
) -> UUID:
    """Record what the authority answered on paper, or give an accreditation up."""
    acting.require(work, ACCREDITATION, order.action)
    accreditation = await queries.lock(work, accreditation_id)
    expect(if_match, await queries.in_full(work, accreditation_id))
    step = ACCREDITATION.step(AccreditationStatus(accreditation.status), order.action)
    for name in ("from_on", "to_on", "reference", "document_reference", "reason"):
        sent = getattr(order, name)
        if sent is not None:
            setattr(accreditation, name, sent)
    _refuse(_gaps(accreditation, order))
    accreditation.status = step.to.value
    await touch(work, accreditation)
    _record(work, step.event, accreditation)
    return accreditation.id


def _gaps(accreditation: Accreditation, order: AccreditationTransition) -> tuple[AccreditationGap, ...]:
    if order.action in (AccreditationAction.GRANT, AccreditationAction.RENEW):
        return rules.granting_gaps(
            accreditation.from_on,
            accreditation.to_on,
            came_on_paper=True,
            is_document_filed=bool(order.document_reference),
        )
    if order.action in (AccreditationAction.REFUSE, AccreditationAction.REVOKE):
        return rules.refusal_gaps(order.reason or "")
    return ()


def _refuse(gaps: tuple[AccreditationGap, ...]) -> None:
    if gaps:
        raise Conflict(
            "; ".join(gap.label for gap in gaps), errors=[FieldError("", gap.value, gap.label) for gap in gaps]
        )


def _check_order(from_on: date, to_on: date) -> None:
    if to_on < from_on:
        invalid("/to_on", AccreditationGap.DATES.value, "it ends before it begins")


async def import_accreditations(work: Work, order: ImportOrder, rows: Rows) -> Imported:
    """Take accreditations that were before this system; one that is known is left as it has become since."""
    batch: imports.Batch[AccreditationImportRow, Accreditation]
    batch = await imports.sort_out(work, Accreditation, order, rows)
    known_people = await persons.kinds(work, [row.person_id for row in batch.rows.values()])
    known_authorities = await authorities.known(work, [row.authority_id for row in batch.rows.values()])
    for row in list(batch.rows.values()):
        if row.person_id not in known_people:
            batch.outcome.refuse(row, "/person_id", "unknown", "nobody of the NPM has this id")
        elif row.authority_id not in known_authorities:
            batch.outcome.refuse(row, "/authority_id", "unknown", "no institution of the directory has this id")
        elif row.to_on < row.from_on:
            batch.outcome.refuse(row, "/to_on", AccreditationGap.DATES.value, "it ends before it begins")
        else:
            continue
        del batch.rows[row.row]
    if batch.is_refused():
        return batch.outcome
    for row in batch.rows.values():
        if row.row in batch.known:
            batch.outcome.unchanged += 1
            continue
        values = row.model_dump(exclude={"row", "line", "id", "doubt", "note", "status"})
        kept = await imports.keep(work, batch, row, {**values, "status": row.status.value, "confidentiality": "AUT"})
        if kept is not None:
            _record(work, _event_into(row.status), kept)
    return batch.outcome


def _event_into(status: AccreditationStatus) -> str:
    steps = [*ACCREDITATION.create.values(), *ACCREDITATION.transitions.values()]
    return next(step.event for step in steps if step.to is status)
