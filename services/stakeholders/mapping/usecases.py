"""What people do with the stakeholder map: assess, look at it, draw it. No HTTP, no SQL."""

from typing import Any
from uuid import UUID

from services.stakeholders import charts
from services.stakeholders.authorities import queries as authorities
from services.stakeholders.authorities.rules import MAPPING_REVIEW_MONTHS, AuthorityCategory, missing_circles
from services.stakeholders.mapping import queries, rules
from services.stakeholders.mapping.rules import Quadrant
from services.stakeholders.mapping.schemas import AuthorityMapping, AuthorityMappingUpdate, MappingMatrix
from shared.db import Work
from shared.http import expect
from shared.journal import Event
from shared.records import touch

_CORNERS = (
    charts.Corner(Quadrant.WORK_TOGETHER.label, 4.4, 3.5),
    charts.Corner(Quadrant.WIN_OVER.label, 4.4, 1.5),
    charts.Corner(Quadrant.KEEP_AS_ALLY.label, 0.42, 3.5),
    charts.Corner(Quadrant.OBSERVE.label, 0.42, 1.5),
)


async def in_full(work: Work, authority_id: UUID) -> bytes:
    """Render how the NPM finds an institution."""
    told = await queries.of_authority(work, authority_id)
    is_placed = told["influence"] is not None and told["openness"] is not None
    shown = {
        **told,
        "authority": {"id": told["id"], "name": told["name"]},
        "quadrant": rules.quadrant(told["influence"], told["openness"]) if is_placed else None,
    }
    return AuthorityMapping.model_validate(shown).model_dump_json().encode()


async def update_mapping(work: Work, authority_id: UUID, if_match: str, changes: AuthorityMappingUpdate) -> UUID:
    """Assess an institution; the assessment is looked at again in six months (R-S03)."""
    stakeholder = await authorities.lock(work, authority_id)
    expect(if_match, await in_full(work, authority_id))
    for name, value in changes.model_dump(mode="json").items():
        setattr(stakeholder, name, value)
    today = await work.today()
    stakeholder.reviewed_on = today
    stakeholder.next_review_on = rules.next_review(today, months=MAPPING_REVIEW_MONTHS)
    await touch(work, stakeholder)
    # what was found stays in this service: it is nobody else's
    work.record(Event("stakeholders.mapping.assessed", stakeholder.id, {}, leaves=False))
    return stakeholder.id


async def matrix(work: Work) -> bytes:
    """Render the map."""
    placed = await queries.placed(work)
    categories = [AuthorityCategory(each["category"]) for each in placed if each["category"]]
    shown = {
        "items": [{**each, "quadrant": rules.quadrant(each["influence"], each["openness"])} for each in placed],
        "missing_circles": missing_circles(categories),
        "not_assessed": await queries.not_assessed(work),
    }
    return MappingMatrix.model_validate(shown).model_dump_json().encode()


async def chart(work: Work) -> dict[str, Any]:
    """Draw the map as a Vega-Lite chart."""
    placed = [charts.Placed(each["name"], each["influence"], each["openness"]) for each in await queries.placed(work)]
    return charts.matrix_chart(placed, _CORNERS, title="Institutions by influence and openness")
