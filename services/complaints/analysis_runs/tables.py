"""Runs of the formulas, and the counts that the last run leaves for the statistics."""

from datetime import date

from sqlalchemy import UniqueConstraint

from services.complaints.database import Base
from shared.protection import EVERYTHING, Grant, Protection, institution


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
    """How many complaints there are of one value of one dimension in one quarter, by the last run. Never a cell of two."""

    __tablename__ = "complaint_count"
    __table_args__ = (UniqueConstraint("dimension", "key", "quarter", name="uq_complaint_count"),)

    dimension: str
    key: str
    quarter: str
    n: int
    as_of: date


PROTECTIONS = (
    Protection(
        table="analysis_run",
        policies={"npm": institution()},
        grants={"npm": Grant(select="*"), "worker": EVERYTHING},
    ),
    Protection(
        table="complaint_count",
        policies={"npm": institution()},
        grants={"npm": Grant(select="*"), "worker": EVERYTHING},
    ),
)
