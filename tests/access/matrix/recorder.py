"""Remembers which operation answered whom with what, while a system is used: the proof that a door opens at all."""

import base64
import json
from collections import defaultdict

import httpx

from gateway import operations
from gateway.development import PERSONAS

_NAMES = {persona.subject: name for name, persona in PERSONAS.items()}


class Recorder:
    """Keeps the personas that an operation answered with success, from the answers of a client."""

    def __init__(self) -> None:
        """Know every operation that the gateway serves."""
        self.index = operations.table(with_development=True)
        self.succeeded: dict[str, set[str]] = defaultdict(set)

    async def __call__(self, answer: httpx.Response) -> None:
        """Take one answer; it is an event hook of the client."""
        path = answer.request.url.raw_path.decode().partition("?")[0]
        row, _parameters, _methods = self.index.find(answer.request.method, path)
        if row is not None and answer.is_success:
            self.succeeded[row.key].add(_who(answer.request))


def _who(request: httpx.Request) -> str:
    """Give the persona whose token a request carries; empty for nobody."""
    sent = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not sent:
        return ""
    claims = sent.split(".")[1]
    return _NAMES[json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"]]
