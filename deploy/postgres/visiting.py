"""A PostgreSQL to look into, whether `./a22 up` runs it already or nobody does; it is left as it was found."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from deploy.postgres import initialise, places
from deploy.postgres.orphans import living
from deploy.postgres.refusal import ClusterRefused
from deploy.postgres.server import Server, server


@contextlib.contextmanager
def visited(data: Path) -> Iterator[Server]:
    """Give the server of A22_DATABASE_URL, else that of the data folder: the one that runs, or one for the block's time.

    A folder without a cluster raises ClusterRefused: nothing is made here.
    """
    if os.environ.get("A22_DATABASE_URL"):
        with server(data) as named:
            yield named
        return
    home = places.kept(data.absolute().resolve())
    if home is None:
        raise ClusterRefused(f"there is no system in {data}: name its data folder with --data")
    if living(home / "postgresql"):
        yield _joined(home, data)
        return
    with server(data) as started:
        yield started


def _joined(home: Path, data: Path) -> Server:
    """Reach a server that another process runs, by what its pid file says of its socket."""
    try:
        lines = (home / "postgresql" / "postmaster.pid").read_text().splitlines()
        password = initialise.read_password(home / "superuser")
        port, sockets, status = lines[3], lines[4], lines[7].strip()
        version = (home / "postgresql" / "PG_VERSION").read_text().strip()
    except (OSError, IndexError):
        raise ClusterRefused(
            f"PostgreSQL of {data} is just starting or ending, or belongs to another account: try again as that account"
        ) from None
    if status != "ready":
        raise ClusterRefused(f"PostgreSQL of {data} is not ready: try again")
    url = f"postgresql://{initialise.SUPERUSER}:{quote(password)}@/postgres?host={quote(sockets, safe='/')}&port={port}"
    return Server(url, version, data, None)
