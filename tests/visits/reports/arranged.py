"""What the tests of reports stand on: a visit with its team and a finding, and a report brought as far as a test needs.

The visit is put into the tables as their owner: how visits come about is shown by the tests of visits.
"""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg

from deploy.postgres.server import Server
from tests.people import People

PRISON_SERVICE = "f9d212a8-7680-4faf-8923-9f324d2f29b3"
POLICE = "40d80bea-6054-4184-8c2d-53cbed320d47"
EXPERT = "7bf4b43d-3c15-4834-899c-51a69f732f60"
STAFF = "e7a9502e-445d-45a0-ad56-07ad11b97980"
HEAD = "bbb77181-7301-4890-8fce-d2aa94075a60"
BASIS = {
    "is_under_jurisdiction_and_control": True,
    "may_not_leave_at_will": True,
    "authority_involvement": "order",
    "national_law": "",
}
CELLS = {"heading": "Cells", "text": "Three men share a cell for one.", "author_id": STAFF}
ANNEX = {"heading": "Annex", "text": "Where the talks were held."}
HELD = {"name": "Persons held", "value": "412", "unit": "persons", "as_of": "2026-05-04", "supplied_by": "authority"}
STAMPED = "created_at, created_by, updated_at, updated_by, version, confidentiality, origin"
STAMPS = "now(), 'test', now(), 'test', 1, 'INT', 'native'"
PUBLICATION = {
    "is_redaction_checked": True,
    "is_consent_complete": True,
    "are_translations_ready_or_waived": True,
    "is_harm_checked": True,
}


@dataclass(frozen=True)
class Ground:
    """Ids of what is there before a report is drafted."""

    place_id: str
    visit_id: str
    finding_id: str


async def a_visit(cluster: Server, people: People) -> Ground:
    """Make a closed visit of staff and the expert to one place, with one finding; both authorities are known."""
    staff = await people.as_("staff")
    place = await staff.made(
        "/npm/places",
        {
            "name": "North Prison",
            "place_type": "prison",
            "mandate_basis": BASIS,
            "region": "North",
            "operator_id": PRISON_SERVICE,
        },
    )
    await staff.done(f"/npm/places/{place['id']}", "confirm")
    ground = Ground(place["id"], str(uuid4()), str(uuid4()))
    connection = await asyncpg.connect(cluster.url("visits_owner", "visits"))
    try:
        for authority, name in ((PRISON_SERVICE, "Prison Service"), (POLICE, "Police Directorate")):
            await connection.execute(
                f"INSERT INTO known_authority (id, name, category, {STAMPED}) VALUES ($1, $2, 'x', {STAMPS})",
                authority,
                name,
            )
        await _put_visit(connection, ground)
    finally:
        await connection.close()
    return ground


async def _put_visit(connection: asyncpg.Connection, ground: Ground) -> None:
    await connection.execute(
        "INSERT INTO visit (id, code, type, purposes, announcement, status, days, team, interview_plan, sessions, meetings, "
        f"justification, note_to_file, last_reason, begun_on, {STAMPED}) VALUES ($1, 'V-1', 'in_depth', '{{}}', 'announced', "
        f"'closed', '{{}}', ARRAY[$2], '[]', '[]', '[]', '', '', '', '2026-05-04', {STAMPS})",
        ground.visit_id,
        STAFF,
    )
    await connection.execute(
        f"INSERT INTO visit_place (id, visit_id, place_id, days, access, has_begun, {STAMPED}) "
        f"VALUES (gen_random_uuid(), $1, $2, '{{}}', 'full', true, {STAMPS})",
        ground.visit_id,
        ground.place_id,
    )
    for person, role, state in ((STAFF, "drafter", None), (EXPERT, "team_member", "debriefed")):
        await connection.execute(
            f"INSERT INTO visit_role (id, visit_id, person_id, role, tasks, assignment_status, {STAMPED}) "
            f"VALUES (gen_random_uuid(), $1, $2, $3, '{{}}', $4, {STAMPS})",
            ground.visit_id,
            person,
            role,
            state,
        )
    await connection.execute(
        f"INSERT INTO known_accreditation (id, person_id, authority_id, status, from_on, to_on, {STAMPED}) "
        f"VALUES (gen_random_uuid(), $1, $2, 'granted', '2020-01-01', '2199-01-01', {STAMPS})",
        EXPERT,
        PRISON_SERVICE,
    )
    await connection.execute(
        "INSERT INTO finding (id, code, visit_id, place_id, theme, text, root_cause_level, severity, sources, is_triangulated, "
        f"warnings, standard_refs, {STAMPED}) VALUES ($1, 'F-1', $2, $3, 'overcrowding', 'Too many for the space.', 'resources', 3, "
        f"ARRAY['observation', 'interview_staff'], true, '{{}}', '{{}}', {STAMPS})",
        ground.finding_id,
        ground.visit_id,
        ground.place_id,
    )


async def drafted(people: People, ground: Ground, **changes: Any) -> dict[str, Any]:
    """Draft a whole report on the visit, as staff."""
    staff = await people.as_("staff")
    written = {
        "kind": "visit",
        "title": "Visit to North Prison",
        "visit_ids": [ground.visit_id],
        "sections": [CELLS],
        "annex": [ANNEX],
        "fact_items": [HELD],
        "finding_ids": [ground.finding_id],
        **changes,
    }
    return await staff.made("/npm/reports", written)


async def submitted(people: People, ground: Ground, **changes: Any) -> dict[str, Any]:
    """Submit it; the expert is invited thereby."""
    report = await drafted(people, ground, **changes)
    return await (await people.as_("staff")).done(f"/npm/reports/{report['id']}", "submit")


async def commented(people: People, ground: Ground, **changes: Any) -> dict[str, Any]:
    """Let the expert comment on it."""
    report = await submitted(people, ground, **changes)
    expert = await people.as_("expert")
    await expert.made(f"/expert/reports/{report['id']}/comments", {"text": "The cells were colder than it says."})
    return report


async def shared(people: People, ground: Ground, *authorities: str, **changes: Any) -> dict[str, Any]:
    """Clear it and send the draft to authorities, the Prison Service if nobody else is named."""
    report = await commented(people, ground, **changes)
    head, path = await people.as_("head"), f"/npm/reports/{report['id']}"
    await head.done(path, "clear")
    recipients = [{"authority_id": each, "is_channel_safe": True} for each in authorities or (PRISON_SERVICE,)]
    return await head.done(path, "share_draft", recipients=recipients, is_marked_confidential=True)


async def transmitted(people: People, ground: Ground, **changes: Any) -> dict[str, Any]:
    """Approve it without a draft to authorities and send the final report to the Prison Service."""
    report = await commented(people, ground, **changes)
    head, path = await people.as_("head"), f"/npm/reports/{report['id']}"
    await head.done(path, "approve")
    return await head.done(path, "transmit", recipients=[{"authority_id": PRISON_SERVICE}])


async def received(people: People, persona: str = "authority-official") -> dict[str, Any]:
    """Give the one report that the persona's authority was sent."""
    official = await people.as_(persona)
    found = (await official.read("/authority/reports"))["items"]
    assert len(found) == 1
    return await official.read(f"/authority/reports/{found[0]['id']}")
