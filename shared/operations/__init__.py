"""Operations: what takes longer than a request. Ordered in a request's transaction, carried out by the service's worker.

A route calls `begin` and answers with `accepted`; a service names who carries a kind out (a `Runner`) when it is built.
"""

from shared.operations.running import Cancelled, Runner, Running
from shared.operations.schemas import Operation
from shared.operations.usecases import accepted, begin, shown

__all__ = ["Cancelled", "Operation", "Runner", "Running", "accepted", "begin", "shown"]
