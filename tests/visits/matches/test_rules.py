"""Which answers a kind of question knows."""

import pytest

from services.visits.matches.rules import PLACE_MATCH, MatchAction, MatchKind, MatchState, is_open_to

ANSWERS = (MatchAction.ACCEPT, MatchAction.MAKE_NEW, MatchAction.DROP)


@pytest.mark.parametrize("kind", MatchKind)
@pytest.mark.parametrize("action", ANSWERS)
def test_only_out_of_a_bare_name_no_place_is_made(kind: MatchKind, action: MatchAction) -> None:
    assert is_open_to(kind, action) == ((kind, action) != (MatchKind.ALIAS, MatchAction.MAKE_NEW))


def test_a_decided_question_is_never_asked_again() -> None:
    assert PLACE_MATCH.final == set(MatchState) - {MatchState.OPEN}
