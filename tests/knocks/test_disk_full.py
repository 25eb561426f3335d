"""A full disk: writes are refused with 503, reads go on, nothing is corrupt, and it recovers by itself."""

import asyncio
import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.knocks import judge
from tests.knocks.chance import say
from tests.knocks.clients import Connection, Tokens, Writers
from tests.knocks.conftest import ready_within, started
from tests.knocks.processes import System
from tests.postgres.supervised import value

MEGABYTES = 500
LEFT_FOR_NOBODY = 10**12


@pytest.fixture
def small_disk(data: Path) -> Iterator[Path]:
    """Mount a small disk; skipped where that is not allowed."""
    options = ["-o", f"size={MEGABYTES}m,mode=755"]
    if (
        os.geteuid() != 0
        or subprocess.run(["mount", "-t", "tmpfs", *options, "a22", str(data)], check=False).returncode
    ):
        pytest.skip("mounting a small disk needs root's rights")
    yield data
    subprocess.run(["umount", "--lazy", str(data)], check=True)


def fill(folder: Path, *, leaving: int) -> Path:
    """Fill the disk up to some bytes with somebody else's file."""
    path = folder / "somebody-elses-file"
    with path.open("ab", buffering=0) as file:
        while (free := os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize) > leaving:
            try:
                file.write(b"\0" * min(1_000_000, free - leaving or 1))
            except OSError:
                break
    return path


async def statuses(system: System, token: str) -> tuple[int, int, int]:
    """Read one list, read the public one, write one place."""
    with closing(Connection(system.port)) as connection:
        bearer = f"Bearer {token}"
        read = await connection.send("GET", "/v1/npm/places", Authorization=bearer)
        public = await connection.send("GET", "/v1/public/places")
        wrote = await connection.send(
            "POST", "/v1/npm/places", {"name": "Full", "place_type": "prison"}, Authorization=bearer
        )
    return read.status, public.status, wrote.status


async def becomes(system: System, token: str, expected: tuple[int, int, int]) -> None:
    """Wait until reads and the write are answered as expected."""
    seen = set()
    for _ in range(150):
        found = await statuses(system, token)
        seen.add(found)
        if found == expected:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"never {expected}, but {seen}")


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("leaving", [20_000_000, 0], ids=["nearly", "wholly"])
async def test_a_full_disk_refuses_writes_reads_on_and_recovers_by_itself(
    small_disk: Path, chance: random.Random, leaving: int
) -> None:
    async with started(small_disk, "one") as system:
        token = await Tokens(system.port).of("staff")
        assert await statuses(system, token) == (200, 200, 201)
        before = await judge.there(system)
        writers = Writers(system.port, chance, f"full-{chance.randrange(10**9)}")
        processes = {part: process.pid for part, process in system.parts.items()}
        async with asyncio.TaskGroup() as both:
            both.create_task(writers.write(800))
            await writers.reached(100)
            filling = await asyncio.to_thread(fill, small_disk, leaving=leaving)
            await becomes(system, token, (200, 200, 503))
            at = writers.count
            await asyncio.sleep(2)
            assert await statuses(system, token) == (200, 200, 503)
            filling.unlink()
        await becomes(system, token, (200, 200, 201))
        await ready_within(system.port, 10)

        say(f"  full at {at} of 800; met {dict(writers.met)}")
        extra = {row[0] for row in await judge.rows(system, "visits", "SELECT id::text FROM place WHERE name = 'Full'")}
        await judge.nothing_lost_or_doubled(system, writers, before=frozenset(before | extra))
        await judge.chains_hold(system)
        assert {part: process.pid for part, process in system.parts.items() if process.poll() is None} == processes
        assert await value(system.admin_url("visits"), "SELECT count(*) FROM pg_database WHERE datname = 'visits'") == 1
