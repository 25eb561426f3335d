"""Grievances through the partner route from a client that is killed and started again: none lost, none twice.

Counted at the API, by the partner's own list and by the NPM's; `timely` is read there too, never from what was sent.
"""

import csv
import secrets
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from deploy.partner.records import NEEDED
from tests.command.test_up import ready, up
from tests.imports.pushing import finished, killed_while_it_sends, read_all
from tests.imports.test_partner import ROW
from tests.shapes import free_ports

OWN, ROTA = "/partner/complaint-referrals", "/npm/complaint-referrals"
KILLS = 5
MADE_UP = 300


def written(folder: Path) -> Path:
    """Write made-up records in the shape of the real ones: answered in time and late, rejected without a due day, open."""
    (folder / "subject_codes.csv").write_text("Code,Text\n34A,STAFF: CONDUCT\n")
    path = folder / "records.csv"
    changes: list[dict[str, str]] = [
        {}, {"sdtstat": "2026-02-22"}, {"CDSTATUS": "REJ", "sdtdue": ""}, {"CDSTATUS": "ACC"}, {"ITERLVL": "A", "sdtdue": "2026-03-13"},
    ]  # fmt: skip
    with path.open("w", newline="") as file:
        rows = csv.DictWriter(file, NEEDED)
        rows.writeheader()
        for number in range(MADE_UP):
            rows.writerow({**ROW, **changes[number % len(changes)], "CASENBR": str(910_000 + number)})
    return path


def judged(referrals: list[dict[str, Any]]) -> Counter[bool | None]:
    return Counter(each["is_other_body_timely"] for each in referrals)


def killed_and_counted(tmp_path: Path, file: Path, codes: Path, records: int) -> list[dict[str, Any]]:
    """Push through five kills, insist that every record is there once, and give what the NPM reads."""
    seed, state, port = secrets.randbelow(1_000_000), tmp_path / "state", free_ports(1)[0]
    print(f"seed {seed}")  # noqa: T201 - who repeats a failure needs it
    with up(tmp_path / "data", port) as process:
        url = ready(process).removeprefix("ready ")
        noted = killed_while_it_sends(file, codes, url, state, kills=KILLS, records=records, seed=seed)
        said = finished(file, codes, url, state, seconds=3_000)
        own = [each["external_id"] for each in read_all(url, "partner", OWN)]
        rota = list(read_all(url, "complaints-officer", ROTA))
        process.terminate()
        process.wait(30)

    assert len(noted) == KILLS
    assert said.startswith(f"{records} records: ")
    assert said.endswith(" 0 refused")
    with file.open(encoding="utf-8", newline="") as opened:
        sent = {row["CASENBR"] for row in csv.DictReader(opened)}
    assert len(sent) == records
    assert sorted(own) == sorted(each["external_id"] for each in rota) == sorted(sent)
    return rota


@pytest.mark.timeout(600)
def test_made_up_records_are_in_once_after_five_kills(tmp_path: Path) -> None:
    rota = killed_and_counted(tmp_path, written(tmp_path), tmp_path, MADE_UP)

    fifth = MADE_UP // 5
    assert judged(rota) == {True: 2 * fifth, False: fifth, None: 2 * fifth}
    assert Counter(each["other_body"]["level"] for each in rota) == {"F": 4 * fifth, "A": fifth}
    assert sum(each["is_other_body_overdue"] for each in rota) == fifth


@pytest.mark.long
@pytest.mark.timeout(7_200)
def test_all_real_records_are_in_once_after_five_kills_and_timely_equals_the_file(
    tmp_path: Path, shared_data: Path
) -> None:
    folder = shared_data / "B1-bop-grievances-ny"
    file = folder / "NY_UniqueComplaintsEnriched.csv"

    rota = killed_and_counted(tmp_path, file, folder, 26_119)

    assert judged(rota) == {True: 11_741, False: 14_750 - 11_741, None: 26_119 - 14_750}
    with file.open(encoding="utf-8", newline="") as opened:
        said = {row["CASENBR"]: {"1.0": True, "0.0": False}.get(row["timely"]) for row in csv.DictReader(opened)}
    assert {each["external_id"]: each["is_other_body_timely"] for each in rota} == said
