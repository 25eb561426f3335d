"""What is kept from somebody of the NPM by a conflict, as the gateway learns it from the real stakeholders service."""

from uuid import uuid4

import asyncpg
import pytest

from deploy.assembly import internal_key
from deploy.postgres.server import Server
from gateway import operations
from gateway.composition import Composer
from gateway.standing import CONCERNS_NOTHING, MOST_EXCLUDED, Standing
from gateway.upstreams import Remote
from shared.caller import Caller
from shared.claims import caller_from, claims_of
from shared.errors import Forbidden, Unavailable
from shared.settings import Settings
from tests.people import People
from tests.shapes import free_ports

pytestmark = pytest.mark.usefixtures("empty")

STAFF = "e7a9502e-445d-45a0-ad56-07ad11b97980"
PLACE = "6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa"
INDEX = operations.table(with_development=True, with_inside=True)
PLACES, ME = INDEX.operations["npm.list_places"], INDEX.operations["npm.get_me"]
DECLARED = {"kind": "dual_function", "target_kind": "place", "target_id": PLACE}
ROWS = (
    "INSERT INTO conflict_declaration (id, person_id, kind, target_kind, target_id, status, effect, is_risk_to_perceived_independence, "
    "declared_on, created_at, created_by, updated_at, updated_by, version, confidentiality, origin) "
    "SELECT gen_random_uuid(), $1, 'perceived_bias', 'place', gen_random_uuid(), 'declared', 'none', false, now()::date, now(), 'x', "
    "now(), 'x', 1, 'RES', 'native' FROM generate_series(1, $2)"
)


class Hours:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        """Give the time."""
        return self.now


@pytest.fixture
def composer(people: People) -> Composer:
    if people.app is None:
        pytest.skip("the gateway of this shape is in another process; it is asked by tests/harm/test_recusal")
    composer: Composer = people.app._standing._composer
    return composer


def staff(**changes: object) -> Caller:
    told: dict[str, object] = {"subject": "login", "person_id": STAFF, "roles": frozenset({"staff"}), **changes}
    return Caller(audience_class="npm", **told)  # type: ignore[arg-type]


@pytest.mark.requirement("R-G08")
async def test_a_conflict_is_known_two_seconds_after_the_last_question_at_the_latest(
    people: People, composer: Composer
) -> None:
    clock, person = Hours(), staff()
    standing = Standing(composer, clock=clock)
    before = await standing.applied(person, PLACES, "1")
    conflict = await (await people.as_("staff")).made("/npm/conflicts", DECLARED)

    clock.now += 1.9
    meanwhile = await standing.applied(person, PLACES, "2")
    clock.now += 0.1
    kept = await standing.applied(person, PLACES, "3")
    await (await people.as_("head")).done(f"/npm/conflicts/{conflict['id']}", "find_none", reason="another place")
    clock.now += 2
    after = await standing.applied(person, PLACES, "4")

    assert before is meanwhile is after is person
    assert (kept.excluded_places, kept.is_recused) == ((PLACE,), True)


@pytest.mark.requirement("R-G08")
async def test_what_takes_long_is_ended_by_a_conflict_that_comes_meanwhile_and_by_none_that_was_there(
    people: People, composer: Composer
) -> None:
    clock, person, declarer = Hours(), staff(), await people.as_("staff")
    standing = Standing(composer, clock=clock)
    begun = await standing.applied(person, PLACES, "1")
    before = await standing.narrowed(person, begun, PLACES)

    await declarer.made("/npm/conflicts", DECLARED)
    clock.now += 2

    refusal = await standing.narrowed(person, begun, PLACES)
    later = await standing.applied(person, PLACES, "2")
    assert before is None
    assert isinstance(refusal, Unavailable)
    assert await standing.narrowed(person, later, PLACES) is None


@pytest.mark.requirement("R-G08")
async def test_without_an_answer_nobody_is_let_in_to_what_a_conflict_could_be_about(settings: Settings) -> None:
    [port] = free_ports(1)
    away = Remote(f"http://127.0.0.1:{port}", "stakeholders", settings=settings, key=internal_key(settings))
    standing, person = Standing(Composer(INDEX, {"stakeholders": away})), staff()
    about = [row for key, row in INDEX.operations.items() if key.startswith("npm.") and key not in CONCERNS_NOTHING]
    try:
        for row in (about[0], about[-1], PLACES, INDEX.operations["npm.get_authority_briefing"]):
            with pytest.raises(Unavailable):
                await standing.applied(person, row, "1")
        assert [await standing.applied(person, INDEX.operations[key], "1") for key in CONCERNS_NOTHING] == [person] * 6
        machine = staff(subject="client", client_id="client", person_id="")
        assert await standing.applied(machine, PLACES, "1") is machine
    finally:
        await away.close()


async def test_a_login_without_a_person_on_record_has_no_conflict_on_record(composer: Composer) -> None:
    nobody = staff(subject="not-an-id", person_id="")

    assert await Standing(composer).applied(nobody, PLACES, "1") is nobody


async def test_whose_function_a_conflict_ends_keeps_the_own_matters_alone(people: People, composer: Composer) -> None:
    own = {**DECLARED, "kind": "incompatible_office"}
    conflict = await (await people.as_("staff")).made("/npm/conflicts", own)
    await (await people.as_("head")).done(f"/npm/conflicts/{conflict['id']}", "decide", effect="ends_function")
    standing, conflicts = Standing(composer), INDEX.operations["npm.list_conflicts"]

    assert (await standing.applied(staff(), conflicts, "1")).excluded_places == (PLACE,)
    assert await standing.applied(staff(), ME, "1") == staff()
    with pytest.raises(Forbidden):
        await standing.applied(staff(), PLACES, "1")
    with pytest.raises(Forbidden):
        await standing.applied(staff(roles=frozenset({"head"})), conflicts, "1")


async def test_nobody_is_let_in_past_a_list_that_is_cut_off(composer: Composer, cluster: Server) -> None:
    owner = await asyncpg.connect(cluster.url("stakeholders_owner", "stakeholders"))
    try:
        await owner.execute(ROWS, STAFF, MOST_EXCLUDED)
        kept = await Standing(composer).applied(staff(), PLACES, "1")
        await owner.execute(ROWS, STAFF, 1)
    finally:
        await owner.close()

    assert len(kept.excluded_places) == MOST_EXCLUDED
    with pytest.raises(Forbidden):
        await Standing(composer).applied(staff(), PLACES, "2")


def test_all_four_lists_are_handed_on_in_an_internal_token() -> None:
    lists = {
        f"excluded_{name}": (str(uuid4()), str(uuid4())) for name in ("places", "authorities", "visits", "persons")
    }
    told = {**claims_of(staff(**lists), scopes=frozenset()), "iss": "gateway", "jti": "1", "iat": 1}

    read = caller_from(told)

    assert {name: getattr(read, name) for name in lists} == lists
    assert set(told["standing"]["excluded"]) == {"places", "authorities", "visits", "persons"}
