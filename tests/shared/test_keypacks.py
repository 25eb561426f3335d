"""Keys in packs: found after a restart, gone after a removal, unharmed by what a crash cut off."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from shared.keypacks import PACKS, KeyPacks
from shared.vault import DataKey, Erased, KeyStore

LENGTH = 8


def wrapped(number: int) -> dict[UUID, bytes]:
    return {uuid4(): index.to_bytes(LENGTH, "big") for index in range(number)}


def test_every_record_is_found_again_and_nothing_else(tmp_path: Path) -> None:
    first, second = wrapped(500), wrapped(500)
    KeyPacks(tmp_path, LENGTH).add(first)
    KeyPacks(tmp_path, LENGTH).add(second)

    packs = KeyPacks(tmp_path, LENGTH)

    assert all(packs.find(owner) == record for owner, record in {**first, **second}.items())
    assert packs.find(uuid4()) is None
    assert len(list(tmp_path.glob("*.keys"))) == PACKS


def test_a_removed_one_is_in_no_file_and_the_others_stay(tmp_path: Path) -> None:
    packs, records = KeyPacks(tmp_path, LENGTH), wrapped(300)
    packs.add(records)
    gone, *kept = records

    packs.remove(gone)
    packs.remove(gone)

    assert packs.find(gone) is None
    assert all(packs.find(owner) == records[owner] for owner in kept)
    assert not any(gone.bytes in path.read_bytes() for path in tmp_path.iterdir())


def test_half_a_record_at_the_end_is_none_and_the_next_ones_take_its_place(tmp_path: Path) -> None:
    packs, records, later = KeyPacks(tmp_path, LENGTH), wrapped(300), wrapped(300)
    packs.add(records)
    for path in tmp_path.glob("*.keys"):
        path.write_bytes(path.read_bytes() + b"half a record"[: LENGTH + 3])

    packs.add(later)

    assert all(packs.find(owner) == record for owner, record in {**records, **later}.items())


async def test_the_key_store_opens_erases_and_keeps_keys_that_came_many_at_once(tmp_path: Path) -> None:
    owners = [uuid4() for _ in range(20)]
    made = await KeyStore(tmp_path).make_many("case", owners)
    store = KeyStore(tmp_path)

    again: list[DataKey] = [await store.make("case", owner) for owner in owners]
    await store.destroy("case", owners[0], act="erased", at="2026-01-01")

    assert again == [made[owner] for owner in owners]
    with pytest.raises(Erased):
        await store.key("case", owners[0])
    assert await store.key("case", owners[1]) == made[owners[1]]
