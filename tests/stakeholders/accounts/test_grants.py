"""Roles that a second person approves: another than the proposer and than who gets them, through whichever account."""

import pytest

from services.stakeholders.accounts.rules import SECOND_PERSON
from shared.inbox import Door
from shared.settings import Settings
from tests.people import Actor, People
from tests.stakeholders.accounts.made import SYSADMIN, behind, invitation, person
from tests.stakeholders.made import HEAD, with_members

pytestmark = pytest.mark.usefixtures("empty")


async def test_a_role_that_hurts_waits_for_a_second_person(people: People, sysadmin: Actor, door: Door) -> None:
    second = await people.as_("head", step_up=True)

    for role in sorted(SECOND_PERSON):
        made = await sysadmin.made("/npm/accounts", invitation(role, person_id=await person(people, "member")))
        waiting = await behind(door, made)
        approved = await second.done(f"/npm/account-proposals/{made['id']}", "approve")
        given = await behind(door, made)

        assert (made["status"], made["roles"], made["proposed_roles"]) == ("invited", [], [role])
        assert (waiting["is_in_force"], waiting["roles"]) == (False, [])
        assert (approved["status"], given["is_in_force"], given["roles"]) == ("active", True, [role])


async def test_who_gets_the_roles_never_approves_them(people: People, sysadmin: Actor) -> None:
    await with_members(people)
    made = await sysadmin.made("/npm/accounts", invitation("member", person_id=HEAD))

    answer = await (await people.as_("head", step_up=True)).act(f"/npm/account-proposals/{made['id']}", "approve")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "own_account")


async def test_what_is_refused_counts_for_nothing(people: People, sysadmin: Actor, employee: str) -> None:
    made = await sysadmin.made("/npm/accounts", invitation("vault_keeper", person_id=employee))
    head = await people.as_("head", step_up=True)

    shown = await head.done(f"/npm/account-proposals/{made['id']}", "refuse")

    assert (shown["status"], shown["roles"], shown["proposed_roles"]) == ("invited", [], None)
    assert (await head.read("/npm/account-proposals"))["items"] == []
    again = await head.act(f"/npm/account-proposals/{made['id']}", "approve")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "nothing_proposed")


async def test_two_accounts_of_a_person_are_one_person_to_every_rule_of_two(
    people: People, sysadmin: Actor, employee: str, settings: Settings
) -> None:
    made = await sysadmin.made("/npm/accounts", invitation("vault_keeper", person_id=employee))
    path = f"/npm/account-proposals/{made['id']}"

    of_proposer = await people.other_account(settings, "head", SYSADMIN).act(path, "approve")
    of_concerned = await people.other_account(settings, "head", employee).act(path, "approve")
    own = await people.other_account(settings, "sysadmin", employee).act(
        f"/npm/accounts/{made['id']}", "end", reason="left"
    )
    of_another = await people.other_account(settings, "head", HEAD).act(path, "approve")

    codes = [(each.status_code, each.json()["errors"][0]["code"]) for each in (of_proposer, of_concerned, own)]
    assert codes == [(409, "own_proposal"), (409, "own_account"), (409, "own_account")]
    assert (of_another.status_code, of_another.json()["roles"]) == (200, ["vault_keeper"])


async def test_a_decision_is_bound_to_the_very_roles_that_were_read(
    people: People, sysadmin: Actor, employee: str
) -> None:
    made = await sysadmin.made("/npm/accounts", invitation("vault_keeper", person_id=employee))
    head = await people.as_("head", step_up=True)
    read = await head.get(f"/npm/account-proposals/{made['id']}")
    await sysadmin.done(f"/npm/accounts/{made['id']}", "propose_roles", roles=["complaints_officer"])

    answer = await head.post(
        f"/npm/account-proposals/{made['id']}/transitions", {"action": "approve"}, headers={"If-Match": read.headers["ETag"]}
    )  # fmt: skip

    assert answer.status_code == 412


async def test_a_grant_beside_present_roles_leaves_them_until_it_is_approved(
    people: People, sysadmin: Actor, member: str
) -> None:
    made = await sysadmin.made("/npm/accounts", invitation("staff", person_id=member))
    path = f"/npm/accounts/{made['id']}"

    proposed = await sysadmin.done(path, "propose_roles", roles=["member"])
    taken_back = await sysadmin.done(path, "propose_roles", roles=["staff"])
    await sysadmin.done(path, "propose_roles", roles=["member"])
    approved = await (await people.as_("head", step_up=True)).done(f"/npm/account-proposals/{made['id']}", "approve")

    assert (proposed["status"], proposed["roles"], proposed["proposed_roles"]) == ("active", ["staff"], ["member"])
    assert (taken_back["roles"], taken_back["proposed_roles"]) == (["staff"], None)
    assert (approved["roles"], approved["proposed_roles"], approved["person_name"]) == (["member"], None, "A member")


async def test_grants_and_approvals_need_a_fresh_strong_login(people: People, sysadmin: Actor, employee: str) -> None:
    made = await sysadmin.made("/npm/accounts", invitation("vault_keeper", person_id=employee))
    weak, head = await people.as_("sysadmin"), await people.as_("head")

    answers = [
        await weak.post("/npm/accounts", invitation("staff", person_id=employee)),
        await weak.act(f"/npm/accounts/{made['id']}", "end", reason="left"),
        await head.act(f"/npm/account-proposals/{made['id']}", "approve"),
    ]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (401, "insufficient_user_authentication")
    ] * 3
