"""Who decides on what, and who may be named."""

from itertools import product

import pytest

from services.stakeholders.decision_matrix.rules import (
    DECISION_SCOPES,
    NEVER_DECIDING_ROLES,
    SCOPES,
    Decider,
    DecisionTopic,
    MatrixEntry,
    decision_scopes,
    may_be_named,
    may_decide,
    topics_of,
)
from shared.access import Access

HEAD = Decider(person_id="head", roles=frozenset({"head"}))
MEMBER = Decider(person_id="member", roles=frozenset({"member"}))
DEPUTY = Decider(person_id="deputy", roles=frozenset({"member"}))
MATRIX = [MatrixEntry(topic=DecisionTopic.REPORTS, decider_id="member", deputy_id="deputy")]
