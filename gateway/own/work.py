"""What a route of the gateway's own works with: the caller, and the way to ask the services on the caller's behalf."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request

from gateway.composition import Composer
from shared.access import Operation
from shared.caller import Caller
from shared.paging import Cursors
from shared.settings import Settings


@dataclass
class OwnState:
    """What the gateway's own routes share."""

    settings: Settings
    cursors: Cursors
    composer: Composer | None = None
    table: dict[str, Operation] = field(default_factory=dict)

    async def quiesce(self) -> None:
        """Nothing runs by itself here."""


class OwnWork:
    """One request to the gateway's own resources."""

    def __init__(self, state: OwnState, caller: Caller, request_id: str) -> None:
        """Hold the caller and the composer."""
        if state.composer is None:
            raise RuntimeError("the gateway's own app was not put together")
        self.state = state
        self.caller = caller
        self.request_id = request_id
        self.composer = state.composer

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
