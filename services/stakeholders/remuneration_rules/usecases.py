"""What the head does with the rules on what experts are paid: publish a version. No HTTP, no SQL."""

from uuid import UUID

from services.stakeholders.remuneration_rules.schemas import RemunerationRulesCreate
from services.stakeholders.remuneration_rules.tables import RemunerationRules
from shared.db import Work
from shared.journal import Event
from shared.records import stamps


async def publish_remuneration_rules(work: Work, new: RemunerationRulesCreate) -> UUID:
    """Publish a version of the rules; it follows the one before from its day on."""
    made = RemunerationRules(**new.model_dump(), **await stamps(work), published_on=await work.today())
    made.confidentiality = "PUB"
    work.session.add(made)
    told = {"in_force_from": new.in_force_from.isoformat()}
    work.record(Event("stakeholders.remuneration_rules.published", made.id, told, confidentiality="PUB"))
    return made.id
