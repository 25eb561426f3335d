"""Who decides on what, beside the head."""

from uuid import UUID

from sqlmodel import Field

from services.stakeholders.database import Base
from shared.protection import EVERYTHING, Grant, Policy, Protection, known_inside


class DecisionMatrixEntry(Base, table=True):
    """One topic, who decides on it, and who does so in their absence. A table: row policies ask it."""

    __tablename__ = "decision_matrix_entry"

    topic: str = Field(unique=True)
    decider_id: UUID
    deputy_id: UUID | None = None


PROTECTIONS = (
    Protection(
        table="decision_matrix_entry",
        policies={
            # who decides what is known in the house, and policies of accounts and conflicts ask it
            "npm": known_inside(),
            "service": Policy(condition="institution", using="true", command="SELECT"),
        },
        grants={
            "npm": Grant(select="*", insert="*", update="*", delete=True),
            "worker": EVERYTHING,
            "service": Grant(select=("topic", "decider_id", "deputy_id")),
        },
    ),
)
