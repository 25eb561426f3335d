"""The vault through the gateway: who may see who somebody is, how often, and what it leaves behind."""

from typing import Any

import asyncpg
import pytest

from deploy.postgres.server import Server
from shared.settings import Settings
from tests.complaints import cast
from tests.complaints.cast import NOWHERE, PURPOSE, SECRETS
from tests.people import People
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("empty")


async def case(people: People) -> dict[str, Any]:
    """Make a case with one person."""
    await cast.known_place(people)
    await cast.agreed_profile(people)
    return await cast.accepted(people)


def record_of(complaint: dict[str, Any]) -> str:
    """Give the path of the reveal call."""
    return f"/npm/person-records/{complaint['person_refs'][0]}/reveal"


async def owned(cluster: Server, statement: str) -> list[Any]:
    """Run a statement as the owner of the database."""
    connection = await asyncpg.connect(cluster.url("complaints_owner", "complaints"))
    try:
        found: list[Any] = await connection.fetch(statement)
        return found
    finally:
        await connection.close()


@pytest.mark.parametrize("persona", ["complaints-officer", "vault-keeper", "head"])
async def test_an_entitled_person_sees_who_somebody_is(people: People, persona: str) -> None:
    path = record_of(await case(people))
    actor = await people.as_(persona, step_up=True)

    answer = await actor.post(path, headers=PURPOSE)

    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert (answer.json()["name"], answer.json()["safe_contact"]) == (SECRETS["name"], "lawyer_only")


async def test_nobody_else_does_and_hidden_is_like_absent(people: People) -> None:
    path = record_of(await case(people))
    two = await people.as_("complaints-officer-two", step_up=True)
    nowhere = f"/npm/person-records/{NOWHERE}/reveal"

    hidden, absent = await two.post(path, headers=PURPOSE), await two.post(nowhere, headers=PURPOSE)

    assert hidden.status_code == absent.status_code == 404
    assert {**hidden.json(), "instance": ""} == {**absent.json(), "instance": ""}
    for persona in ("staff", "member", "deputy-head", "data-protection-officer", "sysadmin", "partner", "expert"):
        actor = await people.as_(persona, step_up=True)
        assert (await actor.post(path, headers=PURPOSE)).status_code == 403


async def test_it_needs_a_second_factor_and_a_purpose_of_the_list(people: People) -> None:
    path = record_of(await case(people))
    weak, strong = await people.as_("complaints-officer"), await people.as_("complaints-officer", step_up=True)

    assert (await weak.post(path, headers=PURPOSE)).status_code == 401
    assert (await strong.post(path)).status_code == 400
    assert (await strong.post(path, headers={"X-Access-Purpose": "curiosity"})).json()["code"] == "purpose_unknown"


async def test_ten_an_hour_and_the_absent_ones_count(people: People) -> None:
    path = record_of(await case(people))
    officer = await people.as_("complaints-officer", step_up=True)
    nowhere = f"/npm/person-records/{NOWHERE}/reveal"

    first = [(await officer.post(path, headers=PURPOSE)).status_code for _ in range(5)]
    absent = [(await officer.post(nowhere, headers=PURPOSE)).status_code for _ in range(5)]
    over = [await officer.post(each, headers=PURPOSE) for each in (path, nowhere)]

    assert first + absent == [200] * 5 + [404] * 5
    assert [(each.status_code, each.json()["code"]) for each in over] == [(429, "too_many_reveals")] * 2
    assert all(each.headers["Retry-After"] for each in over)


async def test_a_reveal_is_in_the_journal_with_its_purpose(people: People, cluster: Server) -> None:
    complaint = await case(people)
    officer = await people.as_("complaints-officer", step_up=True)

    await officer.post(record_of(complaint), headers=PURPOSE)

    async def rows() -> list[Any]:
        return await owned(
            cluster,
            "SELECT action, payload ->> 'purpose' AS purpose FROM journal WHERE leaves = false AND action IN "
            f"('complaints.reveal.requested', 'complaints.person_record.revealed') AND (subject_id = '{complaint['person_refs'][0]}' "
            "OR action = 'complaints.reveal.requested') ORDER BY seq DESC LIMIT 2",
        )

    async def both() -> list[Any]:
        found = await rows()
        return found if {row["action"] for row in found} == {
            "complaints.reveal.requested", "complaints.person_record.revealed",
        } else []  # fmt: skip

    assert {row["purpose"] for row in await eventually(both)} == {"case_handling"}


async def test_no_identity_leaves_when_the_journal_cannot_be_written(people: People, cluster: Server) -> None:
    path = record_of(await case(people))
    officer = await people.as_("complaints-officer", step_up=True)
    await owned(cluster, "REVOKE INSERT ON journal_queue FROM complaints_npm")
    await owned(
        cluster,
        "REVOKE INSERT (id, action, subject_id, confidentiality, leaves, payload, occurred_on) ON journal_queue FROM complaints_npm",
    )

    try:
        answer = await officer.post(path, headers=PURPOSE)
    finally:
        await owned(
            cluster,
            "GRANT INSERT (id, action, subject_id, confidentiality, leaves, payload, occurred_on) ON journal_queue TO complaints_npm",
        )

    assert answer.status_code >= 500
    assert SECRETS["name"] not in answer.text


async def test_a_value_moved_to_another_row_does_not_open(people: People, cluster: Server) -> None:
    complaint = await case(people)
    other = await cast.accepted(people, external_id="OMB-2", persons=[{**cast.PERSON, "name": "Somebody Else"}])
    officer = await people.as_("complaints-officer", step_up=True)
    await owned(
        cluster,
        f"UPDATE person_record SET sealed_name = (SELECT sealed_name FROM person_record WHERE id = '{other['person_refs'][0]}') "
        f"WHERE id = '{complaint['person_refs'][0]}'",
    )

    answer = await officer.post(record_of(complaint), headers=PURPOSE)

    assert answer.status_code == 500
    assert "Somebody" not in answer.text


async def test_without_the_key_store_nothing_is_shown_and_nothing_taken(people: People, settings: Settings) -> None:
    path = record_of(await case(people))
    officer, partner = await people.as_("complaints-officer", step_up=True), await people.as_("partner")
    keys = settings.secrets / "complaints" / "keys"
    keys.rename(keys.with_name("away"))

    try:
        shown = await officer.post(path, headers=PURPOSE)
        taken = await partner.post("/partner/complaint-referrals", cast.submission("OMB-77"))
    finally:
        keys.with_name("away").rename(keys)

    assert (shown.status_code, taken.status_code) == (503, 503)
    assert (await partner.get("/partner/complaint-referrals/OMB-77")).status_code == 404
