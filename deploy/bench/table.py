"""What the benchmarks found, as one table: a ratio of interleaved rounds, its goal, and what it was on this machine."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line: what was measured against what, the rounds' ratios (empty where there is nothing to compare), and the rest in words."""

    what: str
    against: str
    ratios: Sequence[float]
    goal: str
    here: str
    """What it came to on this machine: a rate, a latency, megabytes."""

    def shown(self) -> str:
        """Give the line."""
        median = f"{statistics.median(self.ratios):.2f}" if self.ratios else "-"
        spread = f"{min(self.ratios):.2f} to {max(self.ratios):.2f}" if self.ratios else "-"
        return f"| {self.what} | {self.against} | {median} | {spread} | {self.goal or '-'} | {self.here} |"


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Give the table, line by line."""
    yield "| what | against | ratio | of rounds | goal | here |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        yield row.shown()
