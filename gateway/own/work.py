"""What a route of the gateway's own works with where it asks the services: the caller, and the way to ask on its behalf.

A route on the gateway's own database takes the usual `NpmWork` instead.
"""

from typing import Annotated, Any

from fastapi import Depends, Request

from gateway.composition import Composer
from shared.app import ServiceState
from shared.caller import Caller


class OwnWork:
    """One request that is answered from the services."""

    def __init__(self, state: ServiceState, caller: Caller, request_id: str) -> None:
        """Hold the caller and the composer."""
        self.state = state
        self.caller = caller
        self.request_id = request_id
        self.composer: Composer = state.extras["composer"]

    async def read(self, operation: str, *, path: dict[str, str] | None = None, **query: Any) -> Any:
        """Read a part that must be there."""
        return await self.composer.read(self.caller, operation, request_id=self.request_id, path=path, **query)

    async def read_or_mark(self, operation: str, *, path: dict[str, str] | None = None, **query: Any) -> Any:
        """Read a part that may be missing; it is then marked as unavailable."""
        return await self.composer.read_or_mark(self.caller, operation, request_id=self.request_id, path=path, **query)


async def open_own_work(request: Request) -> OwnWork:
    """Give the work of one request."""
    return OwnWork(request.app.state.a22, request.scope["a22.caller"], request.scope["a22.request_id"])


Own = Annotated[OwnWork, Depends(open_own_work)]
