"""Reads the directory of institutions back from the API, and decides what waits there."""

from typing import Any

from tests.people import Actor

KINDS = "kind=authority&kind=monitoring_body"


async def bodies(staff: Actor) -> list[dict[str, Any]]:
    """Give every institution of the list."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = await staff.read(f"/npm/authorities?limit=100&{KINDS}{cursor}")
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


async def waiting(staff: Actor) -> list[dict[str, Any]]:
    """Give what waits for somebody to recognise it."""
    items: list[dict[str, Any]] = (await staff.read("/npm/authority-matches?state=open&limit=100"))["items"]
    return items


def shape(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Give what the directory says, without ids: the same for the same directory."""
    return sorted(
        (
            each["name"],
            each["kind"],
            each["category"] or "",
            each["abbreviation"],
            each["closed_on"] or "",
            sorted(parent["name"] for parent in each["parents"]),
        )
        for each in found
    )


async def decide(staff: Actor, action: str) -> None:
    """Decide everything that waits alike."""
    for match in await waiting(staff):
        chosen = {"candidate_id": match["candidates"][0]["id"]} if action == "accept" else {}
        await staff.done(f"/npm/authority-matches/{match['id']}", action, **chosen)
