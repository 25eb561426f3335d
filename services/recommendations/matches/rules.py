"""The machine of a written name that waits for somebody to say whose it is. Pure: no database, no HTTP, no clock."""

from shared.workflow import NPM, Vocabulary, Workflow, step


class AddresseeMatchState(Vocabulary):
    """The states of the machine `addressee_match`."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    DROPPED = "dropped", "Dropped"


class AddresseeMatchAction(Vocabulary):
    """What can be done with it."""

    NOTICE = "notice", "Notice"
    ACCEPT = "accept", "Accept"
    DROP = "drop", "Drop"


ADDRESSEE_MATCH = Workflow(
    name="addressee_match",
    initial=AddresseeMatchState.OPEN,
    create={
        AddresseeMatchAction.NOTICE: step(
            AddresseeMatchState.OPEN, by={"system"}, event="recommendations.addressee_match.opened"
        ),
    },
    transitions={
        (AddresseeMatchState.OPEN, AddresseeMatchAction.ACCEPT): step(
            AddresseeMatchState.ACCEPTED, by=NPM | {"system"}, event="recommendations.addressee_match.accepted"
        ),
        (AddresseeMatchState.OPEN, AddresseeMatchAction.DROP): step(
            AddresseeMatchState.DROPPED, by=NPM, event="recommendations.addressee_match.dropped"
        ),
    },
    final=frozenset({AddresseeMatchState.ACCEPTED, AddresseeMatchState.DROPPED}),
)
