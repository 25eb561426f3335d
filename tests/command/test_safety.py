"""The gates of bandit and pip-audit: what has a reason is left out, and nothing else; silence of the register is said aloud."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.command import safety
from deploy.command.safety import Known, exemptions, is_explained, read_report, without_exempt

ECDSA = Known("ecdsa", "0.19.2", frozenset({"PYSEC-1", "CVE-2024-23342"}))


def finding(test: str, code: str) -> dict[str, Any]:
    return {"test_id": test, "code": code}


@pytest.mark.parametrize(
    ("found", "explained"),
    [
        (finding("B506", "40 told = yaml.load(written, Loader=_Plain)  # noqa: S506 - stricter still"), True),
        (finding("B506", "40 told = yaml.load(written)  # noqa: BLE001, S506 - so"), True),
        (finding("B506", "40 told = yaml.load(written)  # noqa: S105 - another"), False),
        (finding("B506", "40 told = yaml.load(written)  # noqa: BLE001"), False),
        (finding("B506", "40 told = yaml.load(written)"), False),
    ],
)
def test_a_reason_counts_for_its_own_finding_alone(found: dict[str, Any], explained: bool) -> None:
    assert is_explained(found) is explained


def test_an_exemption_counts_for_its_own_package_and_name() -> None:
    exempt = [{"package": "ecdsa", "ids": ["CVE-2024-23342"]}]
    others = [Known("ecdsa", "0.19.2", frozenset({"CVE-1"})), Known("jose", "1", frozenset({"CVE-2024-23342"}))]

    assert without_exempt([ECDSA, *others], exempt) == others


def test_every_exemption_says_why() -> None:
    assert [each["package"] for each in exemptions()] == ["ecdsa"]
    assert all(len(each["reason"]) > 80 and each["ids"] for each in exemptions())


def test_the_exempt_package_is_loaded_by_nothing_of_ours(checkout: Path) -> None:
    """The reason of the exemption, held: neither signing nor verifying imports it."""
    script = (
        "import sys; from shared.identity import SigningKey; from pathlib import Path; import tempfile, deploy.assembly;"
        "key = SigningKey.kept_in(Path(tempfile.mkdtemp()), 'k'); key.public.vouched(key.sign({'a': 1}, typ='t'), typ='t', key={key.kid: key.public}.get);"
        "sys.exit('ecdsa' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", script], cwd=checkout, check=False).returncode == 0


def test_what_the_register_says_is_read() -> None:
    told: list[dict[str, Any]] = [
        {"name": "ecdsa", "version": "0.19.2", "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-2024-23342"]}]},
        {"name": "starlette", "version": "1.10.0", "vulns": []},
        {"name": "h11", "skip_reason": "not found"},
    ]

    assert read_report(told) == safety.Report((ECDSA,), 2, 1)


@pytest.mark.parametrize(
    ("report", "status", "said"),
    [
        (None, 0, "NOT JUDGED"),
        (safety.Report((), 0, 90), 0, "NOT JUDGED"),
        (safety.Report((ECDSA,), 90, 0), 0, "1 exempt, 0 left"),
        (safety.Report((Known("starlette", "1", frozenset({"CVE-9"})),), 90, 0), 2, "starlette 1: CVE-9"),
    ],
)
def test_the_gate_says_what_it_could_not_judge(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], report: Any, status: int, said: str
) -> None:
    monkeypatch.setattr(safety, "audited", lambda _lock: report)

    # one finding in each of the two locks
    assert safety.packages_are_sound() == status
    assert said in capsys.readouterr().out
