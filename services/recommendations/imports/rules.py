"""What contradicts itself in a row of an older register; gaps are no contradiction. Pure: no database, no HTTP, no clock."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from services.recommendations.recommendations.rules import RecommendationState

SENT = (RecommendationState.TRANSMITTED, RecommendationState.IN_FOLLOW_UP, RecommendationState.CLOSED)


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """A field that cannot be as it is sent."""

    pointer: str
    code: str
    sentence: str


def contradictions(
    *,
    state: RecommendationState,
    transmitted_on: date | None,
    published_on: date | None,
    asked: Collection[object],
    written: int,
    is_outcome_reported: bool,
) -> Iterator[Contradiction]:
    """Give what is wrong with a row.

    `asked` are the addressees, each by what it is known by; `written` is how many are written by name alone.
    """
    if state in SENT and transmitted_on is None:
        yield Contradiction(pointer="/transmitted_on", code="missing", sentence="what was sent was sent on a day")
    if published_on and state not in SENT:
        yield Contradiction(pointer="/published_on", code="not_sent", sentence="what was not sent is not published")
    if len(set(asked)) != len(asked):
        yield Contradiction(pointer="/addressees", code="duplicate", sentence="an addressee stands twice")
    if is_outcome_reported and not written:
        sentence = "replies are counted against addressees as they are written"
        yield Contradiction(pointer="/written_addressees", code="missing", sentence=sentence)
    if is_outcome_reported and transmitted_on is None:
        yield Contradiction(
            pointer="/transmitted_on", code="missing", sentence="replies are to something that was sent"
        )
