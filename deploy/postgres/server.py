"""The seam to the rest of the system: a PostgreSQL to work with, embedded or named by A22_DATABASE_URL.

It must never keep a password in a log or a message; URLs are made when asked for.
"""

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from deploy.postgres import durability, roles
from deploy.postgres.binaries import OLDEST_MAJOR
from deploy.postgres.cluster import Cluster
from deploy.postgres.refusal import ClusterRefused


@dataclass(frozen=True)
class Server:
    """A server that runs; `cluster` is None when it is not ours to stop."""

    admin_url: str = field(repr=False)
    version: str
    folder: Path
    cluster: Cluster | None

    def url(self, role: str, database: str) -> str:
        """A URL for one of our login roles; for asyncpg as it is, for SQLAlchemy with `postgresql+asyncpg://`."""
        password = roles.kept_passwords(self.folder).get(role)
        if password is None:
            raise KeyError(f"no password is kept for the role {role}")
        admin = urlsplit(self.admin_url)
        address = f"{quote(role)}:{quote(password, safe='')}@{admin.netloc.rpartition('@')[2]}"
        # A netloc that is empty after the @ is right: the socket's folder stands in the query.
        return urlunsplit((admin.scheme, address, f"/{quote(database)}", admin.query, ""))


@contextlib.contextmanager
def server(data: Path, *, fast: bool = False) -> Iterator[Server]:
    """The server of A22_DATABASE_URL, else the embedded cluster of the data folder until the block ends."""
    if named := os.environ.get("A22_DATABASE_URL"):
        # Passwords made for a named server are kept beside the embedded cluster's data, if there were any.
        yield _named(re.sub(r"^postgres(ql)?(\+asyncpg)?://", "postgresql://", named), data, fast=fast)
        return
    with Cluster.start(data, fast=fast) as cluster:
        yield Server(cluster.admin_url, cluster.version, data, cluster)


def _named(url: str, data: Path, *, fast: bool) -> Server:
    try:
        version = durability.shown(url, "server_version")["server_version"].split()[0]
        if not fast:
            durability.assert_durable(url)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        # The driver's message may repeat the URL, password included.
        raise ClusterRefused(f"the server of A22_DATABASE_URL does not answer: {type(error).__name__}") from None
    if int(version.split(".")[0]) < OLDEST_MAJOR:
        raise ClusterRefused(
            f"the server of A22_DATABASE_URL is PostgreSQL {version}: {OLDEST_MAJOR} or newer is needed"
        )
    return Server(url, version, data, None)
