"""What an expert does with the own engagement, and how engagements come in as imported history. No HTTP, no SQL."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.stakeholders import acting, parts
from services.stakeholders.expert_contracts.schemas import ExpertContractSignature, ExpertContractTransition
from services.stakeholders.experts import queries as experts
from services.stakeholders.experts import rules
from services.stakeholders.experts.rules import EXPERT_ENGAGEMENT, ExpertAction, ExpertStatus
from services.stakeholders.experts.schemas import ExpertEngagementImportRow
from services.stakeholders.experts.tables import ExpertEngagement
from services.stakeholders.experts.usecases import record_step
from services.stakeholders.imports import usecases as imports
from services.stakeholders.persons import queries as persons
from services.stakeholders.standing import usecases as standing
from shared.db import Work
from shared.errors import Conflict, FieldError, NotFound, invalid
from shared.http import expect
from shared.imports.envelope import Imported, ImportOrder
from shared.schemas import BadLine

Rows = Sequence[ExpertEngagementImportRow | BadLine]


async def own_contract(work: Work) -> bytes:
    """Render the calling expert's own engagement with today's standing."""
    return await experts.own_contract(work, await standing.standing_of(work, UUID(work.caller.expert_id)))


async def _own(work: Work) -> tuple[UUID, ExpertStatus, list[dict[str, Any]]]:
    found = await experts.states(work, UUID(work.caller.expert_id))
    if not found:
        raise NotFound
    return found[0]["id"], ExpertStatus(found[0]["status"]), parts.read(found[0]["versions"])


async def sign_contract(work: Work, signature: ExpertContractSignature) -> UUID:
    """Sign the latest version of one's own contract."""
    engagement_id, _status, versions = await _own(work)
    if signature.contract_version != len(versions):
        invalid("/contract_version", "not_the_latest", "only the latest version can be signed")
    await experts.sign_contract(work, engagement_id, signature.contract_version)
    await record_step(
        work, "stakeholders.expert_engagement.contract_signed", engagement_id, UUID(work.caller.expert_id)
    )
    return engagement_id


async def transition_contract(work: Work, if_match: str, order: ExpertContractTransition) -> UUID:
    """Sign the duty of secrecy, or end one's own engagement."""
    acting.require(work, EXPERT_ENGAGEMENT, order.action)
    engagement_id, status, versions = await _own(work)
    expect(if_match, await own_contract(work))
    step = EXPERT_ENGAGEMENT.step(status, order.action)
    if order.action is ExpertAction.END:
        is_past = bool(versions) and await work.today() > date.fromisoformat(versions[-1]["to_on"])
        if not rules.may_end(by_role="concerned", reason=order.reason or "", is_past_contract=is_past):
            invalid("/reason", "missing", "say why")
        await experts.end_own(work, engagement_id, step.to.value, order.reason)
    else:
        gaps = rules.confidentiality_gaps(names_article_21_2=bool(versions) and versions[-1]["names_article_21_2"])
        if gaps:
            raise Conflict(gaps[0].label, errors=[FieldError("", gap.value, gap.label) for gap in gaps])
        await experts.sign_confidentiality(work, engagement_id, step.to.value)
    await record_step(work, step.event, engagement_id, UUID(work.caller.expert_id))
    return engagement_id


async def import_expert_engagements(work: Work, order: ImportOrder, rows: Rows) -> Imported:
    """Take engagements that were before this system; one that is known is left as it has become since."""
    batch: imports.Batch[ExpertEngagementImportRow, ExpertEngagement]
    batch = await imports.sort_out(work, ExpertEngagement, order, rows)
    kinds = await persons.kinds(work, [row.expert_id for row in batch.rows.values()])
    for row in list(batch.rows.values()):
        if kinds.get(row.expert_id) != "expert":
            batch.outcome.refuse(row, "/expert_id", "unknown", "no expert has this id")
            del batch.rows[row.row]
    if batch.is_refused():
        return batch.outcome
    for row in batch.rows.values():
        if row.row in batch.known:
            batch.outcome.unchanged += 1
            continue
        kept = await imports.keep(work, batch, row, _values(row))
        if kept is not None:
            await record_step(work, _event_into(row.status), kept.id, kept.person_id)
    return batch.outcome


def _values(row: ExpertEngagementImportRow) -> dict[str, Any]:
    terms = row.contract.model_dump(mode="json") if row.contract else None
    signed_on = terms["signed_by_expert_on"] or terms["from_on"] if terms else None
    contracts = (
        [{**terms, "version": 1, "signed_by_expert_on": signed_on, "signed_by_npm_on": signed_on}] if terms else []
    )
    return {
        "person_id": row.expert_id,
        "modality": row.modality.value,
        "status": row.status.value,
        "contracts": contracts,
        "confidentiality_signed_on": row.confidentiality_signed_on,
    }


def _event_into(status: ExpertStatus) -> str:
    """Give the event of the steps that lead into a state: history is told like what happens here."""
    steps = [*EXPERT_ENGAGEMENT.create.values(), *EXPERT_ENGAGEMENT.transitions.values()]
    return next(step.event for step in steps if step.to is status)
