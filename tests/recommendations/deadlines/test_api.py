"""The run over the deadlines: tells each passed date once and changes nothing."""

import asyncpg
import pytest

from deploy.postgres.server import Server
from tests.people import People
from tests.recommendations.conftest import later, sent
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("tell")

TOLD = "SELECT payload FROM journal WHERE action = 'recommendations.response.became_overdue' AND leaves AND payload ->> 'recommendation_id' = $1"


async def test_each_date_is_told_once(people: People, cluster: Server) -> None:
    staff, made = await people.as_("staff"), await sent(people)
    await later(staff, "P40D")
    tag = (await staff.get(f"/npm/recommendations/{made['id']}")).headers["ETag"]

    first = await staff.post("/npm/deadline-runs")
    again = await staff.post("/npm/deadline-runs")

    assert (first.json()["overdue"], again.json()["overdue"]) == (1, 0)
    assert (await staff.get(f"/npm/recommendations/{made['id']}")).headers["ETag"] == tag
    connection = await asyncpg.connect(cluster.url("recommendations_owner", "recommendations"))
    try:
        told = await eventually(lambda: connection.fetch(TOLD, made["id"]))
    finally:
        await connection.close()
    assert len(told) == 1
