"""A partner's client as a process of its own against a real server: killed at points drawn from a seed, started again."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from tests.command.test_up import CHECKOUT


def start(file: Path, codes: Path, url: str, state: Path) -> "subprocess.Popen[str]":
    """Start the client; it knows the public contract and its own state file, nothing else."""
    command = [sys.executable, "-m", "deploy.partner.push", str(file), "--codes", str(codes), "--url", url]
    return subprocess.Popen(
        [*command, "--state", str(state)], cwd=CHECKOUT, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )  # fmt: skip


def killed_while_it_sends(
    file: Path, codes: Path, url: str, state: Path, *, kills: int, records: int, seed: int
) -> list[int]:
    """Kill the client so often by its pid, each time after a drawn number of further records; gives how many were noted then."""
    drawn, noted = random.Random(seed), []
    for left in range(kills, 0, -1):
        before = _lines(state)
        further = drawn.randint(1, max(1, (records - before) // (left + 1)))
        process = start(file, codes, url, state)
        while _lines(state) < before + further:
            assert process.poll() is None, "the client ended by itself"
            time.sleep(0.005)
        # not at a record's end but anywhere in the next one
        time.sleep(drawn.random() * 0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        noted.append(_lines(state))
    return noted


def finished(file: Path, codes: Path, url: str, state: Path, *, seconds: float) -> str:
    """Start the client once more and let it end; gives its last line."""
    process = start(file, codes, url, state)
    said, _ = process.communicate(timeout=seconds)
    assert process.returncode == 0, said
    return said.strip().splitlines()[-1]


def _lines(state: Path) -> int:
    return state.read_bytes().count(b"\n") if state.exists() else 0


def read_all(url: str, persona: str, path: str) -> Iterator[dict[str, Any]]:
    """Read a list to its end as a persona."""
    with httpx.Client(base_url=url, timeout=60) as client:
        asked: dict[str, str] = {"limit": "100"}
        while True:
            given = client.post("/development/tokens", json={"persona": persona}).json()["token"]
            page = client.get(f"/v1{path}", params=asked, headers={"Authorization": f"Bearer {given}"})
            assert page.status_code == 200, page.text
            yield from page.json()["items"]
            if page.json()["next_cursor"] is None:
                return
            asked["cursor"] = page.json()["next_cursor"]
