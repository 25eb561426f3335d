"""Everything that lies about after the work is done: every row of every table, every feed, every key file, as bytes."""

import subprocess
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from deploy.assembly import service_key
from deploy.postgres.binaries import find
from deploy.postgres.server import Server
from shared.identity import TOKEN_TYPE, stamped
from shared.settings import DATABASES, SERVICES, Settings
from tests.people import Actor, People

TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'm') ORDER BY c.relname
"""
LEAVING = "SELECT DISTINCT action FROM journal WHERE leaves ORDER BY action"


async def dumped(cluster: Server) -> dict[str, bytes]:
    """Give every row of every table as text, by `service.table`; what is binary appears in hex."""
    found: dict[str, bytes] = {}
    for service in DATABASES:
        connection = await asyncpg.connect(cluster.url(f"{service}_owner", service))
        try:
            for row in await connection.fetch(TABLES):
                rows = await connection.fetch(f'SELECT row_to_json(each)::text AS shown FROM "{row["relname"]}" each')
                found[f"{service}.{row['relname']}"] = "\n".join(each["shown"] for each in rows).encode()
        finally:
            await connection.close()
    return found


async def fed(people: People, settings: Settings, cluster: Server) -> dict[str, bytes]:
    """Give everything that each service tells the others, read as another service reads it."""
    found: dict[str, bytes] = {}
    for source in SERVICES:
        reader = "visits" if source != "visits" else "complaints"
        actor = Actor(people.client, _token(settings, reader, f"{source}:feed.read"))
        connection = await asyncpg.connect(cluster.url(f"{source}_owner", source))
        actions = [row["action"] for row in await connection.fetch(LEAVING)]
        await connection.close()
        found[source] = b"".join([page async for page in _pages(actor, source, actions)])
    return found


async def _pages(actor: Actor, source: str, actions: list[str]) -> Any:
    after = 0
    while True:
        answer = await actor.get(f"/service/{source}-events", params={"after": after, "action": actions[:100]})
        assert answer.status_code == 200, answer.text
        items = answer.json()["items"]
        if not items:
            return
        yield answer.content
        after = int(items[-1]["sequence"])


def _token(settings: Settings, service: str, scope: str) -> str:
    claims = {
        "sub": service,
        "client_id": service,
        "audience_class": "service",
        "roles": ["system"],
        "institution_id": str(settings.institution_id),
        "scope": scope,
    }
    issuer = f"{settings.base_url}/services/{service}"
    told = stamped(claims, issuer=issuer, audience=settings.audience, seconds=60)
    return service_key(settings, service).sign(told, typ=TOKEN_TYPE)


def filed(settings: Settings) -> Iterator[tuple[str, bytes]]:
    """Give the bytes of each file of keys and of the ledger, by name."""
    for folder in (settings.secrets, settings.public_keys, settings.heads_folder):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield str(path.relative_to(folder)), path.read_bytes() + path.name.encode()


def backed_up(cluster: Server) -> Iterator[tuple[str, bytes]]:
    """Give what `pg_dump` writes of each database, in clear."""
    program = find().program("pg_dump")
    for name in DATABASES:
        url = urlunsplit(urlsplit(cluster.admin_url)._replace(path=f"/{name}"))
        yield name, subprocess.run([program, "--dbname", url], capture_output=True, check=True).stdout


def beside_the_tables(cluster: Server) -> Iterator[tuple[str, bytes]]:
    """Give the write-ahead log and what the server says, file by file."""
    assert cluster.cluster is not None
    place = cluster.cluster.place
    for path in sorted((place.data / "pg_wal").iterdir()):
        if path.is_file():
            yield f"wal {path.name}", path.read_bytes()
    yield "log of the server", place.log.read_bytes()
