"""The list of ended access at its routes: who keeps it, what it takes, what it shows, and what it refuses."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.assembly import service_key
from deploy.postgres.server import Server
from gateway.development import AUTHORITY_A
from shared.identity import TOKEN_TYPE, stamped
from shared.settings import Settings
from tests.gateway.ended import PATH, Somebody, ended, keeper
from tests.people import Actor, People
from tests.waiting import eventually

INSIDE = "/service/gateway/revocations"
KEEPERS = ("head", "data-protection-officer", "sysadmin")
OTHERS = ("deputy-head", "member", "staff", "secondee", "complaints-officer", "vault-keeper")
HOUR_AGO = (datetime.now(UTC) - timedelta(hours=1)).isoformat()


def subject(**more: Any) -> dict[str, Any]:
    """Name somebody who does not exist."""
    return {"kind": "subject", "value": str(uuid4()), "issuer": "https://id.example", "reason": "stolen", **more}


def service(people: People, settings: Settings, *scopes: str) -> Actor:
    """Give a service with its own token."""
    claims = {
        "sub": "stakeholders", "client_id": "stakeholders", "audience_class": "service", "roles": ["system"],
        "institution_id": str(settings.institution_id), "scope": " ".join(scopes),
    }  # fmt: skip
    issuer = f"{settings.base_url}/services/stakeholders"
    made = stamped(claims, issuer=issuer, audience=settings.audience, seconds=60)
    return Actor(people.client, service_key(settings, "stakeholders").sign(made, typ=TOKEN_TYPE))


@pytest.mark.parametrize("name", KEEPERS)
async def test_its_keepers_end_access_with_a_strong_login(people: People, empty: None, name: str) -> None:
    weak, strong = await people.as_(name), await people.as_(name, step_up=True)
    told = subject(issued_before=HOUR_AGO)

    assert (await weak.post(PATH, told)).status_code == 401
    made = await strong.made(PATH, told)

    shown = {key: made[key] for key in ("kind", "value", "issuer", "effect", "reason", "status", "allowed_actions")}
    assert shown == {
        "kind": "subject", "value": told["value"], "issuer": told["issuer"], "effect": "issued_before",
        "reason": "stolen", "status": "in_force", "allowed_actions": ["lift"],
    }  # fmt: skip
    assert datetime.fromisoformat(made["issued_before"]) == datetime.fromisoformat(HOUR_AGO)
    assert await weak.read(f"{PATH}/{made['id']}") == made


@pytest.mark.parametrize("name", OTHERS)
async def test_nobody_else_of_the_npm_sees_or_writes_it(people: People, name: str) -> None:
    actor = await people.as_(name, step_up=True)

    for answer in (await actor.get(PATH), await actor.post(PATH, subject()), await actor.get(f"{PATH}/{uuid4()}")):
        assert answer.status_code == 403


async def test_without_an_instant_now_is_meant_by_the_clock_of_tokens(people: People, empty: None) -> None:
    sysadmin = await keeper(people)
    before = datetime.now(UTC) - timedelta(seconds=2)
    await (await people.as_("head")).post("/npm/development/clock", {"advance": "P90D"})
    made = await sysadmin.made(PATH, subject())

    assert before < datetime.fromisoformat(made["issued_before"]) < datetime.now(UTC) + timedelta(seconds=2)


@pytest.mark.parametrize(
    ("told", "pointer", "code"),
    [
        ({"issuer": None}, "/issuer", "issuer_needed"),
        ({"kind": "organisation", "value": AUTHORITY_A}, "/issuer", "issuer_unused"),
        ({"kind": "organisation", "value": "authority-a", "issuer": None}, "/value", "not_an_id"),
        ({"kind": "organisation", "value": AUTHORITY_A.upper(), "issuer": None}, "/value", "not_an_id"),
        ({"effect": "blocked", "issued_before": HOUR_AGO}, "/issued_before", "instant_unused"),
        ({"issued_before": "2999-01-01T00:00:00Z"}, "/issued_before", "instant_ahead"),
        ({"issued_before": "2020-01-01T00:00:00"}, "/issued_before", "timezone_aware"),
        ({"value": "two words"}, "/value", "string_pattern_mismatch"),
        ({"value": ""}, "/value", "string_too_short"),
        ({"value": "x" * 256}, "/value", "string_too_long"),
        ({"reason": "he hit a guard"}, "/reason", "enum"),
        ({"kind": "everybody"}, "/kind", "enum"),
        ({"note": "he hit a guard"}, "/note", "extra_forbidden"),
    ],
)
async def test_a_bad_entry_is_refused_with_its_member(
    people: People, told: dict[str, Any], pointer: str, code: str
) -> None:
    sent = {name: value for name, value in {**subject(), **told}.items() if value is not None}

    answer = await (await keeper(people)).post(PATH, sent)

    assert answer.status_code == 422, answer.text
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, code)]


async def test_a_block_is_made_once_and_an_instant_as_often_as_wanted(people: People, empty: None) -> None:
    sysadmin, told = await keeper(people), subject(effect="blocked")
    key = {"Idempotency-Key": uuid4().hex}

    first = await sysadmin.made(PATH, told, headers=key)
    again = await sysadmin.post(PATH, told, headers=key)
    same = await sysadmin.post(PATH, told)
    other = await sysadmin.post(PATH, {**told, "issuer": "https://other.example"})
    later = [await sysadmin.post(PATH, {**told, "effect": "issued_before"}) for _ in range(2)]

    assert first["issued_before"] is None
    assert (again.status_code, again.json()["id"], again.headers["Idempotency-Replayed"]) == (201, first["id"], "true")
    assert (same.status_code, same.json()["code"]) == (409, "already_blocked")
    assert [other.status_code, *(each.status_code for each in later)] == [201, 201, 201]


async def test_nobody_blocks_the_institution_or_the_door_behind_oneself(
    people: People, empty: None, settings: Settings
) -> None:
    sysadmin = await keeper(people)

    for told in (
        {"kind": "organisation", "value": str(settings.institution_id)},
        {"kind": "client", "value": "development"},
    ):
        answer = await sysadmin.post(PATH, {**told, "effect": "blocked", "reason": "precaution"})
        assert (answer.status_code, answer.json()["code"]) == (409, "shuts_out_everybody")
    assert (await sysadmin.read(PATH))["items"] == []


async def test_lifting_is_once_with_the_present_version_and_never_of_oneself(
    people: People, empty: None, settings: Settings
) -> None:
    sysadmin = await keeper(people)
    entry = await sysadmin.made(PATH, subject(effect="blocked"))
    path = f"{PATH}/{entry['id']}"
    own = Somebody(people, settings, "sysadmin")
    mine = await sysadmin.made(PATH, subject(value=own.claims["sub"], issuer=own.issuer, issued_before=HOUR_AGO))

    stale = await sysadmin.post(
        f"{path}/transitions", {"action": "lift", "reason": "mistake"}, headers={"If-Match": '"old"'}
    )
    weak = await (await people.as_("sysadmin")).act(path, "lift", reason="mistake")
    lifted = await sysadmin.done(path, "lift", reason="mistake")
    again = await sysadmin.act(path, "lift", reason="mistake")
    oneself = await own.actor(step_up=True).act(f"{PATH}/{mine['id']}", "lift", reason="mistake")

    assert (stale.status_code, weak.status_code) == (412, 401)
    assert (lifted["status"], lifted["lift_reason"], lifted["allowed_actions"]) == ("lifted", "mistake", [])
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")
    assert oneself.status_code == 403
    # what was lifted may be blocked again
    assert (await sysadmin.post(PATH, subject(value=entry["value"], effect="blocked"))).status_code == 201


async def test_the_list_is_paged_and_narrowed(people: People, empty: None) -> None:
    sysadmin = await keeper(people)
    made = [await sysadmin.made(PATH, subject(issued_before=HOUR_AGO)) for _ in range(3)]
    client = await sysadmin.made(
        PATH, {"kind": "client", "value": "lost", "effect": "blocked", "reason": "key_exposed"}
    )
    await sysadmin.done(f"{PATH}/{made[0]['id']}", "lift", reason="replaced")

    first = await sysadmin.read(f"{PATH}?limit=3&count=exact")
    rest = await sysadmin.read(f"{PATH}?limit=3&cursor={first['next_cursor']}")

    def ids(page: dict[str, Any]) -> list[str]:
        return [each["id"] for each in page["items"]]

    assert first["count"] == 4
    assert ids(first) + ids(rest) == [client["id"], *(each["id"] for each in made[::-1])]
    assert ids(await sysadmin.read(f"{PATH}?kind=client&kind=token")) == [client["id"]]
    assert ids(await sysadmin.read(f"{PATH}?status=lifted")) == [made[0]["id"]]
    assert ids(await sysadmin.read(f"{PATH}?value={made[1]['value']}")) == [made[1]["id"]]
    assert ids(await sysadmin.read(f"{PATH}?reason=key_exposed")) == [client["id"]]


async def test_every_change_stands_in_the_journal_and_names_nobody(
    people: People, empty: None, cluster: Server
) -> None:
    entry = await ended(people, "subject", "somebody-in-particular", issuer="https://id.example", effect="blocked")
    await (await keeper(people)).done(f"{PATH}/{entry['id']}", "lift", reason="mistake")
    owner = await asyncpg.connect(cluster.url("gateway_owner", "gateway"))
    asked = "SELECT action, actor, leaves, payload::text AS payload FROM journal WHERE subject_id = $1 ORDER BY seq"

    async def both() -> list[asyncpg.Record]:
        rows = list(await owner.fetch(asked, entry["id"]))
        return rows if len(rows) == 2 else []

    try:
        rows = await eventually(both)
    finally:
        await owner.close()
    assert [(row["action"], row["actor"], row["leaves"]) for row in rows] == [
        ("gateway.access_revocation.made", entry["created_by"], False),
        ("gateway.access_revocation.lifted", entry["created_by"], False),
    ]
    assert json.loads(rows[0]["payload"]) == {"kind": "subject", "effect": "blocked", "reason": "precaution"}
    assert not any("in-particular" in row["payload"] or "id.example" in row["payload"] for row in rows)


async def test_a_service_ends_access_when_a_mandate_ends_and_repeats_itself_harmlessly(
    people: People, empty: None, settings: Settings
) -> None:
    stakeholders = service(people, settings, "gateway:access.end", "gateway:revocations.read")
    told = subject(effect="blocked", reason="mandate_ended")

    made = [await stakeholders.post(INSIDE, told) for _ in range(2)]
    listed = await (await keeper(people)).read(PATH)
    changes = await stakeholders.read(INSIDE)

    assert [each.status_code for each in made] == [201, 201]
    assert [(each["id"], each["created_by"]) for each in listed["items"]] == [(made[0].json()["id"], "stakeholders")]
    assert made[0].json() == made[1].json()
    assert [each["value"] for each in changes["items"]] == [told["value"]]
    assert (changes["is_whole"], changes["is_end"]) == (True, True)
    unchanged = await stakeholders.read(INSIDE, params={"after": changes["after"], "after_id": changes["after_id"]})
    assert (unchanged["items"], unchanged["is_whole"], unchanged["after"]) == ([], False, changes["after"])


@pytest.mark.requirement("R-G22")
async def test_what_a_service_may_do_with_the_list_is_one_scope_each(people: People, settings: Settings) -> None:
    reader, ender = (
        service(people, settings, "gateway:revocations.read"),
        service(people, settings, "gateway:access.end"),
    )
    person = await keeper(people)

    assert (await reader.post(INSIDE, subject())).status_code == 403
    assert (await ender.get(INSIDE)).status_code == 403
    for actor in (reader, ender):
        assert (await actor.get(PATH)).status_code == 403
        assert (await actor.post(PATH, subject())).status_code == 403
    assert (await person.get(INSIDE)).status_code == 403
    assert (await person.post(INSIDE, subject())).status_code == 403
