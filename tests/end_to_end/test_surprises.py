"""How the story ends when it cannot go on: one sentence, and an exit that is not zero."""

import pytest
from typer.testing import CliRunner

from deploy.command.demo import application
from deploy.demo.story.play import play
from deploy.demo.story.stage import Surprise
from tests.people import People
from tests.shapes import free_ports


@pytest.mark.usefixtures("empty")
async def test_an_empty_system_is_told_in_one_sentence_with_step_call_expected_and_seen(people: People) -> None:
    with pytest.raises(
        Surprise, match=r"^step 1: GET /npm/priorities as head: expected .*, seen none; run \./a22 up first$"
    ):
        await play(people.client, lambda _line: None)


def test_where_nothing_answers_the_call_ends_with_a_sentence() -> None:
    (port,) = free_ports(1)

    ended = CliRunner().invoke(application, ["--url", f"http://127.0.0.1:{port}"])

    assert ended.exit_code == 2
    assert "nothing answers" in ended.output
    assert "Traceback" not in ended.output
