"""The states of a question that an import asks about a place, and what may be answered to which kind of question.

Pure: no database, no HTTP, no clock. It never answers one: whatever is in doubt waits for a person.
"""

from shared.workflow import NPM, SYSTEM, Vocabulary, Workflow, step

#: So many places are offered for one question.
MOST_CANDIDATES = 5
#: Names that have less in common than this are not offered.
LEAST_SCORE = 0.3
#: A word that more places of a region have in their names is common there: it alone tells little.
COMMON_FROM = 100


class MatchKind(Vocabulary):
    """What is in doubt."""

    REVIEW = "review", "The row may be no place"
    TWIN = "twin", "The place may be in the register already"
    ALIAS = "alias", "The name may mean several places"


class MatchState(Vocabulary):
    """The states of a question."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    MADE = "made", "Made"
    DROPPED = "dropped", "Dropped"


class MatchAction(Vocabulary):
    """What is done with a question."""

    ASK = "ask", "Ask"
    ACCEPT = "accept", "Accept"
    MAKE_NEW = "make_new", "Make new"
    DROP = "drop", "Drop"


PLACE_MATCH = Workflow(
    name="place_match",
    initial=MatchState.OPEN,
    create={MatchAction.ASK: step(MatchState.OPEN, by=NPM | SYSTEM, event="visits.place_match.asked")},
    transitions={
        (MatchState.OPEN, MatchAction.ACCEPT): step(MatchState.ACCEPTED, by=NPM, event="visits.place_match.accepted"),
        (MatchState.OPEN, MatchAction.MAKE_NEW): step(MatchState.MADE, by=NPM, event="visits.place_match.made"),
        (MatchState.OPEN, MatchAction.DROP): step(MatchState.DROPPED, by=NPM, event="visits.place_match.dropped"),
    },
    final=frozenset({MatchState.ACCEPTED, MatchState.MADE, MatchState.DROPPED}),
)


def is_open_to(kind: MatchKind, action: MatchAction) -> bool:
    """Tell whether a kind of question knows this answer: out of a bare name no place is made."""
    return not (kind is MatchKind.ALIAS and action is MatchAction.MAKE_NEW)
