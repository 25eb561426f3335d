"""A copy of the list under a clock of the test: when it is good, what it lets through, how it takes changes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.caller import PUBLIC, Caller
from shared.errors import Unauthorized, Unavailable
from shared.revocations.copies import GOOD_FOR_SECONDS, LOOK_SECONDS, Revocations
from shared.revocations.following import Changes, Follower, Position
from shared.revocations.rules import Entry, RevocationKind, hits

MEMBER = Caller(subject="member", audience_class="npm", client_id="app", token_id="token", issued_at=100)
SERVICE = Caller(subject="visits", audience_class="service")


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        """Begin at nought."""
        self.now = 0.0

    def __call__(self) -> float:
        """Give the seconds."""
        return self.now


def block(value: str, *, number: int = 1, kind: RevocationKind = RevocationKind.SUBJECT) -> Entry:
    """Make a block."""
    return Entry(id=str(number), kind=kind, value=value)


def test_what_was_never_confirmed_lets_nobody_in_but_the_public_and_services() -> None:
    copy = Revocations(Clock())

    with pytest.raises(Unavailable) as refused:
        copy.judge(MEMBER)
    copy.judge(PUBLIC)
    copy.judge(SERVICE)

    assert int(refused.value.headers["Retry-After"]) > 0


def test_five_seconds_after_a_question_nobody_is_let_in_on_its_answer() -> None:
    clock = Clock()
    copy = Revocations(clock)
    # the answer came two seconds after the question: what was ended meanwhile may be missing in it
    clock.now = 2.0
    copy.confirm(0.0)

    copy.judge(MEMBER)
    clock.now = GOOD_FOR_SECONDS
    copy.judge(MEMBER)
    clock.now = GOOD_FOR_SECONDS + 0.01
    with pytest.raises(Unavailable):
        copy.judge(MEMBER)
    copy.confirm(clock.now)
    copy.judge(MEMBER)
    assert GOOD_FOR_SECONDS + LOOK_SECONDS < 5


def test_whose_access_ended_is_told_so_even_by_an_old_copy() -> None:
    clock = Clock()
    copy = Revocations(clock)
    copy.confirm(0.0)
    copy.apply([block("member")], is_whole=False)
    clock.now = 100

    with pytest.raises(Unauthorized):
        copy.judge(MEMBER)
    with pytest.raises(Unavailable):
        copy.judge(replace(MEMBER, subject="other"))


ENTRIES = st.builds(
    Entry,
    id=st.sampled_from("abcdef"),
    kind=st.sampled_from(RevocationKind),
    value=st.sampled_from(["member", "app", "token", "else"]),
    issued_before=st.sampled_from([None, 10, 1000]),
    is_lifted=st.booleans(),
)


@given(st.lists(st.lists(ENTRIES, max_size=6), max_size=5), st.integers(min_value=0, max_value=4))
def test_a_copy_refuses_exactly_whom_the_last_word_on_each_entry_hits(
    changes: list[list[Entry]], whole_at: int
) -> None:
    copy = Revocations(Clock())
    held: dict[str, Entry] = {}

    for number, some in enumerate(changes):
        copy.apply(some, is_whole=number == whole_at)
        held = {} if number == whole_at else held
        held |= {entry.id: entry for entry in some}

    assert copy.refuses(MEMBER) is any(hits(entry, MEMBER) for entry in held.values())


async def test_a_list_that_begins_anew_takes_the_place_of_the_old_one() -> None:
    clock = Clock()
    copy = Revocations(clock)
    asked: list[Position] = []
    told = [
        Changes((block("member"),), Position(1, "1"), is_whole=True, is_end=False),
        Changes((block("other", number=2),), Position(2, "2"), is_whole=False, is_end=True),
        Changes((replace(block("member"), is_lifted=True),), Position(3, "1"), is_whole=False, is_end=True),
        # somebody put an older database back: the list does not know the position
        Changes((block("member", number=9),), Position(1, "9"), is_whole=True, is_end=True),
    ]

    async def source(position: Position) -> Changes:
        asked.append(position)
        return told[len(asked) - 1]

    follower = Follower(copy, source, name="test")
    seen = []
    for _ in range(3):
        await follower.step()
        seen.append((copy.refuses(MEMBER), copy.refuses(replace(MEMBER, subject="other"))))

    assert seen == [(True, True), (False, True), (True, False)]
    assert asked == [Position(), Position(1, "1"), Position(2, "2"), Position(3, "1")]


async def test_a_question_without_an_answer_confirms_nothing_and_changes_nothing() -> None:
    clock = Clock()
    copy = Revocations(clock)
    answers = iter([Changes((block("member"),), Position(1, "1"), is_whole=True, is_end=False)])

    async def source(_position: Position) -> Changes:
        try:
            return next(answers)
        except StopIteration:
            raise ConnectionError from None

    follower = Follower(copy, source, name="test")
    with pytest.raises(ConnectionError):
        await follower.step()

    assert not copy.is_confirmed
    assert not copy.refuses(MEMBER)
