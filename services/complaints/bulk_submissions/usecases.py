"""Taking many submissions of a partner: a batch is one transaction with its journal rows, and is kept as a whole or not at all.

A submission is known by the partner's own id, so a body that was cut off is simply sent again: none is lost, none doubled.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.complaints.bulk_submissions import queries
from services.complaints.bulk_submissions.schemas import BulkProblem, BulkReceipt
from services.complaints.complaint_referrals.rules import COMPLAINT_REFERRAL as MACHINE
from services.complaints.complaint_referrals.rules import ComplaintReferralAction as Action
from services.complaints.complaint_referrals.rules import ComplaintReferralState as State
from services.complaints.complaint_referrals.usecases import resolve_many, told
from services.complaints.narratives import usecases as narratives
from services.complaints.narratives.rules import CaseTextKind
from services.complaints.persons import usecases as persons
from services.complaints.persons.schemas import PersonSent
from services.complaints.submissions import queries as submissions
from services.complaints.submissions.schemas import NarrativeSent, ReferralSubmission, as_submitted
from services.complaints.submissions.usecases import changed_members, digests_of, refuse_inconsistent, row_of
from shared.db import Work
from shared.errors import AppError, FieldError
from shared.http import Batches
from shared.ids import fresh_ids
from shared.lines import LINES_PER_TURN, Lines, ahead
from shared.schemas import BadLine

MOST_PROBLEMS = 10_000
_DIFFERS = FieldError("/external_id", "external_id_exists", "sent before with other content; change it with PUT")


@dataclass(frozen=True)
class _Line:
    """A sound line; its referral and its case have ids from the first moment on, as all that is sealed hangs on them."""

    number: int
    members: dict[str, Any]
    persons: list[PersonSent]
    narrative: NarrativeSent | None
    digests: dict[str, str]
    referral_id: UUID
    case_id: UUID

    @property
    def external_id(self) -> str:
        """Give the partner's own id."""
        external_id: str = self.members["external_id"]
        return external_id

    def texts(self) -> list[tuple[UUID, CaseTextKind, str, str]]:
        """Give what is to be sealed under the key of the case."""
        told = self.narrative
        return [] if told is None else [(self.case_id, CaseTextKind.NARRATIVE, told.language, told.text)]


@dataclass(frozen=True)
class _Refused:
    """A line that cannot be taken, and why."""

    number: int
    external_id: str | None
    errors: Sequence[FieldError]


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
    # while the database keeps one batch, the next one is read and checked
    async with aclosing(ahead(_judged(batches, lines))) as coming:
        async for batch in coming:
            async with batches.work() as work:
                await _take(work, batch, tally)
    shown = BulkReceipt(
        lines=tally.lines, created=tally.created, unchanged=tally.unchanged, problems=tally.problems[:MOST_PROBLEMS]
    )
    return shown.model_dump_json().encode()


async def _take(work: Work, batch: list[_Line | _Refused], tally: _Tally) -> None:
    tally.lines += len(batch)
    good = [line for line in batch if isinstance(line, _Line)]
    for line in batch:
        if isinstance(line, _Refused):
            tally.problem(line.number, line.external_id, line.errors)
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


async def _judged(batches: Batches, lines: Lines[ReferralSubmission]) -> AsyncIterator[list[_Line | _Refused]]:
    """Judge each line of each batch by itself; others get their turn in between."""
    async for batch in lines.batches():
        judged: list[_Line | _Refused] = []
        ids = iter(fresh_ids(2 * len(batch)))
        for number, sent in batch:
            judged.append(_judge(batches, number, sent, next(ids), next(ids)))
            if len(judged) % LINES_PER_TURN == 0:
                await asyncio.sleep(0)
        yield judged


def _judge(
    batches: Batches, number: int, sent: ReferralSubmission | BadLine, referral_id: UUID, case_id: UUID
) -> _Line | _Refused:
    if isinstance(sent, BadLine):
        return _Refused(number, None, sent.errors)
    try:
        refuse_inconsistent(sent, is_first=True)
    except AppError as error:
        return _Refused(number, sent.external_id, error.errors)
    members = as_submitted(sent)
    digests = digests_of(batches, referral_id, members)
    return _Line(number, members, sent.persons, sent.narrative, digests, referral_id, case_id)


async def _kept(work: Work, lines: list[_Line]) -> set[str]:
    """Keep new ones with all that is sealed; gives the external ids that are in."""
    if not lines:
        return set()
    found = await resolve_many(work, [line.members for line in lines], await submissions.profile(work))
    vaulted = await persons.sealed_rows_of_many(work, [(line.case_id, line.persons) for line in lines])
    stamped = {"status_on": await work.today(), **await narratives.row_stamps(work)}
    rows = {
        line.external_id: {
            **row_of(
                work.caller.partner_id, line.members, each, line.digests,
                {"id": line.referral_id, "complaint_id": line.case_id, **stamped},
            ),
            "person_refs": [one["id"] for one in vaulted[line.case_id]],
            "voices": [one["voice"] for one in vaulted[line.case_id]],
        }
        for line, each in zip(lines, found, strict=True)
    }  # fmt: skip
    # while the database takes the rows, narratives are sealed and their keys reach the disk
    sealing = asyncio.create_task(
        narratives.sealed_rows_of_many(work, [text for line in lines for text in line.texts()])
    )
    try:
        kept = await queries.submit_all(work, list(rows.values()))
    finally:
        sealed = await sealing
    fresh = [line for line in lines if line.external_id in kept]
    cases = {line.case_id for line in fresh}
    await persons.hold(work, [row for line in fresh for row in vaulted[line.case_id]])
    await narratives.hold_many(work, [row for row in sealed if row["case_id"] in cases])
    _tell(work, fresh, rows)
    return kept


def _tell(work: Work, fresh: list[_Line], rows: Mapping[str, Mapping[str, Any]]) -> None:
    received = MACHINE.create[Action.SUBMIT].event
    held = MACHINE.step(State.RECEIVED, Action.HOLD).event
    for line in fresh:
        told(work, received, line.referral_id, work.caller.partner_id)
        if rows[line.external_id]["state"] == State.NEEDS_MAPPING:
            told(work, held, line.referral_id, work.caller.partner_id)
