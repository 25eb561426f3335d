"""Turns grievance records of the US Bureau of Prisons into complaint referrals. It leaves out what the record does not say."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

NEEDED = (
    "CASENBR ITERLVL CDFCLEVN CDFCLRCV CDSTATUS STATRSN1 STATRSN2 STATRSN3 STATRSN4 STATRSN5 "
    "sdtdue sdtstat sitdtrcv cdsub1cb subcount"
).split()
STATUSES = {"ACC": "open", "CLD": "denied", "CLG": "upheld", "CLO": "other", "REJ": "rejected"}
#: By the first two digits of the subject code; what is not here is about conditions.
TREATMENT = frozenset({"14", "20", "21", "22", "23", "29", "34", "37"})
OTHER_SITUATION = frozenset({"30", "31", "32", "36"})


class NotRecords(Exception):
    """The file does not hold such records."""


@dataclass(frozen=True)
class Record:
    """One record as a referral, or what is wrong with it; the line is that of the file."""

    line: int
    external_id: str
    referral: Mapping[str, Any] | None
    problem: str = ""


def labels(codes: Path) -> dict[str, str]:
    """Read what the subject codes mean, from the folder of code tables."""
    with (codes / "subject_codes.csv").open(encoding="utf-8", newline="") as file:
        return {row["Code"]: row["Text"] for row in csv.DictReader(file)}


def records(path: Path, meanings: Mapping[str, str]) -> Iterator[Record]:
    """Give the records of a file in its order; raises NotRecords when it is another file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        absent = [column for column in NEEDED if column not in (rows.fieldnames or ())]
        if absent:
            raise NotRecords(f"{path.name}: expected the column {absent[0]}")
        for row in rows:
            yield _record(rows.line_num, row, meanings)


def _record(line: int, row: Mapping[str, Any], meanings: Mapping[str, str]) -> Record:
    external_id = row["CASENBR"] or ""
    if None in row or None in row.values():
        return Record(line, external_id, None, "expected as many cells as the header has")
    missing = [name for name in ("CASENBR", "sitdtrcv", "CDFCLEVN", "cdsub1cb") if not row[name]]
    if missing:
        return Record(line, external_id, None, f"expected a value in {missing[0]}")
    if row["CDSTATUS"] not in STATUSES:
        return Record(line, external_id, None, f"expected one of {', '.join(STATUSES)} in CDSTATUS")
    for column in ("sitdtrcv", "sdtdue", "sdtstat"):
        if row[column] and not _is_day(row[column]):
            return Record(line, external_id, None, f"expected a day written as YYYY-MM-DD in {column}")
    if not row["subcount"].isdecimal() or int(row["subcount"]) < 1:
        return Record(line, external_id, None, "expected a whole number of 1 or more in subcount")
    return Record(line, external_id, _referral(row, meanings))


def _referral(row: Mapping[str, str], meanings: Mapping[str, str]) -> dict[str, Any]:
    code = row["cdsub1cb"]
    present = {"present_place": {"code": row["CDFCLRCV"]}} if row["CDFCLRCV"] else {}
    return {
        "external_id": row["CASENBR"],
        "received_on": row["sitdtrcv"],
        "place": {"code": row["CDFCLEVN"]},
        **present,
        "kind": kind(code),
        "themes": [{"code": code, "label": meanings.get(code, code)}],
        "source_role": "deprived_person",
        "anonymous": True,
        "consent": {"state": "not_asked"},
        "other_body": _other_body(row),
    }


def kind(code: str) -> str:
    """Give what a subject code is about: treatment, conditions or another situation."""
    chapter = code[:2]
    if chapter in TREATMENT:
        return "treatment"
    return "other_situation" if chapter in OTHER_SITUATION else "conditions"


def _other_body(row: Mapping[str, str]) -> dict[str, Any]:
    """Say what became of it at the Bureau: an accepted one is still open, whatever day its status was set."""
    is_open = row["CDSTATUS"] == "ACC"
    return {
        "reference": row["CASENBR"],
        "level": row["ITERLVL"],
        "received_on": row["sitdtrcv"],
        "due_on": row["sdtdue"] or None,
        "answered_on": None if is_open else row["sdtstat"] or None,
        "status": STATUSES[row["CDSTATUS"]],
        "status_reasons": [row[f"STATRSN{number}"] for number in range(1, 6) if row[f"STATRSN{number}"]],
        "earlier_submissions": int(row["subcount"]) - 1,
    }


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
