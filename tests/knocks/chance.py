"""Chance that can be repeated: the seed is printed by every test that uses it, and A22_SEED sets it."""

import os
import random
import sys
from typing import Any


def seeded(request: Any) -> random.Random:
    """Give a source of chance for one test, and print the seed it began with."""
    seed = int(os.environ.get("A22_SEED") or random.SystemRandom().randrange(1_000_000))
    say(f"\n{request.node.name}: A22_SEED={seed}")
    return random.Random(seed)


def size(name: str, default: int) -> int:
    """Give how much of something a test does: A22_KNOCKS_<NAME>, or the figure of the issue."""
    return int(os.environ.get(f"A22_KNOCKS_{name}", default))


def say(sentence: str) -> None:
    """Tell what happened; pytest shows it when a test fails, or with -s."""
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()
