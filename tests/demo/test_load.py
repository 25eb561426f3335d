"""The made-up country goes into an empty system through its import routes, and only once."""

from datetime import UTC, datetime

import pytest

from deploy.demo.country.places import PATTERN_PLACE, SILENT_PLACE
from deploy.demo.load import LoadFailed, load
from tests.people import People

TODAY = datetime.now(UTC).date()

pytestmark = pytest.mark.usefixtures("empty")


async def test_the_country_is_loaded_and_a_second_run_changes_nothing(people: People) -> None:
    staff, lines = await people.as_("staff"), list[str]()

    await load(people.client, TODAY, lines.append)
    before = await staff.read(f"/npm/places/{PATTERN_PLACE}")
    await load(people.client, TODAY, lines.append)

    assert any(line.startswith("places: 300 rows") for line in lines)
    assert (await staff.read("/npm/places?count=exact"))["count"] == 300
    assert await staff.read(f"/npm/places/{PATTERN_PLACE}") == before
    assert before["origin"] == "imported"
    assert (before["status"], before["complaint_channel_quality"]) == ("in_use", "working")
    assert before["mandate_basis"]["authority_involvement"] == "order"


async def test_a_house_of_unknown_use_waits_for_somebody_to_look(people: People) -> None:
    staff = await people.as_("staff")

    await load(people.client, TODAY, lambda _line: None)

    waiting = await staff.read("/npm/places?status=unverified")
    assert {place["place_type"] for place in waiting["items"]} == {"unknown"}


async def test_a_register_of_somebody_elses_is_never_mixed_with_the_made_up_one(people: People) -> None:
    staff = await people.as_("staff")
    await staff.made("/npm/places", {"name": "A real place", "place_type": "prison"})

    with pytest.raises(LoadFailed, match="holds others already"):
        await load(people.client, TODAY, lambda _line: None)

    assert (await staff.get(f"/npm/places/{SILENT_PLACE}")).status_code == 404
