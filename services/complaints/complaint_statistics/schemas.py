"""Inside statistics of complaints, one dimension at a time."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.schemas import Day, Shown
from shared.workflow import Vocabulary


class ComplaintDimension(Vocabulary):
    """What complaints are counted by."""

    THEME = "theme", "Main theme"
    PLACE_TYPE = "place_type", "Type of place"
    SERIOUSNESS = "seriousness", "Seriousness"
    SOURCE_ROLE = "source_role", "Who complains"
    CHANNEL = "channel", "Channel"
    KIND = "kind", "Kind"
    STATE = "state", "State"


class ComplaintStatisticsAsked(BaseModel):
    """What to count by."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    by: ComplaintDimension = ComplaintDimension.THEME
    """The dimension."""
    quarter: Annotated[str, Field(pattern=r"^[0-9]{4}-Q[1-4]$")] | None = None
    """One quarter only."""


class ComplaintCell(Shown):
    """One count."""

    key: str
    quarter: str
    n: int | None
    """Null where fewer than three are hidden from you."""


class ComplaintStatistics(Shown):
    """Counts of complaints. For use inside only: nothing of it may leave."""

    by: ComplaintDimension
    as_of: Day | None
    """The day that the counts are of; null before the first run for whoever reads by runs."""
    cells: list[ComplaintCell]
