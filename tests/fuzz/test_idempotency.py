"""One effect for each Idempotency-Key, whatever comes between: a state machine against the real API.

The model knows which key of whom stands for which body and which person of an institution; the API must agree after
every step, and the list of those people must hold each effect exactly once.
"""

import asyncio
import hashlib
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from deploy.postgres.server import Server
from gateway.development import AUTHORITY_A, PERSONAS, DevelopmentIssuer
from shared import idempotency
from shared.identity import TOKEN_TYPE, SigningKey
from shared.settings import Settings
from tests.people import Actor, People
from tests.stakeholders.made import with_institutions

PATH = f"/npm/authorities/{AUTHORITY_A}/contacts"
WHO, KEYS = ("staff", "head"), ("first", "second", "third")
#: Who is entered: anybody, any number of times; or a focal point from a year on, of whom there is one at a time.
PLAIN = ("Iris Lund", "Otto Berg")
YEARS = (2021, 2023, 2025)
BODIES = [*({"name": name} for name in PLAIN), *({"name": "Focal Point", "designations": [{"kind": "focal_point", "since": f"{year}-01-01"}]} for year in YEARS)]  # fmt: skip

whom, keys, bodies = st.sampled_from(WHO), st.sampled_from(KEYS), st.sampled_from(BODIES)


@dataclass
class World:
    """What the machine works with; a sync test drives the session's loop."""

    people: People
    cluster: Server
    settings: Settings
    loop: asyncio.AbstractEventLoop

    def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run one piece of work to its end."""
        return self.loop.run_until_complete(work)

    async def admin(self, sql: str) -> None:
        """Run a statement as the administrator in the database of the contacts."""
        connection = await asyncpg.connect(urlunsplit(urlsplit(self.cluster.admin_url)._replace(path="/stakeholders")))
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    def without_rights(self, persona: str) -> Actor:
        """Give the same person with a token of no scope but one."""
        folder = self.settings.secrets / "gateway"
        issuer = DevelopmentIssuer(self.settings, SigningKey.kept_in(folder, "development"))
        claims = {**issuer.claims(PERSONAS[persona], step_up=True), "scope": "stakeholders:me.use"}
        return Actor(self.people.client, issuer.key.sign(claims, typ=TOKEN_TYPE))


@pytest_asyncio.fixture
async def world(people: People, empty: None, cluster: Server, settings: Settings) -> World:
    """Begin with institutions and nobody in them."""
    await with_institutions(people)
    return World(people, cluster, settings, asyncio.get_running_loop())


@dataclass
class Used:
    """A key that has had its effect."""

    body: dict[str, Any]
    contact: str


@dataclass
class Model:
    """What must be: keys by who and which, everybody entered, and the terms of focal points."""

    used: dict[tuple[str, str], Used] = field(default_factory=dict)
    entered: set[str] = field(default_factory=set)
    terms: dict[str, tuple[str, str | None]] = field(default_factory=dict)

    def is_free_for(self, body: dict[str, Any]) -> bool:
        """Tell whether a body can be taken: a focal point's term begins after all others have ended."""
        since = body.get("designations", [{}])[0].get("since")
        return since is None or all(until is not None and until < since for _, until in self.terms.values())

    def took(self, who: str, key: str, body: dict[str, Any], contact: str) -> None:
        """Note an effect."""
        assert contact not in self.entered
        self.used[who, key] = Used(body, contact)
        self.entered.add(contact)
        if "designations" in body:
            self.terms[contact] = (body["designations"][0]["since"], None)


class Keys(RuleBasedStateMachine):
    """People repeat themselves, change their mind, send at once, lose their rights and get them again."""

    world: World

    @initialize()
    def begin(self) -> None:
        """Take away what the example before left; its keys are others."""
        self.world.wait(self.world.admin("TRUNCATE contact, idempotency CASCADE"))
        self.model, self.run_id = Model(), uuid4().hex[:8]
        self.given: dict[str, tuple[float, Actor]] = {}

    def actor(self, who: str) -> Actor:
        """Give one of the two with a token that still lasts: a long example outlives one."""
        at, known = self.given.get(who, (0.0, None))
        if known is None or time.monotonic() - at > 200:
            known = self.world.wait(self.world.people.as_(who))
            self.given[who] = (time.monotonic(), known)
        return known

    def headers(self, key: str) -> dict[str, str]:
        """Give the header of a key of this example."""
        return {"Idempotency-Key": f"{self.run_id}-{key}"}

    def post(self, actor: Actor, key: str, body: dict[str, Any]) -> httpx.Response:
        """Send once."""
        answer: httpx.Response = self.world.wait(actor.post(PATH, body, headers=self.headers(key)))
        return answer

    @rule(who=whom, key=keys, body=bodies)
    def send(self, who: str, key: str, body: dict[str, Any]) -> None:
        """A key has its effect once; the same again is replayed, another body refused; a refusal leaves the key free."""
        answer, known = self.post(self.actor(who), key, body), self.model.used.get((who, key))
        if known is None and self.model.is_free_for(body):
            assert (answer.status_code, "Idempotency-Replayed" in answer.headers) == (201, False), answer.text
            self.model.took(who, key, body, answer.json()["id"])
        elif known is None:
            assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "another_focal_point")
        elif known.body == body:
            assert (answer.status_code, answer.headers.get("Idempotency-Replayed")) == (201, "true"), answer.text
            assert answer.json()["id"] == known.contact
        else:
            assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")

    @rule(who=whom, key=keys, body=st.sampled_from(BODIES[: len(PLAIN)]))
    def send_at_once(self, who: str, key: str, body: dict[str, Any]) -> None:
        """Four at once have one effect: who comes meanwhile is told so, or reads what came of it."""
        actor = self.actor(who)

        async def together() -> list[httpx.Response]:
            sent = [actor.post(PATH, body, headers=self.headers(key)) for _ in range(4)]
            return list(await asyncio.gather(*sent))

        answers, known = self.world.wait(together()), self.model.used.get((who, key))
        codes = {answer.status_code for answer in answers}
        if known is not None and known.body != body:
            refused = {answer.json()["code"] for answer in answers}
            assert refused <= {"idempotency_key_reused", "idempotency_key_in_flight"}
            return
        assert codes <= {201, 409}
        assert 201 in codes
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {
            "idempotency_key_in_flight"
        }
        made = {answer.json()["id"] for answer in answers if answer.status_code == 201}
        if known is None:
            self.model.took(who, key, body, made.pop())
        else:
            assert made == {known.contact}

    @rule(who=whom, key=keys, body=bodies)
    def send_while_in_flight(self, who: str, key: str, body: dict[str, Any]) -> None:
        """While another request holds the key, nothing is done and nothing is told of it."""
        actor = self.actor(who)

        async def meanwhile() -> httpx.Response:
            connection = await asyncpg.connect(self.world.cluster.url("stakeholders_owner", "stakeholders"))
            try:
                async with connection.transaction():
                    await idempotency.claim(connection, self._held(who, key))
                    return await actor.post(PATH, body, headers=self.headers(key))
            finally:
                await connection.close()

        answer = self.world.wait(meanwhile())
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_in_flight")

    def _held(self, who: str, key: str) -> idempotency.Repetition:
        named = self.headers(key)["Idempotency-Key"]
        subject = PERSONAS[who].subject
        return idempotency.repetition(
            key=named, subject=subject, method="POST", path=f"/v1{PATH}", digest=hashlib.sha256(b"").digest()
        )

    @rule(who=whom, key=keys, body=bodies)
    def send_without_rights(self, who: str, key: str, body: dict[str, Any]) -> None:
        """Who may no longer do it is refused, also what the key once made; the key stays as it was."""
        answer = self.post(self.world.without_rights(who), key, body)

        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")

    @rule(key=keys, body=st.sampled_from([{"name": ""}, {"name": 1}, {}, {"name": "A", "more": 1}]))
    def send_what_makes_no_sense(self, key: str, body: dict[str, Any]) -> None:
        """What cannot be read uses no key."""
        answer = self.post(self.actor("staff"), key, body)

        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")

    @rule()
    def end_the_focal_points_term(self) -> None:
        """The way is free for the next; the answers of keys follow what stands there now."""
        for contact, (since, until) in self.model.terms.items():
            if until is None:
                last = f"{since[:4]}-12-31"
                change = {"designations": [{"kind": "focal_point", "since": since, "until": last}]}
                answer = self.world.wait(self.actor("staff").patch(f"{PATH}/{contact}", change))
                assert answer.status_code == 200, answer.text
                self.model.terms[contact] = (since, last)

    @rule()
    def replays_show_what_stands_there_now(self) -> None:
        """A replay is the present view, not a copy of the first answer."""
        for (who, key), used in self.model.used.items():
            answer = self.post(self.actor(who), key, used.body)
            now = self.world.wait(self.actor(who).get(f"{PATH}/{used.contact}"))
            assert (answer.content, answer.headers["ETag"]) == (now.content, now.headers["ETag"])

    @rule()
    def let_a_day_pass(self) -> None:
        """After 24 hours every key is free; what it made stays."""
        self.world.wait(self.world.admin("UPDATE idempotency SET kept_at = kept_at - interval '25 hours'"))
        self.model = replace(self.model, used={})

    @invariant()
    def each_effect_stands_once(self) -> None:
        """The list has everybody who was entered, once."""
        listed = self.world.wait(self.actor("staff").read(f"{PATH}?limit=100&count=exact"))
        if listed["count"] <= 100:
            assert {each["id"] for each in listed["items"]} == self.model.entered
        assert listed["count"] == len(self.model.entered)


def _machine(world: World) -> type[Keys]:
    return type("Keys", (Keys,), {"world": world})


@pytest.mark.timeout(240)
def test_a_key_has_one_effect_whatever_comes_between(world: World) -> None:
    # the sequences are short enough to be read as they are
    phases = [Phase.generate]
    bounds = settings(
        max_examples=5, stateful_step_count=20, deadline=None, derandomize=True, database=None, phases=phases
    )

    run_state_machine_as_test(_machine(world), settings=bounds)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_key_has_one_effect_over_long_sequences(world: World) -> None:
    bounds = settings(max_examples=40, stateful_step_count=200, deadline=None, database=None, print_blob=True)

    run_state_machine_as_test(_machine(world), settings=bounds)
