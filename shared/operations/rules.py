"""The states of an operation, as a table, and how long a failed one waits. Pure."""

from shared.workflow import AUTHORITY, NPM, SYSTEM, Vocabulary, Workflow, step

#: Everybody who may order something that takes long; whose operation it is stands in the row.
ORDERERS = NPM | AUTHORITY | {"complaints_officer", "vault_keeper", "data_protection_officer", "sysadmin", "expert",
                              "partner_system", "nhri_complaints", "cso_partner"}  # fmt: skip
#: Failures in a row, without progress between them, after which an operation has failed for good.
MOST_FAILURES = 8
#: Beginnings after which an operation is given up: one that kills its process each time would go on for ever.
MOST_ATTEMPTS = 100
LONGEST_WAIT_SECONDS = 60


class OperationState(Vocabulary):
    """Where an operation stands."""

    WAITING = "waiting", "Waiting for its turn"
    RUNNING = "running", "Being carried out"
    DONE = "done", "Carried out"
    FAILED = "failed", "Ended with a problem"
    CANCELLED = "cancelled", "Cancelled by the person who ordered it"


class OperationAction(Vocabulary):
    """What moves an operation."""

    ORDER = "order", "Order it"
    BEGIN = "begin", "Begin to carry it out"
    FINISH = "finish", "Finish it"
    FAIL = "fail", "End it with a problem"
    CANCEL = "cancel", "Take the order back"


_S, _A = OperationState, OperationAction
OPERATION = Workflow(
    name="operation",
    initial=_S.WAITING,
    create={_A.ORDER: step(_S.WAITING, by=ORDERERS | SYSTEM, event="operations.operation.ordered")},
    transitions={
        (_S.WAITING, _A.BEGIN): step(_S.RUNNING, by=SYSTEM),
        # again after a process was killed
        (_S.RUNNING, _A.BEGIN): step(_S.RUNNING, by=SYSTEM),
        (_S.RUNNING, _A.FINISH): step(_S.DONE, by=SYSTEM, event="operations.operation.ended"),
        (_S.RUNNING, _A.FAIL): step(_S.FAILED, by=SYSTEM, event="operations.operation.ended"),
        (_S.WAITING, _A.CANCEL): step(_S.CANCELLED, by=ORDERERS, event="operations.operation.ended"),
        (_S.RUNNING, _A.CANCEL): step(_S.CANCELLED, by=ORDERERS, event="operations.operation.ended"),
    },
    final=frozenset({_S.DONE, _S.FAILED, _S.CANCELLED}),
)


def states_before(action: OperationAction) -> list[str]:
    """Give the states in which an action can be taken."""
    return [source.value for source, taken in OPERATION.transitions if taken is action]


def wait_seconds(failures: int) -> int:
    """Give how long to wait after so many failures in a row: 1, 2, 4 … seconds, and never more than a minute."""
    return int(min(2 ** (failures - 1), LONGEST_WAIT_SECONDS))
