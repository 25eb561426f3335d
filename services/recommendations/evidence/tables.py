"""What speaks about implementation. Complaints stand here as an aggregate only, never as a case."""

from datetime import date
from uuid import UUID

from sqlmodel import Field

from services.recommendations.database import Base
from services.recommendations.recommendations.tables import of_visible_recommendation
from shared.protection import EVERYTHING, READ_AND_WRITE, Protection


class Evidence(Base, table=True):
    """What speaks about implementation. A table: assessments point at it."""

    __tablename__ = "evidence"

    recommendation_id: UUID = Field(foreign_key="recommendation.id", index=True)
    kind: str
    cited_from: str
    observed_on: date
    claim: str
    reliability: str


PROTECTIONS = (
    Protection(
        table="evidence",
        policies={"npm": of_visible_recommendation("evidence")},
        grants={"npm": READ_AND_WRITE, "worker": EVERYTHING},
    ),
)
