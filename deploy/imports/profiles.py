"""Puts together what the NPM writes into a partner's profile: themes from a theme map, places from an imported register.

It only reads; writing the profile is an act of the NPM.
"""

from typing import Any
from uuid import UUID

import httpx

from deploy.imports import themes
from deploy.imports.sending import Refused, Token


async def profile_body(
    client: httpx.AsyncClient, token: Token, *, partner_id: str, theme_map: str, source: str
) -> dict[str, Any]:
    """Give the body of a partner profile whose place codes are the row ids of the places imported from `source`."""
    mapped = [{"code": code, "theme": theme} for code, theme in themes.load(theme_map).items()]
    places = await place_codes(client, token, source)
    codes = [{"code": code, "place_id": str(place_id)} for code, place_id in sorted(places.items())]
    return {"partner_id": partner_id, "theme_map": mapped, "place_codes": codes}


async def place_codes(client: httpx.AsyncClient, token: Token, source: str) -> dict[str, UUID]:
    """Give the places of a source by row id; an imported place's code begins with its source."""
    found: dict[str, UUID] = {}
    asked = {"limit": "100", "sort": "code"}
    while True:
        headers = {"Authorization": f"Bearer {await token()}"}
        answer = await client.get("/v1/npm/places", params=asked, headers=headers)
        if answer.status_code != 200:
            raise Refused(f"the API refused to list the places ({answer.status_code})")
        page = answer.json()
        for place in page["items"]:
            if place["code"].startswith(f"{source}-"):
                found[place["code"].removeprefix(f"{source}-")] = UUID(place["id"])
        if page["next_cursor"] is None:
            return found
        asked = {**asked, "cursor": page["next_cursor"]}
