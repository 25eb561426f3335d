"""Makes what belongs to the cluster and not to a migration: roles, databases and their grants.

It must never build SQL from outside input: names are fixed, and PostgreSQL quotes every one of them itself.
"""

import base64
import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

from deploy.postgres.refusal import ClusterRefused

#: The roles a transaction takes on, one for each audience and two for the machine itself.
AUDIENCES = ("npm", "expert", "authority", "partner", "public", "service", "worker")
EXTENSIONS = ("unaccent", "pg_trgm")
FILE = "passwords.json"
NAME = re.compile(r"[a-z_]+[a-z0-9_]*")
#: Any number, the same in every version: two starts at once take turns in the database of the admin's URL.
LOCK = 2_200_022
SCRAM_ROUNDS = 4096
EXPLICIT_INHERITANCE_SINCE = 16

ORDINARY = " NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS "
OWNER_ROLE = "ALTER ROLE %I LOGIN" + ORDINARY + "PASSWORD %L"
#: NOINHERIT stands before the grants: from PostgreSQL 16 on each grant copies it.
APP_ROLE = "ALTER ROLE %I LOGIN NOINHERIT" + ORDINARY + "PASSWORD %L"
AUDIENCE_ROLE = "ALTER ROLE %I NOLOGIN NOINHERIT" + ORDINARY + "PASSWORD NULL"

Admin = str | Mapping[str, Any]


def owner(service: str) -> str:
    """The role that migrates the service's database."""
    return f"{service}_owner"


def app(service: str) -> str:
    """The role the service logs in with; it may do nothing until it takes on an audience's role."""
    return f"{service}_app"


def audience(service: str, name: str) -> str:
    """The role of one audience in one service."""
    return f"{service}_{name}"


def logins(services: Iterable[str]) -> list[str]:
    """Every role that has a password."""
    return [role for service in services for role in (owner(service), app(service))]


def passwords(folder: Path, services: Sequence[str]) -> dict[str, str]:
    """The password of every login role; made once, kept in a file for its owner alone, added to for a new service."""
    folder.mkdir(parents=True, exist_ok=True)
    # A lock file apart from the cluster's, which may hold the folder itself.
    turn = os.open(folder / f"{FILE}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(turn, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = kept_passwords(folder)
        missing = [role for role in logins(services) if role not in known]
        if missing:
            known |= {role: secrets.token_urlsafe(32) for role in missing}
            _keep(folder / FILE, known)
    return {role: known[role] for role in logins(services)}


def kept_passwords(folder: Path) -> dict[str, str]:
    """What the file holds; empty when there is none."""
    try:
        kept: dict[str, str] = json.loads((folder / FILE).read_text())
    except FileNotFoundError:
        return {}
    return kept


def _keep(file: Path, known: Mapping[str, str]) -> None:
    making = file.with_suffix(".making")
    making.unlink(missing_ok=True)
    with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(known, out, indent=1, sort_keys=True)
        out.flush()
        os.fsync(out.fileno())
    making.rename(file)


async def prepare(
    admin: Admin,
    services: Sequence[str],
    passwords: Mapping[str, str],
    *,
    environment: str,
    time_zone: str,
    suffix: str = "",
) -> None:
    """Make or mend the roles and the database of every service; again and at the same time as another is harmless."""
    for name in (*services, *(service + suffix for service in services), environment):
        if not NAME.fullmatch(name):
            raise ValueError(f"not a name for a role or database: {name!r}")
    async with _connected(admin) as cluster:
        if not await cluster.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
            raise ClusterRefused("the administrator's URL is not a superuser's: roles and set_config need one")
        # An unknown time zone fails here, before anything is made.
        await cluster.fetchval("SELECT now() AT TIME ZONE $1::text", time_zone)
        # Held until this connection closes.
        await cluster.execute("SELECT pg_advisory_lock($1)", LOCK)
        for service in services:
            await _make_roles(cluster, service, passwords)
            await _make_database(cluster, service, service + suffix, environment, time_zone)
            async with _connected(admin, service + suffix) as inside:
                await _make_grants(inside, service)


async def _make_roles(cluster: asyncpg.Connection, service: str, passwords: Mapping[str, str]) -> None:
    """One owner, one login without rights of its own, one role for each audience that the login may take on."""
    here = {row["rolname"] for row in await cluster.fetch("SELECT rolname FROM pg_roles")}
    takes_on = [audience(service, name) for name in AUDIENCES]
    for role in (owner(service), app(service), *takes_on):
        if role not in here:
            await _run(cluster, "CREATE ROLE %I", role)
    for role, ordinary in ((owner(service), OWNER_ROLE), (app(service), APP_ROLE)):
        await _run(cluster, ordinary, role, verifier(passwords[role]))
    is_explicit = cluster.get_server_version().major >= EXPLICIT_INHERITANCE_SINCE
    for role in takes_on:
        await _run(cluster, AUDIENCE_ROLE, role)
        await _run(
            cluster, "GRANT %I TO %I" + (" WITH INHERIT FALSE, SET TRUE" if is_explicit else ""), role, app(service)
        )


async def _make_database(
    cluster: asyncpg.Connection, service: str, database: str, environment: str, time_zone: str
) -> None:
    """A database that only its owner and its service may open, with the settings every session starts with."""
    if not await cluster.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database):
        await _run(cluster, "CREATE DATABASE %I OWNER %I", database, owner(service))
    await _run(cluster, "ALTER DATABASE %I OWNER TO %I", database, owner(service))
    await _run(cluster, "REVOKE ALL ON DATABASE %I FROM PUBLIC", database)
    await _run(cluster, "GRANT CONNECT ON DATABASE %I TO %I, %I", database, owner(service), app(service))
    await _run(cluster, "ALTER DATABASE %I SET timezone = 'UTC'", database)
    await _run(cluster, "ALTER DATABASE %I SET a22.environment = %L", database, environment)
    await _run(cluster, "ALTER DATABASE %I SET a22.time_zone = %L", database, time_zone)
    # On the login role: SET ROLE does not bring the settings of the role it takes on.
    for name in ("statement_timeout", "lock_timeout"):
        await _run(cluster, "ALTER ROLE %I IN DATABASE %I SET %I = '5s'", app(service), database, name)


async def _make_grants(inside: asyncpg.Connection, service: str) -> None:
    """The ground the migrations build on: nobody changes settings by a function, nobody but the owner makes tables."""
    pair = (owner(service), app(service))
    # Without this one injected expression takes on another role for the next statement.
    await _run(inside, "REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC")
    await _run(inside, "GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO %I, %I", *pair)
    await _run(inside, "ALTER SCHEMA public OWNER TO %I", owner(service))
    await _run(inside, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
    for role in (app(service), *(audience(service, name) for name in AUDIENCES)):
        await _run(inside, "GRANT USAGE ON SCHEMA public TO %I", role)
    for extension in EXTENSIONS:
        if await inside.fetchval("SELECT 1 FROM pg_available_extensions WHERE name = $1", extension):
            await _run(inside, "CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA public", extension)


def verifier(password: str) -> str:
    """The SCRAM-SHA-256 form of a password (RFC 5803), so that no server log can hold the password itself."""
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, SCRAM_ROUNDS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    shown = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${SCRAM_ROUNDS}:{shown[0]}${shown[1]}:{shown[2]}"


async def _run(connection: asyncpg.Connection, template: str, *names: str) -> None:
    """Run a statement that takes no parameters, its names and values quoted by PostgreSQL."""
    await connection.execute(await connection.fetchval("SELECT format($1, VARIADIC $2::text[])", template, names))


@asynccontextmanager
async def _connected(admin: Admin, database: str | None = None) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the administrator, to another database of the same cluster if named."""
    known: dict[str, Any] = {"dsn": admin} if isinstance(admin, str) else dict(admin)
    if database is not None:
        known["database"] = database
    connection = await asyncpg.connect(**known)
    try:
        yield connection
    finally:
        await connection.close()
