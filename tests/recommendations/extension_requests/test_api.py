"""More time through the gateway: the authority asks, the date stands, the NPM decides."""

from datetime import date, timedelta

import pytest

from gateway.development import AUTHORITY_A
from tests.people import People
from tests.recommendations.conftest import answered, owed_by, sent

pytestmark = pytest.mark.usefixtures("tell")


@pytest.mark.requirement("R-R21")
async def test_a_date_moves_only_by_a_grant_and_keeps_its_history(people: People) -> None:
    validator, staff = await people.as_("authority-validator"), await people.as_("staff")
    made = await sent(people)
    due_on = owed_by(made, AUTHORITY_A)["due_on"]
    until = (date.fromisoformat(due_on) + timedelta(days=20)).isoformat()
    path = f"/authority/recommendations/{made['id']}"

    asked = await validator.made(
        f"{path}/extension-requests", {"asked_until": until, "reason": "The ministry is asked."}
    )
    while_open = (await validator.read(path))["due_on"]
    granted = await staff.done(f"/npm/extension-requests/{asked['id']}", "grant", reason="Two ministries are needed")

    after = await validator.read(path)
    extension = after["deadline"]["extensions"][0]
    assert while_open == due_on
    assert granted["state"] == "granted"
    assert after["due_on"] == granted["granted_until"] >= until
    assert (extension["from"], extension["by"], extension["reason"]) == (due_on, "the NPM", "Two ministries are needed")
    assert "extended to" in after["deadline"]["sentence"]


async def test_a_refusal_leaves_the_date_and_an_answer_takes_the_request_back(people: People) -> None:
    validator, staff = await people.as_("authority-validator"), await people.as_("staff")
    made = await sent(people)
    due_on = owed_by(made, AUTHORITY_A)["due_on"]
    path = f"/authority/recommendations/{made['id']}/extension-requests"
    until = {"asked_until": (date.fromisoformat(due_on) + timedelta(days=5)).isoformat(), "reason": "Holidays"}
    first = await validator.made(path, until)
    await staff.done(f"/npm/extension-requests/{first['id']}", "refuse", reason="No")
    second = await validator.made(path, until)

    await answered(people, made)

    assert (await validator.read(f"/authority/recommendations/{made['id']}"))["due_on"] == due_on
    assert (await staff.read(f"/npm/extension-requests/{second['id']}"))["state"] == "withdrawn"
    assert (await staff.act(f"/npm/extension-requests/{second['id']}", "grant", reason="Yes")).status_code == 409


async def test_only_a_later_day_is_asked_for_and_only_once(people: People) -> None:
    validator, official = await people.as_("authority-validator"), await people.as_("authority-official")
    made = await sent(people)
    due_on = owed_by(made, AUTHORITY_A)["due_on"]
    path = f"/authority/recommendations/{made['id']}/extension-requests"
    later = {"asked_until": (date.fromisoformat(due_on) + timedelta(days=5)).isoformat(), "reason": "Holidays"}

    earlier = await validator.post(path, {"asked_until": due_on, "reason": "Holidays"})
    by_official = await official.post(path, later)
    await validator.made(path, later)
    again = await validator.post(path, later)

    assert (earlier.status_code, by_official.status_code, again.status_code) == (409, 403, 409)
    withdrawn = await validator.done(f"{path}/{(await validator.read(path))['items'][0]['id']}", "withdraw")
    assert set(withdrawn) == {
        "id", "state", "asked_on", "asked_until", "reason", "granted_until", "decision_reason", "decided_on", "allowed_actions",
    }  # fmt: skip
