"""From a login to a caller, against the real stakeholders service: what ends is refused within five seconds."""

from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from deploy.assembly import internal_key
from gateway import operations
from gateway.accounts import Accounts
from gateway.composition import Composer
from gateway.identities import Identity
from gateway.standing import Standing
from gateway.upstreams import Remote
from shared.access import vocabulary
from shared.caller import Caller
from shared.errors import Forbidden, Unavailable
from shared.settings import Settings
from tests.people import Actor, People
from tests.shapes import free_ports
from tests.stakeholders.made import EXPERT, with_experts
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("empty")

ISSUER = "https://id.example.org/realms/npm"
INDEX = operations.table(with_development=True, with_inside=True)


@pytest.fixture
def composer(people: People) -> Composer:
    if people.app is None:
        pytest.skip(
            "the gateway of this shape is in another process; its stakeholders are asked by tests/stakeholders/accounts"
        )
    composer: Composer = people.app._standing._composer
    return composer


@pytest.fixture
def accounts(composer: Composer, settings: Settings) -> Accounts:
    return Accounts(composer, institution_id=str(settings.institution_id))


@pytest.fixture
def forgetful(composer: Composer, settings: Settings) -> Accounts:
    """Give accounts for which an hour passes between two questions, so that nothing is kept."""
    hours = count(step=3600.0)
    return Accounts(composer, institution_id=str(settings.institution_id), clock=lambda: next(hours))


@pytest.fixture
async def sysadmin(people: People, empty: None) -> Actor:
    return await people.as_("sysadmin", step_up=True)


def login(settings: Settings, subject: str, *roles: str, audience_class: str = "npm") -> Identity:
    return Identity(
        issuer=ISSUER, subject=subject, client_id="npm-front-end", token_id=uuid4().hex, audience_class=audience_class,
        roles=frozenset(roles), organisation_id=str(settings.institution_id) if audience_class == "npm" else "",
        acr="strong", auth_time=17, issued_at=17, expires_at=317,
    )  # fmt: skip


async def person(people: People, kind: str, **more: Any) -> str:
    made = await (await people.as_("head")).made("/npm/persons", {"kind": kind, "name": f"A {kind}", **more})
    return str(made["id"])


async def account(people: People, sysadmin: Actor, *roles: str, **bound: Any) -> dict[str, Any]:
    """Give an account in force, approved by the head where that is needed."""
    sent = {"issuer": ISSUER, "subject": uuid4().hex, "audience_class": "npm", "roles": list(roles), **bound}
    made = await sysadmin.made("/npm/accounts", sent)
    if made["status"] == "invited":
        await (await people.as_("head", step_up=True)).done(f"/npm/account-proposals/{made['id']}", "approve")
    return made


def refused(accounts: Accounts, identity: Identity) -> Callable[[], Awaitable[bool]]:
    async def is_refused() -> bool:
        try:
            await accounts.caller(identity)
        except Forbidden:
            return True
        return False

    return is_refused


async def test_a_login_with_an_account_is_the_caller_that_services_judge(
    people: People, accounts: Accounts, sysadmin: Actor, settings: Settings
) -> None:
    officer = await person(people, "staff")
    made = await account(people, sysadmin, "complaints_officer", "vault_keeper", person_id=officer)
    identity = login(settings, made["subject"], "complaints_officer", "staff")

    caller = await accounts.caller(identity)

    assert caller == Caller(
        subject=made["subject"], audience_class="npm", roles=frozenset({"complaints_officer"}),
        scopes=vocabulary().roles["complaints_officer"], client_id="npm-front-end", person_id=officer,
        institution_id=str(settings.institution_id), acr="strong", auth_time=17, issuer=ISSUER, token_id=identity.token_id,
        issued_at=17,
    )  # fmt: skip


async def test_without_an_account_the_mapping_gives_no_role_that_two_persons_give(
    people: People, accounts: Accounts, settings: Settings
) -> None:
    assert (await accounts.caller(login(settings, "first", "staff", "complaints_officer"))).roles == {"staff"}
    for roles in (("head",), ("sysadmin",), ()):
        assert await refused(accounts, login(settings, f"new-{len(roles)}", *roles))()


@pytest.mark.requirement("R-G17")
async def test_an_account_that_ends_is_refused_within_five_seconds(
    people: People, accounts: Accounts, sysadmin: Actor, settings: Settings
) -> None:
    made = await account(people, sysadmin, "staff", person_id=await person(people, "staff"))
    identity = login(settings, made["subject"], "staff")
    await accounts.caller(identity)

    await sysadmin.done(f"/npm/accounts/{made['id']}", "end", reason="security")

    assert await eventually(refused(accounts, identity), seconds=5)


@pytest.mark.requirement("R-G17")
async def test_a_mandate_that_ends_is_refused_within_five_seconds(
    people: People, accounts: Accounts, sysadmin: Actor, settings: Settings
) -> None:
    member = await person(people, "member", mandates=[{"start_on": "2020-01-01", "end_on": "2099-12-31"}])
    made = await account(people, sysadmin, "member", person_id=member)
    identity = login(settings, made["subject"], "member")
    await accounts.caller(identity)

    await (await people.as_("head")).patch(
        f"/npm/persons/{member}", {"mandates": [{"start_on": "2020-01-01", "end_on": "2025-12-31"}]}
    )

    assert await eventually(refused(accounts, identity), seconds=5)


@pytest.mark.requirement("R-G15")
async def test_decision_scopes_follow_the_decision_matrix(
    people: People, forgetful: Accounts, sysadmin: Actor, settings: Settings
) -> None:
    member, other = await person(people, "member"), await person(people, "member")
    named = login(settings, (await account(people, sysadmin, "member", person_id=member))["subject"], "member")
    unnamed = login(settings, (await account(people, sysadmin, "member", person_id=other))["subject"], "member")
    plain = vocabulary().roles["member"]

    before = (await forgetful.caller(named)).scopes
    await laid_down(people, {"topic": "recommendations", "decider_id": member})
    while_named = (await forgetful.caller(named)).scopes
    of_the_other = (await forgetful.caller(unnamed)).scopes
    await laid_down(people)

    assert (before, of_the_other) == (plain, plain)
    assert while_named == plain | {"recommendations:recommendations.approve"}
    assert (await forgetful.caller(named)).scopes == plain


@pytest.mark.requirement("R-G15")
async def test_a_decision_that_is_taken_away_is_gone_within_five_seconds(
    people: People, accounts: Accounts, sysadmin: Actor, settings: Settings
) -> None:
    member = await person(people, "member")
    named = login(settings, (await account(people, sysadmin, "member", person_id=member))["subject"], "member")
    await laid_down(people, {"topic": "reports", "decider_id": member})
    assert "visits:reports.approve" in (await accounts.caller(named)).scopes

    await laid_down(people)

    async def is_gone() -> bool:
        return "visits:reports.approve" not in (await accounts.caller(named)).scopes

    assert await eventually(is_gone, seconds=5)


async def laid_down(people: People, *entries: dict[str, str]) -> None:
    head = await people.as_("head")
    tag = (await head.get("/npm/decision-matrix")).headers["ETag"]
    answer = await head.send("PUT", "/npm/decision-matrix", json={"entries": list(entries)}, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text


@pytest.mark.requirement("R-G05", "R-G06", "R-G17")
async def test_an_expert_reaches_nothing_but_the_own_engagement_once_the_contract_has_ended(
    people: People, forgetful: Accounts, composer: Composer, sysadmin: Actor, settings: Settings
) -> None:
    await with_experts(people)
    made = await account(people, sysadmin, "expert", audience_class="expert", expert_id=EXPERT)
    identity, standing = login(settings, made["subject"], "expert", audience_class="expert"), Standing(composer)
    head = await people.as_("head")
    [engagement] = (await head.read(f"/npm/experts/{EXPERT}/engagements"))["items"]
    visits, contract = INDEX.operations["expert.list_visits"], INDEX.operations["expert.get_contract"]
    caller = await standing.applied(await forgetful.caller(identity), visits, "before")

    await head.done(f"/npm/experts/{EXPERT}/engagements/{engagement['id']}", "end", reason="the work is done")

    assert caller.expert_id == EXPERT
    again = await forgetful.caller(identity)
    with pytest.raises(Forbidden):
        await standing.applied(again, visits, "after")
    duties = await composer.ask(await standing.applied(again, contract, "after"), "get_contract", request_id="after")
    assert (duties.status, duties.content["status"]) == (200, "ended")


async def test_two_accounts_of_a_person_are_one_person(
    people: People, accounts: Accounts, sysadmin: Actor, settings: Settings
) -> None:
    officer = await person(people, "staff")
    first = await account(people, sysadmin, "staff", person_id=officer)
    second = await account(people, sysadmin, "complaints_officer", person_id=officer)

    callers = [
        await accounts.caller(login(settings, first["subject"], "staff")),
        await accounts.caller(login(settings, second["subject"], "complaints_officer")),
    ]

    assert {caller.person_id for caller in callers} == {officer}
    assert len({caller.subject for caller in callers}) == 2


async def test_nobody_is_let_in_while_stakeholders_are_out_of_reach(settings: Settings) -> None:
    [port] = free_ports(1)
    away = Remote(f"http://127.0.0.1:{port}", "stakeholders", settings=settings, key=internal_key(settings))
    accounts = Accounts(Composer(INDEX, {"stakeholders": away}), institution_id=str(settings.institution_id))
    try:
        with pytest.raises(Unavailable):
            await accounts.caller(login(settings, "anybody", "staff"))
    finally:
        await away.close()
