"""Waiting for what was ordered and takes longer than a request."""

from typing import Any

import httpx

from tests.people import Actor
from tests.waiting import eventually

ENDED = ("done", "failed", "cancelled")


async def finished(actor: Actor, answer: httpx.Response, *, seconds: float = 60) -> dict[str, Any]:
    """Insist on 202, ask for the operation until it has ended, and give it."""
    assert answer.status_code == 202, answer.text
    path = f"/operations/{answer.json()['id']}"
    audience = answer.headers["Location"].split("/v1/")[1].split("/")[0]

    async def ended() -> dict[str, Any]:
        shown = await actor.read(f"/{audience}{path}")
        return shown if shown["state"] in ENDED else {}

    return await eventually(ended, seconds=seconds)
