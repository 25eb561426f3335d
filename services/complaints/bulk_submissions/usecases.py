"""Taking many submissions of a partner: a batch is one transaction with its journal rows, and is kept as a whole or not at all.

A submission is known by the partner's own id, so a body that was cut off is simply sent again: none is lost, none doubled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from services.complaints.bulk_submissions import queries
from services.complaints.bulk_submissions.schemas import BulkProblem, BulkReceipt
from services.complaints.complaint_referrals.rules import COMPLAINT_REFERRAL as MACHINE
from services.complaints.complaint_referrals.rules import ComplaintReferralAction as Action
from services.complaints.complaint_referrals.rules import ComplaintReferralState as State
from services.complaints.complaint_referrals.usecases import resolve_many, told
from services.complaints.narratives import usecases as narratives
from services.complaints.narratives.rules import CaseTextKind
from services.complaints.persons import usecases as persons
from services.complaints.submissions import queries as submissions
from services.complaints.submissions.schemas import ReferralSubmission, as_submitted
from services.complaints.submissions.usecases import changed_members, digests_of, refuse_inconsistent, row_of
from shared.db import Work
from shared.errors import AppError, FieldError
from shared.http import Batches
from shared.lines import Lines
from shared.schemas import BadLine

MOST_PROBLEMS = 10_000
_DIFFERS = FieldError("/external_id", "external_id_exists", "sent before with other content; change it with PUT")


@dataclass(frozen=True)
class _Line:
    """A sound line; its referral and its case have ids from the first moment on, as all that is sealed hangs on them."""

    number: int
    sent: ReferralSubmission
    members: dict[str, Any]
    referral_id: UUID = field(default_factory=uuid4)
    case_id: UUID = field(default_factory=uuid4)

    @property
    def external_id(self) -> str:
        """Give the partner's own id."""
        return self.sent.external_id


@dataclass
class _Tally:
    lines: int = 0
    created: int = 0
    unchanged: int = 0
    problems: list[BulkProblem] = field(default_factory=list)

    def problem(self, number: int, external_id: str | None, errors: Iterable[FieldError]) -> None:
        """Note what is wrong with a line, as far as a report can be read."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems += [
                BulkProblem(
                    line=number, external_id=external_id, field=each.pointer, code=each.code, detail=each.detail
                )
                for each in errors
            ]

    def judge(self, line: _Line, *, is_same: bool) -> None:
        """Count a line whose id is taken: the same content changes nothing, other content needs a PUT."""
        if is_same:
            self.unchanged += 1
        else:
            self.problem(line.number, line.external_id, [_DIFFERS])


async def submit_many(batches: Batches, lines: Lines[ReferralSubmission]) -> bytes:
    """Take many: the good lines are kept, the others reported; what was sent before changes nothing."""
    tally = _Tally()
    async for batch in lines.batches():
        async with batches.work() as work:
            await _take(work, batch, tally)
    shown = BulkReceipt(
        lines=tally.lines, created=tally.created, unchanged=tally.unchanged, problems=tally.problems[:MOST_PROBLEMS]
    )
    return shown.model_dump_json().encode()


async def _take(work: Work, batch: list[tuple[int, ReferralSubmission | BadLine]], tally: _Tally) -> None:
    tally.lines += len(batch)
    good = _sorted_out(batch, tally)
    known = await queries.known(work, [line.external_id for line in good])
    new: dict[str, _Line] = {}
    for line in good:
        if line.external_id in known:
            tally.judge(line, is_same=not changed_members(work, known[line.external_id], line.members))
        elif line.external_id in new:
            tally.judge(line, is_same=new[line.external_id].members == line.members)
        else:
            new[line.external_id] = line
    kept = await _kept(work, list(new.values()))
    tally.created += len(kept)
    # another request of this partner may have been faster
    late = [line for line in new.values() if line.external_id not in kept]
    known = await queries.known(work, [line.external_id for line in late])
    for line in late:
        tally.judge(line, is_same=not changed_members(work, known[line.external_id], line.members))


def _sorted_out(batch: list[tuple[int, ReferralSubmission | BadLine]], tally: _Tally) -> list[_Line]:
    good = []
    for number, sent in batch:
        if isinstance(sent, BadLine):
            tally.problem(number, None, sent.errors)
            continue
        try:
            refuse_inconsistent(sent, is_first=True)
        except AppError as error:
            tally.problem(number, sent.external_id, error.errors)
        else:
            good.append(_Line(number, sent, as_submitted(sent)))
    return good


async def _kept(work: Work, lines: list[_Line]) -> set[str]:
    """Keep new ones with all that is sealed; gives the external ids that are in."""
    if not lines:
        return set()
    found = await resolve_many(work, [line.members for line in lines], await submissions.profile(work))
    vaulted = await persons.sealed_rows_of_many(work, [(line.case_id, line.sent.persons) for line in lines])
    stamped = {"status_on": await work.today(), **await narratives.row_stamps(work)}
    rows = {
        line.external_id: {
            **row_of(
                work.caller.partner_id, line.members, each, digests_of(work, line.referral_id, line.members),
                {"id": line.referral_id, "complaint_id": line.case_id, **stamped},
            ),
            "person_refs": [one["id"] for one in vaulted[line.case_id]],
            "voices": [one["voice"] for one in vaulted[line.case_id]],
        }
        for line, each in zip(lines, found, strict=True)
    }  # fmt: skip
    kept = await queries.submit_all(work, list(rows.values()))
    fresh = [line for line in lines if line.external_id in kept]
    await persons.hold(work, [row for line in fresh for row in vaulted[line.case_id]])
    await narratives.seal_many(
        work,
        [
            (line.case_id, CaseTextKind.NARRATIVE, line.sent.narrative.language, line.sent.narrative.text)
            for line in fresh
            if line.sent.narrative is not None
        ],
    )
    _tell(work, fresh, rows)
    return kept


def _tell(work: Work, fresh: list[_Line], rows: Mapping[str, Mapping[str, Any]]) -> None:
    received = MACHINE.create[Action.SUBMIT].event
    held = MACHINE.step(State.RECEIVED, Action.HOLD).event
    for line in fresh:
        told(work, received, line.referral_id, work.caller.partner_id)
        if rows[line.external_id]["state"] == State.NEEDS_MAPPING:
            told(work, held, line.referral_id, work.caller.partner_id)
