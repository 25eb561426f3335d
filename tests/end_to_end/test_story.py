"""The story that must always work, in both shapes: from the made-up country through nine steps, and once more."""

from datetime import UTC, datetime

import pytest

from deploy.demo.load import load
from deploy.demo.story.play import STEPS, play
from tests.people import People

pytestmark = pytest.mark.usefixtures("empty")


@pytest.mark.timeout(300)
async def test_the_story_goes_through_its_nine_steps_and_can_be_told_again(people: People) -> None:
    await load(people.client, datetime.now(UTC).date(), lambda _line: None)

    for _ in range(2):
        told: list[str] = []
        story = await play(people.client, told.append)

        steps = [line for line in told if not line.startswith(" ")]
        assert [line[:2] for line in steps] == [f"{number}." for number in range(1, len(STEPS) + 1)]
        assert story.audiences.checks > 300
        assert "line 3, column beds" in steps[0]
        assert "replayed" in steps[1]
        assert "pattern" in steps[2]
        assert "only_facts" in steps[4]
        assert "B is overdue" in steps[5]
        assert "claim contradicted" in steps[6]
