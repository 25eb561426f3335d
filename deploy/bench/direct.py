"""The visits service alone, called as by nobody: the caller is handed over as in one process, with no gateway and no token.

Started by the benchmark of the door only; it listens on loopback and is no part of any system.
"""

import os

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.assembly import service_alone
from gateway.protocol import ProblemProtocol
from shared.access import vocabulary
from shared.caller import Caller
from shared.revocations.copies import Revocations
from shared.settings import Settings

STAFF = Caller(
    subject="e7a9502e-445d-45a0-ad56-07ad11b97980",
    audience_class="npm",
    roles=frozenset({"staff"}),
    scopes=vocabulary().scopes_of(["staff"], audience_class="npm"),
    client_id="development",
)


class HandedOver:
    """Puts a caller into every request, as the gateway does in one process."""

    def __init__(self, app: ASGIApp) -> None:
        """Take the service."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the staff persona over."""
        scope["a22.caller"] = STAFF
        await self._app(scope, receive, send)


if __name__ == "__main__":
    uvicorn.run(
        HandedOver(service_alone("visits", Settings(), Revocations())),
        host="127.0.0.1",
        port=int(os.environ["A22_BENCH_PORT"]),
        http=ProblemProtocol,
        loop="uvloop",
        access_log=False,
        server_header=False,
        log_level="error",
    )
