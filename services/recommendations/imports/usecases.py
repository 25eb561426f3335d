"""Taking recommendations of an older register as imported history: no guard, no task, no due event, and each says so.

A row known by source and id is compared, never doubled. What the source does not say stays empty.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

from services.recommendations.addressees.tables import Addressee
from services.recommendations.addressees.usecases import calendar_of
from services.recommendations.assessments.tables import ImplementationAssessment
from services.recommendations.imports import queries
from services.recommendations.imports.rules import contradictions
from services.recommendations.imports.schemas import (
    ImportedAddressee,
    RecommendationImportRow,
)
from services.recommendations.matches.usecases import meet
from services.recommendations.recommendations import queries as recommendations
from services.recommendations.recommendations.rules import RecommendationState
from services.recommendations.recommendations.tables import Recommendation
from services.recommendations.reported.rules import DoubtfulDay, doubtful_days
from services.recommendations.responses import rules
from services.recommendations.responses.tables import AuthorityResponse
from services.recommendations.responses.usecases import submitted
from shared.db import Work
from shared.imports.envelope import DOUBTFUL, Imported, ImportOrder, set_aside_taken_ids, sort_out
from shared.journal import Event
from shared.records import imported_from, stamps, touch
from shared.schemas import BadLine

_OWN = (
    "rationale", "expected_result", "arose_from", "theme", "more_themes", "priority", "horizon", "root_cause_level", "kind",
    "closed_reason", "text", "written_addressees",
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
_EVENTS = {
    RecommendationState.CLOSED: "recommendations.recommendation.closed",
    RecommendationState.WITHDRAWN: "recommendations.recommendation.withdrawn",
    RecommendationState.TRANSMITTED: "recommendations.recommendation.transmitted",
    RecommendationState.IN_FOLLOW_UP: "recommendations.recommendation.transmitted",
}
Row = RecommendationImportRow


async def import_recommendations(work: Work, order: ImportOrder, rows: list[Row | BadLine]) -> Imported:
    """Take the rows: good ones are kept, bad ones reported, unless all or nothing is asked for.

    A row whose days cannot be right is taken as it stands; the doubt is reported and kept with the record.
    """
    read, outcome = sort_out(rows)
    good = {key: row for key, row in read.items() if _is_sound(row, outcome)}
    known = await queries.known(work, order.source, list(good))
    await set_aside_taken_ids(good, known, outcome, partial(queries.taken, work))
    if outcome.is_stopped(order):
        return outcome
    digests = {key: _digest(row) for key, row in good.items()}
    new = [row for key, row in good.items() if key not in known]
    other = [row for key, row in good.items() if key in known and known[key] != digests[key]]
    outcome.created, outcome.changed = len(new), len(other)
    outcome.unchanged = len(good) - len(new) - len(other)
    await _take(work, order, new, digests)
    await _correct(work, order, other, digests)
    names, fresh = _first_rows(good.values()), set(_first_rows([*new, *other]))
    outcome.questions = await meet(work, order.source, names, fresh)
    if not order.all_or_nothing:
        today = await work.today()
        for row in good.values():
            for doubt in _doubts(row, today):
                outcome.refuse(row, "/transmitted_on", DOUBTFUL, doubt.label)
    return outcome


def _is_sound(row: Row, outcome: Imported) -> bool:
    found = contradictions(
        state=row.state,
        transmitted_on=row.transmitted_on,
        published_on=row.published_on,
        asked=[(each.authority_id, each.department_id) for each in row.addressees],
        written=len(row.written_addressees),
        is_outcome_reported=row.reported_outcome is not None,
    )
    problems = list(found)
    for each in problems:
        outcome.refuse(row, each.pointer, each.code, each.sentence)
    return not problems


def _digest(row: Row) -> str:
    return hashlib.sha256(row.model_dump_json(exclude={"line"}).encode()).hexdigest()


def _first_rows(rows: Iterable[Row]) -> dict[str, str]:
    first: dict[str, str] = {}
    for row in rows:
        for name in row.written_addressees:
            first.setdefault(name, row.row)
    return first


def _doubts(row: Row, today: date) -> tuple[DoubtfulDay, ...]:
    as_of = row.reported_outcome.as_of if row.reported_outcome else None
    return doubtful_days(sent_on=row.transmitted_on, recorded_on=row.recorded_on, as_of=as_of, today=today)


async def _take(work: Work, order: ImportOrder, rows: list[Row], digests: Mapping[str, str]) -> None:
    """Make the records of new rows, table after table, each in one go."""
    common, today = await stamps(work), await work.today()
    made = [(row, _made(work, order, row, digests[row.row], common, today)) for row in rows]
    work.session.add_all([recommendation for _, recommendation in made])
    await work.flush()
    asked = [
        (each, _addressee(work, recommendation, each, common))
        for row, recommendation in made
        for each in row.addressees
    ]
    work.session.add_all([addressee for _, addressee in asked])
    await work.flush()
    for each, addressee in asked:
        _take_answer(work, addressee, each, common)
    for row, recommendation in made:
        _take_findings(work, recommendation, row, common)
    told = await recommendations.told_of(work, [recommendation.id for _, recommendation in made])
    for row, recommendation in made:
        name = _EVENTS.get(row.state, "recommendations.recommendation.imported")
        work.record(Event(name, recommendation.id, told[recommendation.id]))


def _made(
    work: Work, order: ImportOrder, row: Row, digest: str, common: Mapping[str, Any], today: date
) -> Recommendation:
    note = {**_note(row, digest, today)}
    note["imported"] = imported_from(order.source, row.row, today, work.caller.person, order.mapping)
    latest = max(row.findings, key=lambda finding: finding.on, default=None)
    recommendation = Recommendation(
        **common,
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
    return recommendation


def _note(row: Row, digest: str, today: date) -> dict[str, Any]:
    doubts = [doubt.label for doubt in _doubts(row, today)]
    recorded = {"recorded_on": row.recorded_on.isoformat()} if row.recorded_on else {}
    return {**row.note, **recorded, **({"doubts": doubts} if doubts else {}), "digest": digest}


def _entry(row: Row) -> dict[str, Any]:
    written = {name: value for name, value in row.model_dump(mode="json").items() if name in _OWN}
    counted = row.reported_outcome
    dates = {
        **{name: getattr(row, name) for name in _DATES},
        "reported_replies": counted.replies_count if counted else None,
        "reported_as_of": counted.as_of if counted else None,
        "answer_days": counted.answer_days if counted else None,
    }
    if row.scope is None:
        return {**written, **dates}
    scope = {"place_ids": row.scope.place_ids, "place_types": row.scope.place_types, "regions": row.scope.regions}
    return {**written, **dates, **scope, "scope_kind": row.scope.kind.value}


def _last_day(row: Row, today: date) -> date:
    days = [row.transmitted_on, row.published_on, row.closed_on, *(finding.on for finding in row.findings)]
    days += [each.answer.submitted_on for each in row.addressees if each.answer]
    return min(today, max((day for day in days if day), default=today))


async def _correct(work: Work, order: ImportOrder, rows: list[Row], digests: Mapping[str, str]) -> None:
    """Correct the entries themselves; answers and findings came in once and may have been worked on since."""
    if not rows:
        return
    today = await work.today()
    known = await queries.imported(work, order.source, [row.row for row in rows])
    for row in rows:
        recommendation = known[row.row]
        for name, value in _entry(row).items():
            setattr(recommendation, name, value)
        came = {"imported": (recommendation.source_note or {}).get("imported")}
        recommendation.source_note = {**_note(row, digests[row.row], today), **came}
        await touch(work, recommendation)
    told = await recommendations.told_of(work, [recommendation.id for recommendation in known.values()])
    for recommendation in known.values():
        work.record(Event("recommendations.recommendation.changed", recommendation.id, told[recommendation.id]))


def _addressee(
    work: Work, recommendation: Recommendation, row: ImportedAddressee, common: Mapping[str, Any]
) -> Addressee:
    requested_on = row.requested_on or recommendation.transmitted_on
    addressee = Addressee(
        **common,
        recommendation_id=recommendation.id,
        stakeholder_id=row.authority_id,
        **row.model_dump(mode="json", include={"stakeholder_kind", "category", "role", "state", "reported_outcome"}),
        department_id=row.department_id,
        working_days=rules.RESPONSE_WORKING_DAYS,
        requested_on=requested_on,
        due_on=row.due_on,
        deadline=_deadline(work, requested_on, row.due_on),
        answered_on=row.answer.submitted_on if row.answer else None,
    )
    addressee.origin = "imported"
    return addressee


def _deadline(work: Work, requested_on: date | None, due_on: date | None) -> dict[str, Any] | None:
    """Explain an imported date honestly: the source set it, we did not count it."""
    if requested_on is None or due_on is None or due_on <= requested_on:
        return None
    plain = calendar_of(work).due_after_calendar_days(requested_on, days=(due_on - requested_on).days).as_json()
    sentence = f"due on {due_on}, as the imported source says; {plain['counted']} calendar days after {requested_on}"
    return {**plain, "calendar": "source", "library": "imported", "sentence": sentence}


def _take_answer(work: Work, addressee: Addressee, row: ImportedAddressee, common: Mapping[str, Any]) -> None:
    if row.answer is None:
        return
    on = row.answer.submitted_on
    version = AuthorityResponse(
        **row.answer.model_dump(mode="json", exclude={"planned_on", "submitted_on"}),
        **common,
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


def _take_findings(work: Work, recommendation: Recommendation, row: Row, common: Mapping[str, Any]) -> None:
    ordered = sorted(row.findings, key=lambda finding: finding.on)
    for number, finding in enumerate(ordered, start=1):
        assessment = ImplementationAssessment(
            **common,
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
