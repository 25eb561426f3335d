"""A disk that is nearly full: reading only, by a rename, and writing again once there is room."""

import os
from pathlib import Path

import asyncpg
import pytest

from deploy.postgres import room as rooms
from deploy.postgres.cluster import Cluster
from tests.postgres.supervised import becomes, value

KEEP = "CREATE TABLE IF NOT EXISTS kept (number integer)"


async def can_write(cluster: Cluster) -> bool:
    try:
        await value(cluster.admin_url, "CREATE TEMPORARY TABLE tried (number integer)")
        await value(cluster.admin_url, KEEP)
    except asyncpg.ReadOnlySQLTransactionError:
        return False
    return True


def nearly_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "RESERVE_BYTES", 10**18)
    monkeypatch.setattr(rooms, "SMALLEST_SHARE", 1)


async def settled(cluster: Cluster) -> None:
    """Wait until the server has read its settings: a new session shows the old ones for a moment."""
    expected = "on" if cluster.room.in_force.exists() else "off"
    for _ in range(200):
        if await value(cluster.admin_url, "SHOW default_transaction_read_only") == expected:
            return
    raise AssertionError("the server does not read its settings")


async def test_without_room_it_reads_only_and_with_room_it_writes_again(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Cluster.start(open_folder) as cluster:
        assert await can_write(cluster)
        with monkeypatch.context() as full:
            nearly_full(full)
            cluster.room.look(cluster.process.pid)
            await settled(cluster)

            assert not await can_write(cluster)
            assert await value(cluster.admin_url, "SELECT count(*) FROM kept") == 0
        cluster.room.look(cluster.process.pid)
        await settled(cluster)

        assert await can_write(cluster)


async def test_a_start_finds_out_by_itself_whether_there_is_room(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full, Cluster.start(open_folder) as first:
        nearly_full(full)
        first.room.look(None)
        assert first.room.in_force.exists()

    with Cluster.start(open_folder) as second:
        assert await can_write(second)
        assert second.room.spare.stat().st_uid == second.place.account.uid
        assert becomes(lambda: not second.room.in_force.exists())


def test_what_little_a_disk_has_is_enough_on_a_small_one(open_folder: Path) -> None:
    with Cluster.start(open_folder) as cluster:
        disk = os.statvfs(cluster.place.data)
        cluster.room.look(None)

        assert disk.f_bavail * 10 > disk.f_blocks
        assert not cluster.room.in_force.exists()
