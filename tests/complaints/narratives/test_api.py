"""Narratives through the gateway, and canaries: what people told us stands nowhere in the open."""

import base64
import binascii

import asyncpg
import pytest

from deploy.postgres.server import Server
from shared.settings import DATABASES
from tests.complaints import cast
from tests.complaints.cast import PURPOSE, SECRETS
from tests.people import People

pytestmark = pytest.mark.usefixtures("empty")
TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r'
"""


async def test_the_assigned_officer_reads_with_a_purpose_and_the_head_with_a_second_factor(people: People) -> None:
    await cast.known_place(people)
    await cast.agreed_profile(people)
    path = f"/npm/complaints/{(await cast.accepted(people))['id']}/narrative"
    officer, two = await people.as_("complaints-officer"), await people.as_("complaints-officer-two")
    head, strong = await people.as_("head"), await people.as_("head", step_up=True)

    shown = await officer.read(path, headers=PURPOSE)

    assert [(text["kind"], text["text"]) for text in shown["texts"]] == [("narrative", SECRETS["narrative"])]
    assert (await officer.get(path)).status_code == 400
    assert (await two.get(path, headers=PURPOSE)).status_code == 404
    assert (await head.get(path, headers=PURPOSE)).status_code == 401
    assert (await strong.get(path, headers=PURPOSE)).status_code == 200
    for persona in ("vault-keeper", "staff", "deputy-head", "data-protection-officer"):
        assert (await (await people.as_(persona, step_up=True)).get(path, headers=PURPOSE)).status_code == 403


async def test_an_amended_narrative_stands_beside_the_former_one(people: People) -> None:
    await cast.known_place(people)
    await cast.agreed_profile(people)
    partner = await people.as_("partner")
    path = "/partner/complaint-referrals/OMB-2026-004711"
    await cast.put(partner, path, cast.submission(), with_tag=False)
    changed = await cast.put(
        partner, path, cast.submission(narrative={"language": "en", "text": "It was the fourth cell."})
    )
    assert changed.status_code == 200, changed.text
    officer = await people.as_("complaints-officer")
    referral = await cast.referral_of(people, "OMB-2026-004711")

    accepted = await officer.done(f"/npm/complaint-referrals/{referral['id']}", "accept")

    shown = await officer.read(f"/npm/complaints/{accepted['complaint']['id']}/narrative", headers=PURPOSE)
    assert [text["text"] for text in shown["texts"]] == [SECRETS["narrative"], "It was the fourth cell."]


def spellings(secret: str) -> list[str]:
    """Give the ways in which a text may lie about."""
    raw = secret.encode()
    ways = [secret, raw.hex(), *(base64.b64encode(b"x" * pad + raw).decode()[4:-4] for pad in range(3))]
    return [*ways, binascii.hexlify(base64.b64encode(raw)).decode(), secret[::-1]]


async def test_no_canary_lies_in_any_database(people: People, cluster: Server) -> None:
    await cast.known_place(people)
    await cast.agreed_profile(people)
    complaint = await cast.accepted(people)
    officer, partner = await people.as_("complaints-officer", step_up=True), await people.as_("partner")
    path = f"/npm/complaints/{complaint['id']}"
    await officer.read(f"{path}/narrative", headers=PURPOSE)
    await officer.post(f"/npm/person-records/{complaint['person_refs'][0]}/reveal", headers=PURPOSE)
    await officer.act(path, "merge", reason=SECRETS["narrative"], into_id=complaint["id"])
    await partner.post("/partner/complaint-referrals", cast.submission("OMB-3", anonymous=True))
    stopped = await officer.done(
        path, "stop_at_request", reason=SECRETS["contact"], person_asked=True, is_pressure_ruled_out=True
    )
    assert stopped["state"] == "closed"

    found = []
    for service in DATABASES:
        connection = await asyncpg.connect(cluster.url(f"{service}_owner", service))
        for table in [row["relname"] for row in await connection.fetch(TABLES)]:
            lines = "\n".join(row["line"] for row in await connection.fetch(f'SELECT t::text AS line FROM "{table}" t'))
            found += [
                (service, table, name) for name, each in SECRETS.items() for way in spellings(each) if way in lines
            ]
        await connection.close()

    assert found == []


async def test_the_partners_role_cannot_read_back_what_it_sealed(people: People, cluster: Server) -> None:
    await (await people.as_("partner")).made("/partner/complaint-referrals", cast.submission())
    connection = await asyncpg.connect(cluster.url("complaints_app", "complaints"))
    try:
        for statement in (
            "SELECT sealed_text FROM case_text",
            "SELECT id FROM case_text",
            "SELECT sealed_name FROM person_record",
            "SELECT purposes FROM consent",
            "SELECT id FROM complaint",
            "SELECT submitted FROM complaint_referral",
        ):
            await connection.execute("BEGIN; SET LOCAL a22.roles = 'partner_system'; SET LOCAL ROLE complaints_partner")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(statement)
            await connection.execute("ROLLBACK")
    finally:
        await connection.close()
