"""The database alone keeps a withheld location: no outer role has a column that holds it."""

import asyncpg
import pytest

from deploy.postgres.server import Server
from gateway.development import AUTHORITY_A
from tests.people import People
from tests.visits.places.test_api import confirmed_place

pytestmark = pytest.mark.usefixtures("empty")


@pytest.mark.parametrize("role", ["public", "expert", "partner", "authority"])
async def test_the_database_keeps_a_withheld_location_from_every_outer_role(
    people: People, cluster: Server, role: str
) -> None:
    located = {"address": "Mill Lane 1", "latitude": 1.5, "longitude": 2.5, "operator_id": AUTHORITY_A}
    await confirmed_place(people, **located, name="Withheld", is_location_withheld=True)
    await confirmed_place(people, **located, name="Open")
    connection = await asyncpg.connect(cluster.url("visits_app", "visits"))
    try:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL a22.organisation = '{AUTHORITY_A}'; SET LOCAL ROLE visits_{role}")
            rows = await connection.fetch("SELECT name, public_address, public_latitude, public_longitude FROM place")
            for column in ("address", "latitude", "longitude", "is_location_withheld"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    async with connection.transaction():
                        await connection.fetch(f"SELECT {column} FROM place")
    finally:
        await connection.close()

    assert {row["name"]: tuple(row)[1:] for row in rows} == {
        "Withheld": (None, None, None), "Open": ("Mill Lane 1", 1.5, 2.5),
    }  # fmt: skip
