"""Visits through the gateway: who may go, what is missing for each act, and from proposal to closed."""

import pytest

from tests.people import People
from tests.visits.story import (
    EXPERT,
    EXPERT_TWO,
    LONG,
    MEMBER,
    POLICE,
    PRISON_SERVICE,
    SECONDEE,
    STAFF,
    Feeds,
    codes,
    days_ago,
    give,
    make_place,
    prepared,
    propose,
    put,
    today,
)


async def test_a_visit_goes_from_proposal_to_closed(people: People, feeds: Feeds) -> None:
    place = await make_place(people)
    staff = await people.as_("staff")
    visit = await prepared(people, place)
    path = f"/npm/visits/{visit['id']}"

    ready = await staff.done(path, "confirm")
    started = await staff.done(path, "start")
    await staff.made(
        f"{path}/sessions",
        {"place_id": place["id"], "on": str(today()), "area": "Wing A", "present_ids": [STAFF, EXPERT]},
    )
    owed = await staff.act(path, "finish")
    for kind in ("opening", "closing"):
        await staff.made(f"{path}/meetings", {"place_id": place["id"], "kind": kind, "on": str(today())})
    finding = await staff.made(
        f"{path}/findings",
        {
            "place_id": place["id"], "theme": "overcrowding", "text": "Three people in cells for one.", "severity": 3,
            "root_cause_level": "resources", "sources": ["observation", "register_or_document"],
        },
    )  # fmt: skip
    finished = await staff.done(path, "finish")
    unheard = await staff.act(path, "debrief")
    await put(
        staff,
        "debriefing",
        visit,
        {"on": str(today()), "participant_ids": [STAFF], "expert_inputs": [{"person_id": EXPERT, "text": "Seen."}]},
    )
    reporting = await staff.done(path, "debrief")
    unreported = await staff.act(path, "close")

    statuses = [each["status"] for each in (ready, started, finished, reporting)]
    assert statuses == ["ready", "in_progress", "debriefing", "reporting"]
    assert codes(owed) == ["meetings"]
    assert codes(unheard) == ["debriefing", "expert_input"]
    assert codes(unreported) == ["report"]
    assert finding["is_triangulated"] is True
    states = {each["person"]["id"]: each["assignment_status"] for each in reporting["team"]}
    assert (states[EXPERT], states[MEMBER]) == ("debriefed", None)


async def test_a_follow_up_visit_is_closed_with_a_note_to_file(people: People, feeds: Feeds) -> None:
    place = await make_place(people)
    staff = await people.as_("staff")
    visit = await prepared(people, place, with_expert=False, type="follow_up")
    path = f"/npm/visits/{visit['id']}"
    await staff.done(path, "confirm")
    await staff.done(path, "start")
    for kind in ("opening", "closing"):
        told = {
            "place_id": place["id"],
            "kind": kind,
            "on": str(today()),
            "is_held": False,
            "reason": "the director was away",
        }
        await staff.made(f"{path}/meetings", told)
    await staff.done(path, "finish")
    await put(staff, "debriefing", visit, {"on": str(today()), "participant_ids": [STAFF]})
    await staff.done(path, "debrief")

    closed = await staff.done(path, "close", note_to_file="All four measures were seen.")

    assert (closed["status"], closed["completed_on"]) == ("closed", str(today()))


async def test_nobody_but_the_lead_takes_the_leads_steps(people: People, feeds: Feeds) -> None:
    visit = await prepared(people, await make_place(people))
    head, member = await people.as_("head"), await people.as_("member")

    answers = [await each.act(f"/npm/visits/{visit['id']}", "confirm") for each in (head, member)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "confirm" not in (await head.read(f"/npm/visits/{visit['id']}"))["allowed_actions"]
    assert "confirm" in (await (await people.as_("staff")).read(f"/npm/visits/{visit['id']}"))["allowed_actions"]


@pytest.mark.requirement("R-V57")
async def test_somebody_without_accreditation_for_a_place_cannot_go_there(people: People, feeds: Feeds) -> None:
    prison = await make_place(people)
    cells = await make_place(people, name="Harbour Cells", place_type="police_station", operator_id=POLICE)
    staff = await people.as_("staff")
    visit = await prepared(people, prison, places=[{"place_id": prison["id"]}, {"place_id": cells["id"]}])
    path = f"/npm/visits/{visit['id']}"

    refused = await staff.act(path, "confirm")
    for person in (STAFF, EXPERT):
        await feeds.accredit(person, POLICE)
    confirmed = await staff.act(path, "confirm")

    assert sorted(set(codes(refused))) == ["not_accredited", "team"]
    assert confirmed.status_code == 200


@pytest.mark.requirement("R-V59")
@pytest.mark.parametrize("effect", ["exclude_visit", "exclude_place", "ends_function", "preparation_only"])
async def test_an_expert_with_a_conflict_of_interest_is_refused_with_the_reason(
    people: People, feeds: Feeds, effect: str
) -> None:
    place = await make_place(people)
    staff = await people.as_("staff")
    visit = await propose(staff, place)
    await feeds.conflict(EXPERT_TWO, effect, target_kind="place", target_id=place["id"])
    wanted = {"person_id": EXPERT_TWO, "role": "team_member", "tasks": ["law"]}

    refused = await staff.post(f"/npm/visits/{visit['id']}/team", wanted)

    assert codes(refused) == ["conflict"]
    assert len((await staff.read(f"/npm/visits/{visit['id']}"))["team"]) == 1


async def test_an_undecided_conflict_refuses_as_a_precaution(people: People, feeds: Feeds) -> None:
    place = await make_place(people)
    staff = await people.as_("staff")
    visit = await propose(staff, place)
    told = {
        "person_id": EXPERT,
        "target_kind": "authority",
        "target_id": PRISON_SERVICE,
        "effect": "none",
        "state": "declared",
    }
    await feeds.tell("stakeholders.conflict_declaration.declared", place["id"], **told)

    refused = await staff.post(
        f"/npm/visits/{visit['id']}/team", {"person_id": EXPERT, "role": "team_member", "tasks": ["law"]}
    )

    assert codes(refused) == ["conflict"]


@pytest.mark.requirement("R-V60")
async def test_preparation_only_lets_an_expert_prepare_and_stay_at_home(people: People, feeds: Feeds) -> None:
    place = await make_place(people)
    staff = await people.as_("staff")
    visit = await propose(staff, place)
    await feeds.conflict(EXPERT, "preparation_only", target_kind="place", target_id=place["id"])

    shown = await give(staff, visit, EXPERT, "preparation_contributor", tasks=["reading files"])

    assert [each["role"] for each in shown["team"] if each["person"]["id"] == EXPERT] == ["preparation_contributor"]


@pytest.mark.requirement("R-V67")
async def test_an_expert_never_goes_without_a_member_or_staff(people: People, feeds: Feeds) -> None:
    place = await make_place(people)
    head, staff = await people.as_("head"), await people.as_("staff")
    visit = await prepared(people, place)
    path = f"/npm/visits/{visit['id']}"
    lead = next(each for each in visit["team"] if each["role"] == "lead")
    tag = (await head.get(path)).headers["ETag"]

    removed = await head.send("DELETE", f"{path}/team/{lead['id']}", headers={"If-Match": tag})
    await give(head, visit, SECONDEE, "team_member")
    alone = await head.post(f"{path}/team", {"person_id": SECONDEE, "role": "lead"})
    await give(head, visit, STAFF, "lead")
    refused = await staff.post(
        f"{path}/sessions", {"place_id": place["id"], "on": str(today()), "area": "Wing A", "present_ids": [EXPERT]}
    )
    await staff.done(path, "confirm")
    await staff.done(path, "start")
    in_session = await staff.post(
        f"{path}/sessions", {"place_id": place["id"], "on": str(today()), "area": "Wing A", "present_ids": [EXPERT]}
    )

    assert removed.status_code == 200
    assert codes(alone) == ["role_closed"]
    assert refused.status_code == 409
    assert codes(in_session) == ["expert_alone"]


@pytest.mark.requirement("R-V58")
async def test_an_expert_who_took_no_part_in_the_preparation_does_not_go(people: People, feeds: Feeds) -> None:
    staff = await people.as_("staff")
    visit = await prepared(people, await make_place(people), with_expert=False)
    await give(staff, visit, EXPERT, "team_member", tasks=["health care"])

    refused = await staff.act(f"/npm/visits/{visit['id']}", "confirm")

    assert codes(refused) == ["team", "not_prepared"]


async def test_an_event_that_breaks_a_condition_sends_a_ready_visit_back(people: People, feeds: Feeds) -> None:
    staff = await people.as_("staff")
    visit = await prepared(people, await make_place(people))
    path = f"/npm/visits/{visit['id']}"
    await staff.done(path, "confirm")
    values = {"person_id": EXPERT, "state": "suspended", "in_standing": False, **LONG}

    await feeds.tell("stakeholders.expert_engagement.suspended", visit["id"], **values)

    assert (await staff.read(path))["status"] == "preparing"
    assert codes(await staff.act(path, "confirm")) == ["team", "not_in_standing"]


async def test_a_visit_starts_on_a_visit_day_only(people: People, feeds: Feeds) -> None:
    staff = await people.as_("staff")
    visit = await prepared(people, await make_place(people), days=[str(days_ago(-3))])
    await staff.done(f"/npm/visits/{visit['id']}", "confirm")

    refused = await staff.act(f"/npm/visits/{visit['id']}", "start")

    assert codes(refused) == ["not_a_visit_day"]


async def test_preparation_needs_its_four_named_roles(people: People, feeds: Feeds) -> None:
    head, staff = await people.as_("head"), await people.as_("staff")
    visit = await propose(head, await make_place(people))
    await head.done(f"/npm/visits/{visit['id']}", "plan")

    refused = await staff.act(f"/npm/visits/{visit['id']}", "prepare")

    assert codes(refused) == ["drafter", "approver", "authority_contact"]


@pytest.mark.requirement("R-V50")
async def test_a_reactive_visit_needs_a_justification_and_the_head(people: People, feeds: Feeds) -> None:
    head, staff = await people.as_("head"), await people.as_("staff")
    place = await make_place(people)
    visit = await propose(staff, place, type="reactive", purposes=[])

    refused = await staff.act(f"/npm/visits/{visit['id']}", "plan")
    await staff.patch(f"/npm/visits/{visit['id']}", {"justification": "a death", "purposes": ["issue_of_concern"]})
    planned = await head.act(f"/npm/visits/{visit['id']}", "plan")

    assert codes(refused) == ["ground", "justification", "head"]
    assert planned.status_code == 200


async def test_an_obstructed_visit_needs_its_incident_and_ends_early_with_a_reason(
    people: People, feeds: Feeds
) -> None:
    place = await make_place(people)
    staff = await people.as_("staff")
    visit = await prepared(people, place)
    path = f"/npm/visits/{visit['id']}"
    await staff.done(path, "confirm")
    await staff.done(path, "start")

    too_soon = await staff.act(path, "report_obstruction")
    incident = {
        "place_id": place["id"],
        "visit_id": visit["id"],
        "occurred_on": str(today()),
        "kind": "refused",
        "refused_by": "director",
    }
    await staff.made("/npm/access-incidents", incident)
    await staff.done(path, "report_obstruction")
    unexplained = await staff.act(path, "end_early")
    ended = await staff.done(path, "end_early", reason="no access", is_reprisal_watch_considered=True)

    assert codes(too_soon) == ["access_incident"]
    assert codes(unexplained) == ["reason", "reprisal_watch"]
    assert ended["status"] == "debriefing"
