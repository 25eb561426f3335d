"""The partner's client against the real API: none lost, none twice, and what it says of the other body is kept."""

from itertools import islice
from pathlib import Path

import pytest

from deploy.partner.client import Pushed, State, push
from deploy.partner.records import Record, labels
from deploy.partner.records import records as written
from tests.imports.test_partner import records
from tests.people import People

pytestmark = [pytest.mark.usefixtures("empty"), pytest.mark.timeout(300)]


async def pushed(people: People, found: list[Record]) -> Pushed:
    partner = await people.as_("partner")

    async def token() -> str:
        return str(partner.token)

    return await push(people.client, token, found, State(None))


async def count(people: People) -> int:
    shown = await (await people.as_("partner")).read("/partner/complaint-referrals?count=exact&limit=1")
    return int(shown["count"])


async def test_pushed_twice_they_are_there_once(people: People, tmp_path: Path) -> None:
    found = records(tmp_path, {}, {"CASENBR": "900002", "CDSTATUS": "REJ", "sdtdue": ""}, {"CASENBR": "900003"})

    first, second = await pushed(people, found), await pushed(people, found)

    assert (dict(first.counts), dict(second.counts)) == ({"made": 3}, {"same": 3})
    assert await count(people) == 3


async def test_what_the_other_body_did_since_is_taken(people: People, tmp_path: Path) -> None:
    await pushed(people, records(tmp_path, {"CDSTATUS": "ACC"}))

    second = await pushed(people, records(tmp_path, {"CDSTATUS": "CLG"}))

    assert (dict(second.counts), await count(people)) == ({"changed": 1}, 1)


async def test_the_first_two_thousand_real_records_go_in_once(people: People, shared_data: Path) -> None:
    folder = shared_data / "B1-bop-grievances-ny"
    found = list(islice(written(folder / "NY_UniqueComplaintsEnriched.csv", labels(folder)), 2_000))

    first, second = await pushed(people, found), await pushed(people, found)

    assert (first.problems, dict(first.counts), dict(second.counts)) == ([], {"made": 2_000}, {"same": 2_000})
    assert await count(people) == 2_000
