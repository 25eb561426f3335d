"""The partner's client: what a record becomes, and that neither kills nor repetitions lose or double one.

The API is played by a few lines that keep what they are sent; the real one has tests of its own.
"""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.partner import records as written
from deploy.partner.client import Pushed, State, Stopped, push
from deploy.partner.records import NEEDED, NotRecords, Record

ROW = {
    "CASENBR": "900001", "ITERLVL": "F", "CDFCLEVN": "BRO", "CDFCLRCV": "OTV", "CDSTATUS": "CLD", "STATRSN1": "DNY", "STATRSN2": "",
    "STATRSN3": "", "STATRSN4": "", "STATRSN5": "", "sdtdue": "2026-02-21", "sdtstat": "2026-02-20", "sitdtrcv": "2026-02-01",
    "cdsub1cb": "34A", "subcount": "3",
}  # fmt: skip


def records(folder: Path, *rows: dict[str, str]) -> list[Record]:
    path = folder / "records.csv"
    lines = [",".join({**ROW, **row}[name] for name in NEEDED) for row in rows]
    path.write_text("\n".join([",".join(NEEDED), *lines]), encoding="utf-8")
    return list(written.records(path, {"34A": "STAFF: CONDUCT"}))


class Api:
    """Keeps referrals by external id; answers as the contract says."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}
        self.sent = 0
        self.failing: list[int] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.sent += 1
        if self.failing:
            status = self.failing.pop(0)
            if status == 0:
                raise httpx.ConnectError("cut")
            return httpx.Response(status, headers={"Retry-After": "0"}, json={"detail": "no"})
        name = request.url.path.rpartition("/")[2]
        if request.method == "GET":
            return httpx.Response(200, headers={"ETag": '"1"'}, json=self.kept[name])
        body = json.loads(request.content)
        known = self.kept.get(name)
        if known is not None and known != body and "If-Match" not in request.headers:
            return httpx.Response(428, json={})
        self.kept[name] = body
        return httpx.Response(201 if known is None else 200, json={})


async def pushed(api: Api, found: list[Record], state: Path | None = None) -> Pushed:
    async def token() -> str:
        return "t"

    async with httpx.AsyncClient(transport=httpx.MockTransport(api), base_url="http://a22.example") as client:
        return await push(client, token, found, State(state))


def test_a_record_becomes_a_referral_without_anything_about_a_person(tmp_path: Path) -> None:
    (record,) = records(tmp_path, {})

    assert record.referral == {
        "external_id": "900001",
        "received_on": "2026-02-01",
        "place": {"code": "BRO"},
        "present_place": {"code": "OTV"},
        "kind": "treatment",
        "themes": [{"code": "34A", "label": "STAFF: CONDUCT"}],
        "source_role": "deprived_person",
        "anonymous": True,
        "consent": {"state": "not_asked"},
        "other_body": {
            "reference": "900001", "level": "F", "received_on": "2026-02-01", "due_on": "2026-02-21", "answered_on": "2026-02-20",
            "status": "denied", "status_reasons": ["DNY"], "earlier_submissions": 2,
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "due", "other"),
    [
        ("ACC", "2026-02-21", ("open", "2026-02-21", None)),
        ("CLG", "2026-02-21", ("upheld", "2026-02-21", "2026-02-20")),
        ("CLO", "2026-02-21", ("other", "2026-02-21", "2026-02-20")),
        ("REJ", "", ("rejected", None, "2026-02-20")),
    ],
)
def test_the_other_bodys_status_and_days(tmp_path: Path, status: str, due: str, other: tuple[str, ...]) -> None:
    (record,) = records(tmp_path, {"CDSTATUS": status, "sdtdue": due})

    assert record.referral
    body = record.referral["other_body"]
    assert (body["status"], body["due_on"], body["answered_on"]) == other


@pytest.mark.parametrize(("code", "kind"), [("20D", "treatment"), ("24A", "conditions"), ("31Z", "other_situation")])
def test_the_kind_follows_the_subject(code: str, kind: str) -> None:
    assert written.kind(code) == kind


def test_a_code_without_a_meaning_is_sent_as_it_stands(tmp_path: Path) -> None:
    (record,) = records(tmp_path, {"cdsub1cb": "26M"})

    assert record.referral
    assert record.referral["themes"] == [{"code": "26M", "label": "26M"}]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sitdtrcv": "2025-02-30"}, "sitdtrcv"),
        ({"CASENBR": ""}, "CASENBR"),
        ({"CDSTATUS": "XXX"}, "CDSTATUS"),
        ({"subcount": "none"}, "subcount"),
        ({"CASENBR": "1,2"}, "cells"),
    ],
)
async def test_a_bad_record_is_told_with_its_line_and_the_rest_goes_in(
    tmp_path: Path, change: dict[str, str], said: str
) -> None:
    api = Api()

    done = await pushed(api, records(tmp_path, {}, change, {"CASENBR": "900003"}))

    assert (done.counts["made"], done.counts["refused"]) == (2, 1)
    assert done.problems[0].startswith("line 3: ")
    assert said in done.problems[0]


def test_another_file_is_refused_whole(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")

    with pytest.raises(NotRecords, match="CASENBR"):
        list(written.records(tmp_path / "other.csv", {}))


async def test_a_second_run_doubles_nothing(tmp_path: Path) -> None:
    api, found = Api(), records(tmp_path, {}, {"CASENBR": "900002"})
    first = await pushed(api, found)

    second = await pushed(api, found)

    assert (first.counts["made"], second.counts["same"], second.counts["made"], len(api.kept)) == (2, 2, 0, 2)


async def test_with_a_state_file_a_second_run_sends_only_what_is_new(tmp_path: Path) -> None:
    api, state = Api(), tmp_path / "state"
    await pushed(api, records(tmp_path, {}), state)

    second = await pushed(api, records(tmp_path, {}, {"CASENBR": "900002"}), state)

    assert (second.counts["skipped"], second.counts["made"], api.sent) == (1, 1, 2)


async def test_a_line_of_the_state_file_that_a_kill_cut_off_does_not_count(tmp_path: Path) -> None:
    api, state, found = Api(), tmp_path / "state", records(tmp_path, {})
    await pushed(api, found, state)
    state.write_text(state.read_text()[:-1])

    second = await pushed(api, found, state)

    assert (second.counts["same"], len(api.kept)) == (1, 1)


async def test_an_answer_that_was_lost_is_asked_for_again(tmp_path: Path) -> None:
    api = Api()
    api.failing = [0, 503, 429]

    done = await pushed(api, records(tmp_path, {}))

    assert (done.counts["made"], len(api.kept)) == (1, 1)


async def test_what_the_other_body_did_since_replaces_the_record(tmp_path: Path) -> None:
    api = Api()
    await pushed(api, records(tmp_path, {"CDSTATUS": "ACC"}))

    second = await pushed(api, records(tmp_path, {"CDSTATUS": "CLG"}))

    assert second.counts["changed"] == 1
    assert api.kept["900001"]["other_body"]["status"] == "upheld"


async def test_a_refused_record_is_counted_and_a_refused_caller_stops(tmp_path: Path) -> None:
    api, found = Api(), records(tmp_path, {}, {"CASENBR": "900002"})
    api.failing = [422]
    done = await pushed(api, found)
    api.failing = [403]

    with pytest.raises(Stopped, match="403"):
        await pushed(api, found)

    assert (done.counts["refused"], done.counts["made"]) == (1, 1)


def test_the_real_records_all_become_referrals(shared_data: Path) -> None:
    folder = shared_data / "B1-bop-grievances-ny"

    found = list(written.records(folder / "NY_UniqueComplaintsEnriched.csv", written.labels(folder)))

    bodies = [record.referral["other_body"] for record in found if record.referral]
    answered = [body for body in bodies if body["due_on"] and body["answered_on"]]
    assert (len(found), len(bodies), len({record.external_id for record in found})) == (26_119, 26_119, 26_119)
    assert (len(answered), sum(body["answered_on"] <= body["due_on"] for body in answered)) == (14_750, 11_741)
