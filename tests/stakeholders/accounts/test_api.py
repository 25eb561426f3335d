"""Accounts through the gateway: invited, bound, ended; and what the inside is told of them."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from gateway.development import AUTHORITY_A, AUTHORITY_B, PARTNER_ONE, PERSONAS
from shared.inbox import Door
from tests.people import Actor, People
from tests.stakeholders.accounts.made import ISSUER, SYSADMIN, behind, invitation, person
from tests.stakeholders.made import EXPERT, with_experts, with_institutions
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("empty")

KEYS = {
    "id", "issuer", "subject", "audience_class", "roles", "person_id", "expert_id", "authority_id", "department_id", "partner_id",
    "status", "from_on", "to_on", "proposed_roles", "proposed_by", "decided_by", "decided_on", "ended_on", "end_reason",
    "allowed_actions",
}  # fmt: skip


async def test_a_role_that_needs_nobody_counts_at_once(sysadmin: Actor, employee: str) -> None:
    made = await sysadmin.made("/npm/accounts", invitation("staff", person_id=employee))

    assert set(made) == KEYS
    assert (made["status"], made["roles"], made["proposed_roles"]) == ("active", ["staff"], None)
    assert made["allowed_actions"] == ["propose_roles", "end"]
    listed = await sysadmin.read(f"/npm/accounts?status=active&person_id={employee}")
    assert [each["id"] for each in listed["items"]] == [made["id"]]


async def test_an_account_that_cannot_be_is_refused_where_it_is_wrong(
    people: People, sysadmin: Actor, employee: str
) -> None:
    await with_institutions(people)
    nobody, of_a = str(uuid4()), {"audience_class": "authority", "authority_id": AUTHORITY_A}
    wrong = [
        (invitation("staff"), "/person_id", "missing"),
        (invitation("staff", person_id=nobody), "/roles", "not_of_the_npm"),
        (invitation("member", person_id=employee), "/roles", "not_a_member"),
        (invitation("secondee", person_id=employee), "/roles", "seconded"),
        (invitation("staff", "sysadmin", person_id=employee), "/roles", "combines_with_nothing"),
        (invitation("staff", "expert", person_id=employee), "/roles", "another_class"),
        (invitation("staff", person_id=employee, authority_id=AUTHORITY_A), "/authority_id", "another_class"),
        (invitation("expert", audience_class="expert", expert_id=employee), "/roles", "no_expert"),
        (invitation("expert", audience_class="expert"), "/expert_id", "missing"),
        (invitation("authority_official", **{**of_a, "authority_id": nobody}), "/authority_id", "unknown"),
        (invitation("authority_official", **of_a, person_id=employee), "/roles", "of_the_npm"),
        (invitation("authority_official", **of_a, department_id=AUTHORITY_B), "/department_id", "unknown"),
        (invitation("cso_partner", audience_class="partner", partner_id=AUTHORITY_A), "/partner_id", "unknown"),
        (invitation("staff", person_id=employee, from_on="2026-11-02", to_on="2026-11-01"), "/to_on", "ends_before_it_begins"),
    ]  # fmt: skip

    answers = [await sysadmin.post("/npm/accounts", sent) for sent, *_ in wrong]

    assert [(each.status_code, each.json()["errors"][0]["pointer"], each.json()["errors"][0]["code"]) for each in answers] == [
        (422, pointer, code) for _, pointer, code in wrong
    ]  # fmt: skip


async def test_other_classes_are_bound_by_what_the_directory_knows(people: People, sysadmin: Actor, door: Door) -> None:
    await with_experts(people)
    bound = {
        "expert": ("expert", {"expert_id": EXPERT}),
        "authority": ("authority_official", {"authority_id": AUTHORITY_A}),
        "partner": ("cso_partner", {"partner_id": PARTNER_ONE}),
    }

    for audience_class, (role, binding) in bound.items():
        made = await sysadmin.made("/npm/accounts", invitation(role, audience_class=audience_class, **binding))
        told = await behind(door, made)
        assert (told["is_in_force"], told["roles"], told["audience_class"]) == (True, [role], audience_class)
        assert {name: told[name] for name in binding} == binding


@pytest.mark.requirement("R-G09")
async def test_a_seconded_official_is_given_no_other_role(people: People, sysadmin: Actor) -> None:
    origin = await (await people.as_("staff")).made(
        "/npm/authorities", {"name": "Ministry", "category": "line_ministry"}
    )
    seconded = await person(people, "secondee", secondment={"origin_id": origin["id"]})

    refused = [
        (await sysadmin.post("/npm/accounts", invitation(role, person_id=seconded))).status_code
        for role in ("head", "member", "staff", "complaints_officer", "vault_keeper")
    ]

    assert set(refused) == {422}
    assert (await sysadmin.made("/npm/accounts", invitation("secondee", person_id=seconded)))["status"] == "active"


async def test_nobody_acts_on_an_account_of_their_own(people: People, sysadmin: Actor) -> None:
    answer = await sysadmin.post("/npm/accounts", invitation("staff", person_id=SYSADMIN))

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "own_account")


async def test_two_accounts_of_a_person_follow_the_rules_of_one(sysadmin: Actor, employee: str) -> None:
    await sysadmin.made("/npm/accounts", invitation("staff", person_id=employee))

    alone = await sysadmin.post("/npm/accounts", invitation("data_protection_officer", person_id=employee))
    together = await sysadmin.post("/npm/accounts", invitation("complaints_officer", person_id=employee))

    assert (alone.status_code, alone.json()["errors"][0]["code"]) == (422, "combines_with_nothing")
    assert together.status_code == 201


async def test_a_login_has_one_account_and_comes_back_with_a_new_one(
    sysadmin: Actor, door: Door, employee: str
) -> None:
    sent = invitation("staff", person_id=employee)
    first = await sysadmin.made("/npm/accounts", sent)

    twice = await sysadmin.post("/npm/accounts", sent)
    ended = await sysadmin.done(f"/npm/accounts/{first['id']}", "end", reason="left")
    over = await behind(door, first)
    again = await sysadmin.act(f"/npm/accounts/{first['id']}", "propose_roles", roles=["staff"])
    second = await sysadmin.made("/npm/accounts", sent)

    assert (twice.status_code, twice.json()["code"]) == (409, "login_linked")
    assert (ended["status"], ended["end_reason"], ended["allowed_actions"]) == ("ended", "left", [])
    assert over["is_in_force"] is False
    assert again.status_code == 409
    assert second["id"] != first["id"]
    assert (await behind(door, second))["is_in_force"] is True


@pytest.mark.requirement("R-G17")
async def test_what_was_issued_to_a_login_ends_with_its_account(sysadmin: Actor, employee: str) -> None:
    made = await sysadmin.made("/npm/accounts", invitation("staff", person_id=employee))

    await sysadmin.done(f"/npm/accounts/{made['id']}", "end", reason="left")

    async def listed() -> list[Any]:
        found = await sysadmin.read(f"/npm/access-revocations?kind=subject&value={made['subject']}")
        return list(found["items"])

    [entry] = await eventually(listed)
    assert (entry["issuer"], entry["effect"], entry["reason"]) == (ISSUER, "issued_before", "mandate_ended")


async def test_a_login_nobody_knows_has_no_account(door: Door, people: People) -> None:
    assert await behind(door, {"issuer": ISSUER, "subject": "stranger"}) is None


@pytest.mark.requirement("R-G17")
@pytest.mark.parametrize(("begins", "ends"), [("2020-01-01", "2020-12-31"), ("2098-01-01", "2099-12-31")])
async def test_outside_of_its_days_an_account_gives_nothing(
    sysadmin: Actor, door: Door, employee: str, begins: str, ends: str
) -> None:
    made = await sysadmin.made("/npm/accounts", invitation("staff", person_id=employee, from_on=begins, to_on=ends))

    assert (made["status"], (await behind(door, made))["is_in_force"]) == ("active", False)


@pytest.mark.requirement("R-G17")
async def test_an_account_ends_with_the_mandate_in_the_same_transaction(
    people: People, sysadmin: Actor, door: Door, member: str
) -> None:
    made = await sysadmin.made("/npm/accounts", invitation("staff", person_id=member))
    head = await people.as_("head")
    running = [{"start_on": "2020-01-01", "end_on": "2099-12-31"}]
    await head.patch(f"/npm/persons/{member}", {"mandates": running})
    while_running = await behind(door, made)

    answer = await head.patch(f"/npm/persons/{member}", {"mandates": [{**running[0], "end_on": "2025-12-31"}]})

    assert answer.status_code == 200
    assert while_running["is_in_force"] is True
    assert (await behind(door, made))["is_in_force"] is False
    shown = await sysadmin.read(f"/npm/accounts/{made['id']}")
    assert (shown["status"], shown["end_reason"]) == ("ended", "mandate_ended")


@pytest.mark.requirement("R-G17")
async def test_a_mandate_whose_last_day_passed_gives_nothing_though_nobody_touched_the_account(
    people: People, sysadmin: Actor, door: Door
) -> None:
    over = await person(people, "member", mandates=[{"start_on": "2020-01-01", "end_on": "2025-12-31"}])
    made = await sysadmin.made("/npm/accounts", invitation("staff", person_id=over))

    assert (made["status"], (await behind(door, made))["is_in_force"]) == ("active", False)


@pytest.mark.requirement("R-G15")
async def test_the_inside_hears_for_which_decisions_the_matrix_names_a_member(
    people: People, sysadmin: Actor, door: Door, member: str
) -> None:
    deputy = await person(people, "member")
    head = await people.as_("head", step_up=True)
    of_member = await sysadmin.made("/npm/accounts", invitation("member", person_id=member))
    await head.done(f"/npm/account-proposals/{of_member['id']}", "approve")
    of_staff = await sysadmin.made("/npm/accounts", invitation("staff", person_id=deputy))
    tag = (await head.get("/npm/decision-matrix")).headers["ETag"]
    rows = [{"topic": "reports", "decider_id": member, "deputy_id": deputy}]
    await head.send("PUT", "/npm/decision-matrix", json={"entries": rows}, headers={"If-Match": tag})

    assert (await behind(door, of_member))["decision_scopes"] == ["visits:reports.approve"]
    assert (await behind(door, of_staff))["decision_scopes"] == []


async def test_only_who_runs_the_system_keeps_accounts(people: People) -> None:
    statuses = set()

    for persona in sorted(set(PERSONAS) - {"sysadmin"}):
        actor = await people.as_(persona, step_up=True)
        statuses |= {
            (await actor.get("/npm/accounts")).status_code,
            (await actor.post("/npm/accounts", {})).status_code,
        }

    assert statuses == {403}


async def test_no_person_asks_what_the_gateway_asks(people: People, door: Door) -> None:
    head = await people.as_("head")

    assert (await head.get(f"/service/account?issuer={ISSUER}&subject=x")).status_code == 403
    with pytest.raises(httpx.HTTPStatusError):
        await door.get("/v1/service/account", scope="stakeholders:feed.read", issuer=ISSUER, subject="x")
