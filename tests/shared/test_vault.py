"""The vault: sealed values stay where they belong, keys live and die, and the ledger shows every tampering."""

import json
from pathlib import Path
from uuid import uuid4

import pytest

from shared.errors import Unavailable
from shared.vault import Broken, Erased, KeyStore

WORD = "Amina Canary"


async def test_what_is_sealed_opens_in_its_own_place_only(tmp_path: Path) -> None:
    store, row = KeyStore(tmp_path), uuid4()
    key = await store.make("person", row)
    sealed = key.seal(WORD, table="person_record", column="name", row=row)

    again = await store.key("person", row)

    assert again.open(sealed, table="person_record", column="name", row=row) == WORD
    for place in (
        {"table": "other", "column": "name", "row": row},
        {"table": "person_record", "column": "contact", "row": row},
        {"table": "person_record", "column": "name", "row": uuid4()},
    ):
        with pytest.raises(Broken):
            again.open(sealed, **place)  # type: ignore[arg-type]


async def test_an_altered_value_or_one_of_another_key_does_not_open(tmp_path: Path) -> None:
    store, row = KeyStore(tmp_path), uuid4()
    key, other = await store.make("person", row), await store.make("person", uuid4())
    sealed = key.seal(WORD, table="t", column="c", row=row)

    with pytest.raises(Broken):
        key.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), table="t", column="c", row=row)
    with pytest.raises(Broken):
        other.open(sealed, table="t", column="c", row=row)


async def test_two_sealings_of_one_value_differ_and_hold_nothing_readable(tmp_path: Path) -> None:
    store, row = KeyStore(tmp_path), uuid4()
    key = await store.make("person", row)

    sealed = [key.seal(WORD, table="t", column="c", row=row) for _ in range(2)]

    assert sealed[0] != sealed[1]
    assert all(WORD.encode() not in each for each in sealed)


async def test_a_key_file_is_wrapped_and_useless_under_another_name(tmp_path: Path) -> None:
    store, row, other = KeyStore(tmp_path), uuid4(), uuid4()
    key = await store.make("person", row)
    path = next((tmp_path / "keys").rglob("*.key"))
    assert key.secret not in path.read_bytes()

    stolen = tmp_path / "keys" / "person" / other.hex[:2] / f"{other}.key"
    stolen.parent.mkdir(parents=True, exist_ok=True)
    stolen.write_bytes(path.read_bytes())

    with pytest.raises(Unavailable):
        await store.key("person", other)


async def test_a_destroyed_key_never_opens_again_also_after_a_new_start(tmp_path: Path) -> None:
    store, row = KeyStore(tmp_path), uuid4()
    await store.make("person", row)

    await store.destroy("person", row, act="erased", at="2026-03-01T00:00:00Z")

    with pytest.raises(Erased):
        await KeyStore(tmp_path).key("person", row)
    assert [line["act"] for line in store.ledger.lines()] == ["erased"]


async def test_without_the_store_nothing_opens_and_nothing_is_made(tmp_path: Path) -> None:
    store, row = KeyStore(tmp_path), uuid4()
    await store.make("person", row)
    (tmp_path / "keys").rename(tmp_path / "elsewhere")

    with pytest.raises(Unavailable):
        await store.key("person", row)
    with pytest.raises(Unavailable):
        await store.make("person", uuid4())


async def test_a_lost_key_is_not_taken_for_an_erased_one(tmp_path: Path) -> None:
    store, row = KeyStore(tmp_path), uuid4()
    await store.make("person", row)
    next((tmp_path / "keys").rglob("*.key")).unlink()

    with pytest.raises(Unavailable):
        await store.key("person", row)


@pytest.mark.parametrize("tampering", ["altered", "deleted", "reordered"])
async def test_the_ledger_shows_where_it_was_tampered_with(tmp_path: Path, tampering: str) -> None:
    store = KeyStore(tmp_path)
    for number in range(3):
        await store.note("withdrawn", f"consent:{number}", at="2026-03-01T00:00:00Z")
    assert store.ledger.broken_at() is None

    path = tmp_path / "ledger.jsonl"
    lines = path.read_text().splitlines()
    changed = {
        "altered": [lines[0], json.dumps({**json.loads(lines[1]), "subject": "consent:9"}), lines[2]],
        "deleted": [lines[0], lines[2]],
        "reordered": [lines[1], lines[0], lines[2]],
    }[tampering]
    path.write_text("\n".join(changed) + "\n")

    assert store.ledger.broken_at() == {"altered": 2, "deleted": 2, "reordered": 1}[tampering]


async def test_the_same_words_are_recognised_without_being_kept(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)

    assert store.recognise(WORD) == store.recognise(WORD) != store.recognise("somebody else")
    assert store.recognise(WORD) != KeyStore(tmp_path / "other").recognise(WORD)
