"""Runs of the formulas, and the counts that the last run leaves for the statistics."""

from datetime import date

from sqlalchemy import Index

from services.complaints.database import Base
from shared.protection import AT_WORK, EVERYTHING, Grant, Policy, Protection, apart_from, has_role, institution


class AnalysisRun(Base, table=True):
    """One run. A table: patterns and silences name the run that found them."""

    __tablename__ = "analysis_run"

    as_of: date
    ordered_by: str
    places: int
    incidents: int
    patterns: int
    silences: int
    signals_changed: int


class ComplaintCount(Base, table=True):
    """By how many the complaints of one value of one dimension in one quarter grew: the rows of a cell add up to its count.

    A run leaves one row for each cell; a trigger adds what changed since (`is_new`), and nobody waits for anybody.
    """

    __tablename__ = "complaint_count"
    __table_args__ = (Index("ix_complaint_count_cell", "dimension", "quarter", "key"),)

    dimension: str
    key: str
    quarter: str
    n: int
    as_of: date
    is_new: bool = False


_INSIDE = has_role("head", "complaints_officer")


PROTECTIONS = (
    Protection(
        table="analysis_run",
        # counted over all complaints: for who is kept from some, a difference would tell of those
        policies={"npm": (institution(), apart_from("true"))},
        grants={"npm": Grant(select="*"), "worker": EVERYTHING},
    ),
    Protection(
        table="complaint_count",
        # who works outside the complaints service reads the last run only: a count that moves tells that somebody complained
        policies={
            "npm": (
                Policy(condition="institution", using=f"({AT_WORK}) AND (NOT is_new OR ({_INSIDE}))"),
                apart_from("true"),
            )
        },
        grants={"npm": Grant(select="*"), "worker": EVERYTHING},
    ),
)
