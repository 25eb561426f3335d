"""The dashboard through the gateway: rates with their numbers, a chart and a picture."""

from typing import Any

import pytest

from gateway.development import AUTHORITY_A, AUTHORITY_B
from tests.people import People
from tests.recommendations.imports.test_api import imported

pytestmark = pytest.mark.usefixtures("tell")


def row(name: str, status: str | None, *, answer: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Make a row of history in follow-up, addressed to authority A."""
    findings = [{"on": "2026-05-01", "status": status, "has_other_evidence": True}] if status else []
    asked = {
        "authority_id": AUTHORITY_A,
        "state": "complete" if answer else "awaited",
        "due_on": "2026-03-01",
        "answer": answer,
    }
    return {
        "row": name,
        "line": 1,
        "text": {"en": f"Recommendation {name}."},
        "state": "in_follow_up",
        "transmitted_on": "2026-01-10",
        "published_on": "2026-01-20",
        "implementation_due": "2026-04-01",
        "addressees": [asked],
        "findings": findings,
        **more,
    }


IN_TIME = {"position": "accepted", "claimed_status": "implemented", "submitted_on": "2026-02-01"}
LATE = {"position": "rejected", "reasons": "No budget", "submitted_on": "2026-03-20"}
MADE = (
    row("a", "implemented", answer=IN_TIME),
    row("b", "partially_implemented", answer=IN_TIME),
    row("c", "not_implemented", answer=LATE),
    row("d", None),
    row("e", "no_longer_applicable"),
    row("f", "implemented", addressees=[{"authority_id": AUTHORITY_B, "state": "awaited", "due_on": "2026-03-01"}]),
)


@pytest.mark.requirement("R-R79")
async def test_rates_stand_with_their_numbers(people: People) -> None:
    await imported(people, *MADE)
    staff = await people.as_("staff")

    shown = await staff.read(f"/npm/dashboards/implementation?authority_id={AUTHORITY_A}")

    figures, answers = shown["implementation"], shown["answers"]
    assert (figures["counted"], figures["assessable"]) == (4, 4)
    assert figures["implementation_rate"] == {"part": 1.5, "whole": 4, "value": 0.375}
    assert figures["strict_rate"] == {"part": 1, "whole": 4, "value": 0.25}
    assert figures["claim_gap"] == {"part": 1, "whole": 2, "value": 0.5}
    assert figures["by_status"] == {"implemented": 1, "partially_implemented": 1, "not_implemented": 1, "unassessed": 1}
    assert (answers["due"], answers["response_rate"]["part"], answers["on_time"]["part"]) == (5, 3, 2)
    assert (await staff.read("/npm/dashboards/implementation"))["implementation"]["counted"] == 5
    assert (await staff.read("/npm/dashboards/implementation?with_imported=false"))["implementation"]["counted"] == 0


async def test_the_chart_and_the_picture_show_findings_by_authority(people: People) -> None:
    await imported(people, *MADE)
    staff = await people.as_("staff")

    chart = (await staff.read("/npm/dashboards/implementation/chart"))["vega_lite"]
    picture = await staff.get("/npm/dashboards/implementation/picture")

    assert chart["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    assert picture.status_code == 200
    assert picture.headers["Content-Type"].startswith("image/svg+xml")
    assert picture.text.startswith("<svg")
    for words in ("What became of the recommendations", "Prison Service", "Police Directorate", "Not assessed yet"):
        assert words in picture.text
