"""Reads the reports of a coroners' file back from the API, as a front end would."""

from typing import Any

from tests.people import Actor


async def reports(staff: Actor, query: str = "") -> list[dict[str, Any]]:
    """Give every recommendation of the list."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = await staff.read(f"/npm/recommendations?limit=100{query}{cursor}")
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def reference(report: dict[str, Any]) -> str:
    """Give the coroner's reference, the first part of the text that the mapping makes."""
    return str(report["text"]["en"]).partition(",")[0]


def changed_by_merging(found: list[dict[str, Any]]) -> list[str]:
    """Name the reports whose status is another one when repeated addressees count once."""
    outcomes = [(reference(each), each["reported_outcome"]) for each in found]
    return sorted(name for name, told in outcomes if told["status"] != told["status_if_merged"])
