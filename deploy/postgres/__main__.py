"""`python -m deploy.postgres FOLDER [--fast]`: the cluster alone, in the foreground; it never shows a password."""

import argparse
import logging
import sys
from pathlib import Path

from deploy.postgres.cluster import Cluster
from deploy.postgres.refusal import ClusterRefused
from deploy.postgres.supervisor import heed_signals, until_stopped


def main() -> int:
    """Start, say so on one line, wait, and return the exit code."""
    logging.basicConfig(format="%(message)s")
    asked = argparse.ArgumentParser(prog="python -m deploy.postgres")
    asked.add_argument("folder", type=Path)
    asked.add_argument("--fast", action="store_true", help="in memory, thrown away at the end")
    arguments = asked.parse_args()
    heed_signals()
    try:
        with Cluster.start(arguments.folder, fast=arguments.fast) as cluster:
            sys.stdout.write(f"ready {cluster.version} {cluster.process.pid} {cluster.place.home}\n")
            sys.stdout.flush()
            return until_stopped(cluster)
    except ClusterRefused as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
