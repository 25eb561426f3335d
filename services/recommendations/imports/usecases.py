"""Taking recommendations of an older register as imported history: no guard, no task, no due event, and each says so.

A row known by source and id is compared, never doubled. What the source does not say stays empty.
"""

import hashlib
from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

from services.recommendations.addressees.tables import Addressee
from services.recommendations.addressees.usecases import calendar_of
from services.recommendations.assessments.tables import ImplementationAssessment
from services.recommendations.imports import queries
from services.recommendations.imports.schemas import (
    ImportedAddressee,
    RecommendationImportRow,
)
from services.recommendations.recommendations import queries as recommendations
from services.recommendations.recommendations.rules import RecommendationState
from services.recommendations.recommendations.tables import Recommendation
from services.recommendations.responses import rules
from services.recommendations.responses.tables import AuthorityResponse
from services.recommendations.responses.usecases import submitted
from shared.db import Work
from shared.imports.envelope import Imported, ImportOrder, set_aside_taken_ids, sort_out
from shared.journal import Event
from shared.records import imported_from, stamps, touch
from shared.schemas import BadLine

_OWN = (
    "rationale", "expected_result", "arose_from", "theme", "more_themes", "priority", "horizon", "root_cause_level", "kind",
    "closed_reason", "text",
)  # fmt: skip
_DATES = (
    "visit_id",
    "report_id",
    "transmitted_on",
    "published_on",
    "next_follow_up_on",
    "implementation_due",
    "closed_on",
)
_SENT = (RecommendationState.TRANSMITTED, RecommendationState.IN_FOLLOW_UP, RecommendationState.CLOSED)
_EVENTS = {
    RecommendationState.CLOSED: "recommendations.recommendation.closed",
    RecommendationState.WITHDRAWN: "recommendations.recommendation.withdrawn",
    RecommendationState.TRANSMITTED: "recommendations.recommendation.transmitted",
    RecommendationState.IN_FOLLOW_UP: "recommendations.recommendation.transmitted",
}
Row = RecommendationImportRow


async def import_recommendations(work: Work, order: ImportOrder, rows: list[Row | BadLine]) -> Imported:
    """Take the rows: good ones are kept, bad ones reported, unless all or nothing is asked for."""
    read, outcome = sort_out(rows)
    good = {key: row for key, row in read.items() if _is_sound(row, outcome)}
    known = await queries.imported(work, order.source, list(good))
    await set_aside_taken_ids(good, known, outcome, partial(queries.taken, work))
    if outcome.is_stopped(order):
        return outcome
    for row in good.values():
        await _take(work, order, row, known.get(row.row), outcome)
    return outcome


def _is_sound(row: Row, outcome: Imported) -> bool:
    """Refuse what contradicts itself; gaps are no contradiction."""
    before = len(outcome.problems)
    if row.state in _SENT and row.transmitted_on is None:
        outcome.refuse(row, "/transmitted_on", "missing", "what was sent was sent on a day")
    if row.published_on and row.state not in _SENT:
        outcome.refuse(row, "/published_on", "not_sent", "what was not sent is not published")
    asked = [(each.authority_id, each.department_id) for each in row.addressees]
    if len(set(asked)) != len(asked):
        outcome.refuse(row, "/addressees", "duplicate", "an addressee stands twice")
    return len(outcome.problems) == before


async def _take(work: Work, order: ImportOrder, row: Row, known: Recommendation | None, outcome: Imported) -> None:
    digest = hashlib.sha256(row.model_dump_json(exclude={"line"}).encode()).hexdigest()
    if known is not None:
        if (known.source_note or {}).get("digest") == digest:
            outcome.unchanged += 1
        else:
            # Answers and findings came in once and may have been worked on since; only the entry itself is corrected.
            await _correct(work, known, row, digest)
            outcome.changed += 1
        return
    today = await work.today()
    note = {**row.note, "digest": digest}
    note["imported"] = imported_from(order.source, row.row, today, work.caller.subject, order.mapping)
    latest = max(row.findings, key=lambda finding: finding.on, default=None)
    recommendation = Recommendation(
        **await stamps(work),
        **_entry(row),
        code=f"{order.source}-{row.row}",
        state=row.state.value,
        implementation_status=latest.status.value if latest else None,
        last_event_on=_last_day(row, today),
        source=order.source,
        source_row=row.row,
        source_note=note,
        addressed_ids=sorted({each.authority_id for each in row.addressees}),
    )
    recommendation.id, recommendation.origin = row.id or uuid4(), "imported"
    work.session.add(recommendation)
    await work.flush()
    for each in row.addressees:
        await _take_addressee(work, recommendation, each)
    await _take_findings(work, recommendation, row)
    name = _EVENTS.get(row.state, "recommendations.recommendation.imported")
    work.record(Event(name, recommendation.id, await recommendations.told(work, recommendation.id)))
    outcome.created += 1


def _entry(row: Row) -> dict[str, Any]:
    written = {name: value for name, value in row.model_dump(mode="json").items() if name in _OWN}
    dates = {name: getattr(row, name) for name in _DATES}
    if row.scope is None:
        return {**written, **dates}
    scope = {"place_ids": row.scope.place_ids, "place_types": row.scope.place_types, "regions": row.scope.regions}
    return {**written, **dates, **scope, "scope_kind": row.scope.kind.value}


def _last_day(row: Row, today: date) -> date:
    days = [row.transmitted_on, row.published_on, row.closed_on, *(finding.on for finding in row.findings)]
    days += [each.answer.submitted_on for each in row.addressees if each.answer]
    return min(today, max((day for day in days if day), default=today))


async def _correct(work: Work, known: Recommendation, row: Row, digest: str) -> None:
    for name, value in _entry(row).items():
        setattr(known, name, value)
    known.source_note = {**(known.source_note or {}), **row.note, "digest": digest}
    await touch(work, known)
    told = await recommendations.told(work, known.id)
    work.record(Event("recommendations.recommendation.changed", known.id, told))


async def _take_addressee(work: Work, recommendation: Recommendation, row: ImportedAddressee) -> None:
    requested_on = row.requested_on or recommendation.transmitted_on
    answered_on = row.answer.submitted_on if row.answer else None
    addressee = Addressee(
        **await stamps(work),
        recommendation_id=recommendation.id,
        stakeholder_id=row.authority_id,
        **row.model_dump(mode="json", include={"stakeholder_kind", "category", "role", "state", "reported_outcome"}),
        department_id=row.department_id,
        working_days=rules.RESPONSE_WORKING_DAYS,
        requested_on=requested_on,
        due_on=row.due_on,
        deadline=_deadline(work, requested_on, row.due_on),
        answered_on=answered_on,
    )
    addressee.origin = "imported"
    work.session.add(addressee)
    await work.flush()
    if row.answer is not None:
        await _take_answer(work, addressee, row)


def _deadline(work: Work, requested_on: date | None, due_on: date | None) -> dict[str, Any] | None:
    """Explain an imported date honestly: the source set it, we did not count it."""
    if requested_on is None or due_on is None or due_on <= requested_on:
        return None
    plain = calendar_of(work).due_after_calendar_days(requested_on, days=(due_on - requested_on).days).as_json()
    sentence = f"due on {due_on}, as the imported source says; {plain['counted']} calendar days after {requested_on}"
    return {**plain, "calendar": "source", "library": "imported", "sentence": sentence}


async def _take_answer(work: Work, addressee: Addressee, row: ImportedAddressee) -> None:
    if row.answer is None:
        return
    on = row.answer.submitted_on
    version = AuthorityResponse(
        **row.answer.model_dump(mode="json", exclude={"planned_on", "submitted_on"}),
        **await stamps(work),
        planned_on=row.answer.planned_on,
        submitted_on=on,
        was_late=addressee.due_on is not None and rules.was_late(on, addressee.due_on),
        addressee_id=addressee.id,
        recommendation_id=addressee.recommendation_id,
        authority_id=addressee.stakeholder_id,
        number=1,
        state="submitted",
        channel="import",
    )
    version.origin = "imported"
    work.session.add(version)
    claimed = row.answer.claimed_status.value if row.answer.claimed_status else None
    told = submitted(addressee.recommendation_id, addressee.id, addressee.stakeholder_id, claimed, on, "imported")
    work.record(Event("recommendations.response.submitted", addressee.id, {**told, "due_on": addressee.due_on}, "AUT"))


async def _take_findings(work: Work, recommendation: Recommendation, row: Row) -> None:
    ordered = sorted(row.findings, key=lambda finding: finding.on)
    for number, finding in enumerate(ordered, start=1):
        assessment = ImplementationAssessment(
            **await stamps(work),
            recommendation_id=recommendation.id,
            trigger="person",
            state="approved" if number == len(ordered) else "superseded",
            opened_on=finding.on,
            assessed_on=finding.on,
            approved_on=finding.on,
            status=finding.status.value,
            has_other_evidence=finding.has_other_evidence,
            note=finding.note,
        )
        assessment.origin = "imported"
        work.session.add(assessment)
