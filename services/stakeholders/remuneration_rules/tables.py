"""The published rules on what experts are paid. A version is never changed; a new one follows it."""

from datetime import date

from services.stakeholders.database import Base
from shared.protection import EVERYTHING, Grant, Policy, Protection, known_inside


class RemunerationRules(Base, table=True):
    """One published version of the rules. A table: the public reads it."""

    __tablename__ = "remuneration_rules"

    edition: str
    content: str
    in_force_from: date
    published_on: date


PROTECTIONS = (
    Protection(
        table="remuneration_rules",
        policies={
            "npm": known_inside(),
            "public": Policy(condition="published", using="published_on <= a22_today()", command="SELECT"),
        },
        grants={
            "npm": Grant(select="*", insert="*"),
            "worker": EVERYTHING,
            "public": Grant(select=("id", "edition", "content", "in_force_from", "published_on")),
        },
    ),
)
