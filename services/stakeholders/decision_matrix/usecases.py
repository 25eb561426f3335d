"""What the head does with the decision matrix: lay down who else decides on what. No HTTP, no SQL."""

from uuid import UUID

from services.stakeholders.decision_matrix import queries, rules
from services.stakeholders.decision_matrix.schemas import DecisionMatrixReplacement
from services.stakeholders.decision_matrix.tables import DecisionMatrixEntry
from services.stakeholders.persons import queries as persons
from shared.db import Work
from shared.errors import invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch


async def put_decision_matrix(work: Work, if_match: str, order: DecisionMatrixReplacement) -> None:
    """Lay down who decides on what beside the head; secondees, staff and outsiders are never named (R-S86, R-S100)."""
    present = await queries.lock(work)
    expect(if_match, await queries.in_full(work))
    await _check(work, order)
    wanted = {entry.topic.value: entry for entry in order.entries}
    for topic, entry in present.items():
        if topic not in wanted:
            await work.session.delete(entry)
    for topic, sent in wanted.items():
        known = present.get(topic)
        if known is None:
            made = DecisionMatrixEntry(
                **await stamps(work), topic=topic, decider_id=sent.decider_id, deputy_id=sent.deputy_id
            )
            work.session.add(made)
        elif (known.decider_id, known.deputy_id) != (sent.decider_id, sent.deputy_id):
            known.decider_id, known.deputy_id = sent.decider_id, sent.deputy_id
            await touch(work, known)
    work.record(Event("stakeholders.decision_matrix.changed", "decision_matrix", {}))


async def _check(work: Work, order: DecisionMatrixReplacement) -> None:
    named: list[UUID] = [entry.decider_id for entry in order.entries]
    named += [entry.deputy_id for entry in order.entries if entry.deputy_id is not None]
    kinds = await persons.kinds(work, named)
    for number, entry in enumerate(order.entries):
        for field, person_id in (("decider_id", entry.decider_id), ("deputy_id", entry.deputy_id)):
            if person_id is not None and not rules.may_be_named([kinds.get(person_id, "")]):
                invalid(f"/entries/{number}/{field}", "may_not_decide", "only a member of the NPM can be named")
        if entry.topic in [each.topic for each in order.entries[:number]]:
            invalid(f"/entries/{number}/topic", "duplicate", "this topic stands twice")
