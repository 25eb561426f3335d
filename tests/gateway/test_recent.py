"""Answers that are kept for a moment: how long, how many, and never a refusal."""

import asyncio

import pytest

from gateway import recent
from gateway.recent import KEPT_SECONDS, LONGEST_QUESTION_SECONDS, Recent
from shared.errors import Forbidden, Unavailable


class Asked:
    """Somebody who is asked, and says how often."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self.times: dict[str, int] = {}

    async def __call__(self, key: str) -> int:
        """Answer with the number of times that this was asked."""
        self.times[key] = self.times.get(key, 0) + 1
        return self.times[key]


class Hours:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        """Give the time."""
        return self.now


def test_an_answer_and_the_longest_question_take_less_than_five_seconds_together() -> None:
    assert KEPT_SECONDS + LONGEST_QUESTION_SECONDS < 5


async def test_an_answer_counts_for_two_seconds_from_when_it_was_asked_for() -> None:
    asked, clock = Asked(), Hours()
    kept: Recent[str, int] = Recent(asked, clock=clock)

    answers = []
    for later in (0.0, 1.9, 0.1, 1.9, 0.2):
        clock.now += later
        answers.append(await kept.of("a"))

    assert answers == [1, 1, 2, 2, 3]
    assert await kept.of("b") == 1


async def test_the_oldest_answer_leaves_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "_MOST_KEPT", 2)
    asked = Asked()
    kept: Recent[str, int] = Recent(asked, clock=Hours())

    for key in ("a", "b", "c", "b", "a"):
        await kept.of(key)

    assert asked.times == {"a": 2, "b": 1, "c": 1}


async def test_a_refusal_is_not_kept() -> None:
    refusing = True

    async def asked(key: str) -> str:
        if refusing:
            raise Forbidden
        return key

    kept: Recent[str, str] = Recent(asked, clock=Hours())
    with pytest.raises(Forbidden):
        await kept.of("a")
    refusing = False

    assert await kept.of("a") == "a"


async def test_who_does_not_answer_in_time_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "LONGEST_QUESTION_SECONDS", 0.01)
    kept: Recent[str, None] = Recent(lambda _key: asyncio.sleep(60))

    with pytest.raises(Unavailable):
        await kept.of("a")
