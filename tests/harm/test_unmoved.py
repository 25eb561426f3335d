"""Nothing that an outsider can read moves by what is hidden from it: byte for byte the same before and after.

In between: complaints come in and are accepted, patterns and priorities are worked out, an unannounced visit is prepared,
an assessment is proposed, a step is taken up. What moves by right is none of it.
"""

import pytest

from deploy.postgres.server import Server
from gateway.development import PERSONAS
from tests.harm import feeds, hidden_work
from tests.harm.conftest import World
from tests.harm.crawl import Answer, Crawl, differing
from tests.people import People

OUTSIDE = ("", "authority-official", "focal-point", "authority-validator", "authority-official-two", "expert-two", "partner-two", "nhri-complaints")  # fmt: skip


async def walked(people: People, name: str) -> dict[str, Answer]:
    """Read everything that somebody outside can reach: each list to its end, each thing that it names."""
    actor = await people.as_(name) if name else people.stranger()
    return await Crawl(actor, PERSONAS[name].audience_class if name else "public").walk()


@pytest.mark.timeout(240)
@pytest.mark.requirement("R-G04")
async def test_hidden_work_moves_nothing_that_an_outsider_reads(people: People, cluster: Server, world: World) -> None:
    await feeds.settled(cluster)
    before = {name: await walked(people, name) for name in OUTSIDE}

    await hidden_work.done(people, world.made)
    await feeds.settled(cluster)

    after = {name: await walked(people, name) for name in OUTSIDE}
    assert {name: differing(before[name], after[name]) for name in OUTSIDE} == {name: {} for name in OUTSIDE}
    assert {name: len(answers) for name, answers in before.items() if len(answers) < 3} == {}


async def test_what_an_outsider_may_see_does_move(people: People, world: World) -> None:
    head = await people.as_("head")
    one = world.made.recommendation.replace("/authority/", "/npm/")
    before = await walked(people, "")

    await head.done(one, "publish", next_follow_up_on="2027-03-01")

    after = await walked(people, "")
    assert any("appeared" in how for how in differing(before, after).values())
