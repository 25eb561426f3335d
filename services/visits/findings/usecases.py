"""Recording what a team found. No HTTP, no SQL, no clock of its own."""

from uuid import UUID

from services.visits.findings import queries, rules
from services.visits.findings.rules import SourceKind
from services.visits.findings.schemas import FindingCreate, FindingUpdate
from services.visits.findings.tables import Finding
from services.visits.teams import usecases as teams
from services.visits.visits import queries as visits
from services.visits.visits.rules.status import VisitStatus
from shared.db import Work
from shared.errors import Conflict, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import next_number, stamps, touch

#: Findings are written from the first day in a place until the report is made.
OPEN = frozenset({VisitStatus.IN_PROGRESS, VisitStatus.OBSTRUCTED, VisitStatus.DEBRIEFING, VisitStatus.REPORTING})


async def record_finding(work: Work, visit_id: UUID, new: FindingCreate) -> UUID:
    """Record a finding about a place of the visit."""
    await _require_open(work, visit_id)
    if new.place_id not in {row["place_id"] for row in await visits.places_of(work, visit_id)}:
        invalid("/place_id", "not_a_place", "this is no place of the visit")
    written = new.model_dump(mode="json", exclude={"place_id", "recurrence_of"})
    finding = Finding(
        **written,
        **await stamps(work),
        code=await next_number(work, "finding", "F"),
        visit_id=visit_id,
        place_id=new.place_id,
        recurrence_of=new.recurrence_of,
    )
    _weigh(finding)
    work.session.add(finding)
    _recorded(work, "visits.finding.recorded", finding)
    return finding.id


async def update_finding(work: Work, visit_id: UUID, finding_id: UUID, if_match: str, changes: FindingUpdate) -> UUID:
    """Correct a finding."""
    await _require_open(work, visit_id)
    finding = await queries.lock(work, visit_id, finding_id)
    expect(if_match, await queries.in_full(work, visit_id, finding_id))
    for name, value in changes.model_dump(mode="json").items():
        setattr(finding, name, changes.recurrence_of if name == "recurrence_of" else value)
    _weigh(finding)
    await touch(work, finding)
    _recorded(work, "visits.finding.changed", finding)
    return finding.id


async def _require_open(work: Work, visit_id: UUID) -> None:
    visit = await visits.lock(work, visit_id)
    await teams.require_head_or_team(work, visit)
    if VisitStatus(visit.status) not in OPEN:
        raise Conflict(f"cannot write findings while {visit.status}")


def _weigh(finding: Finding) -> None:
    sources = [SourceKind(each) for each in finding.sources]
    finding.is_triangulated = rules.is_triangulated(sources)
    finding.warnings = [warning.value for warning in rules.finding_warnings(sources)]


def _recorded(work: Work, name: str, finding: Finding) -> None:
    values = {"visit_id": str(finding.visit_id), "place_id": str(finding.place_id), "theme": finding.theme}
    work.record(Event(name, finding.id, {**values, "severity": finding.severity}, leaves=False))
