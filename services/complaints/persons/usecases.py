"""Putting persons into the vault, and the one call that shows who somebody is. Never shows one without a trace."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from services.complaints.narratives.usecases import keys, row_stamps
from services.complaints.persons import queries
from services.complaints.persons.rules import PERSON_RECORD, PersonRecordAction
from services.complaints.persons.schemas import PersonSent, RevealedPerson
from services.complaints.persons.tables import SEALED
from shared.db import Work
from shared.errors import TooManyRequests
from shared.journal import Event
from shared.texts import folded

_TABLE, _OWNER = "person_record", "person"


def voice_of(work: Work, person: PersonSent) -> str:
    """Give what tells one person from another without telling who: a keyed digest."""
    known_by = sorted(f"{each.kind}={each.value}" for each in person.identifiers)
    return keys(work).recognise("|".join(known_by) or f"{folded(person.name)}|{person.birth_year}")


async def sealed_rows(
    work: Work, case_id: UUID, persons: list[PersonSent], *, shut_out: list[UUID]
) -> list[dict[str, Any]]:
    """Seal persons of a case, each under a key of their own; gives the rows for the vault."""
    return (await sealed_rows_of_many(work, [(case_id, persons)], shut_out=shut_out))[case_id]


async def sealed_rows_of_many(
    work: Work, cases: Sequence[tuple[UUID, Sequence[PersonSent]]], *, shut_out: Sequence[UUID] = ()
) -> dict[UUID, list[dict[str, Any]]]:
    """Seal the persons of many cases, each under a key of their own; gives the rows for the vault by case."""
    named = [(uuid4(), case_id, person) for case_id, persons in cases for person in persons]
    made = await keys(work).make_many(_OWNER, [record_id for record_id, _, _ in named])
    stamped = {"state": PERSON_RECORD.initial.value, "shut_out": list(shut_out), **await row_stamps(work)}
    rows: dict[UUID, list[dict[str, Any]]] = {case_id: [] for case_id, _ in cases}
    for record_id, case_id, person in named:
        told, key = person.model_dump(mode="json"), made[record_id]
        sealed = {
            f"sealed_{name}": f"\\x{key.seal(json.dumps(told[name]), table=_TABLE, column=name, row=record_id).hex()}"
            for name in SEALED
            if told[name] not in (None, [])
        }
        who = {"id": record_id, "case_id": case_id, "role": person.role.value, "voice": voice_of(work, person)}
        rows[case_id].append({**who, **sealed, **stamped})
    return rows


async def hold(work: Work, rows: list[dict[str, Any]]) -> None:
    """Put sealed persons into the vault."""
    opened = PERSON_RECORD.create[PersonRecordAction.HOLD].event
    for row in rows:
        work.record(Event(opened, row["id"], {}, confidentiality="RES", leaves=False))
    await queries.add(work, rows)


async def reveal(work: Work, record_id: UUID) -> bytes:
    """Show who somebody is to the assigned officer, the vault keeper or the head.

    The attempt is counted and in the journal, in a transaction of its own, before anything is looked up: absent and
    hidden identities leave the same trace and give the same answer.
    """
    await _note(work, record_id)
    row = await queries.sealed(work, record_id)
    key = await keys(work).key(_OWNER, record_id)
    opened: dict[str, Any] = {
        name: json.loads(key.open(bytes(row[f"sealed_{name}"]), table=_TABLE, column=name, row=record_id))
        for name in SEALED
        if row[f"sealed_{name}"] is not None
    }
    work.record(
        Event(
            "complaints.person_record.revealed",
            record_id,
            {"case_id": row["case_id"]},
            confidentiality="RES",
            leaves=False,
        )
    )
    empty: dict[str, Any] = {"name": "", "birth_year": None, "identifiers": [], "contact": None, "safe_contact": None}
    shown = RevealedPerson(id=row["id"], role=row["role"], purpose=work.stated_purpose, **{**empty, **opened})
    return shown.model_dump_json().encode()


async def _note(work: Work, record_id: UUID) -> None:
    person = work.caller.person
    at_most = work.state.settings.limits.reveals_per_hour
    async with work.state.database.work(work.caller, work.operation) as noting:
        times, _first = await queries.reveals(noting, person)
        if times >= at_most:
            raise TooManyRequests(
                f"at most {at_most} identities an hour", code="too_many_reveals", headers={"Retry-After": "3600"}
            )
        noting.purpose = work.purpose
        await queries.note_reveal(noting, person, work.stated_purpose.value)
        hashed = hashlib.sha256(str(record_id).encode()).hexdigest()
        noting.record(Event("complaints.reveal.requested", hashed, confidentiality="RES", leaves=False))
