"""Adding evidence on implementation. It decides nothing: an assessment does."""

from uuid import UUID

from services.recommendations.evidence.schemas import EvidenceCreate
from services.recommendations.evidence.tables import Evidence
from services.recommendations.recommendations import queries as recommendations
from shared.db import Work
from shared.errors import Conflict
from shared.journal import Event
from shared.records import stamps

_BEFORE = ("draft", "internal_review", "draft_consultation", "approved", "dropped")


async def add_evidence(work: Work, recommendation_id: UUID, new: EvidenceCreate) -> UUID:
    """Keep what speaks about implementation of something that was sent."""
    recommendation = await recommendations.lock(work, recommendation_id)
    if recommendation.state in _BEFORE:
        raise Conflict("there is no implementation to speak of before it is sent", code="illegal_transition")
    evidence = Evidence(
        **new.model_dump(mode="json", exclude={"observed_on"}),
        **await stamps(work),
        observed_on=new.observed_on,
        recommendation_id=recommendation_id,
    )
    work.session.add(evidence)
    told = {"recommendation_id": str(recommendation_id), "kind": new.kind.value}
    work.record(Event("recommendations.evidence.added", evidence.id, told, leaves=False))
    return evidence.id
