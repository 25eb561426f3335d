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
from shared import access

HEAD = Decider(person_id="head", roles=frozenset({"head"}))
MEMBER = Decider(person_id="member", roles=frozenset({"member"}))
DEPUTY = Decider(person_id="deputy", roles=frozenset({"member"}))
MATRIX = [MatrixEntry(topic=DecisionTopic.REPORTS, decider_id="member", deputy_id="deputy")]


@pytest.mark.requirement("R-S99", "R-S100")
def test_there_is_a_topic_for_all_that_somebody_decides() -> None:
    settled_by_rules = {"visits", "reports", "law_and_policy", "plans", "spokesperson", "budget", "authority_contact"}

    assert settled_by_rules <= {topic.value for topic in DecisionTopic}


def test_every_decision_scope_has_a_topic() -> None:
    assert access.vocabulary().decisions == DECISION_SCOPES


def test_roles_are_those_of_the_access_page() -> None:
    assert set(access.vocabulary().roles) >= NEVER_DECIDING_ROLES


@pytest.mark.requirement("R-S86")
@pytest.mark.parametrize("role", sorted(access.vocabulary().roles))
def test_only_head_and_members_are_named(role: str) -> None:
    assert may_be_named({role}) == (role in ("head", "member"))


@pytest.mark.requirement("R-S86")
@pytest.mark.parametrize(("role", "topic"), list(product(sorted(NEVER_DECIDING_ROLES), DecisionTopic)))
def test_a_name_in_the_matrix_makes_no_decider_of_an_outsider(role: str, topic: DecisionTopic) -> None:
    outsider = Decider(person_id="member", roles=frozenset({role, "member"}))

    assert not may_decide(outsider, topic, [MatrixEntry(topic=topic, decider_id="member")])


@pytest.mark.parametrize("topic", DecisionTopic)
def test_the_head_decides_by_default(topic: DecisionTopic) -> None:
    assert may_decide(HEAD, topic, [])
    assert may_decide(HEAD, topic, MATRIX)


@pytest.mark.requirement("R-S100")
@pytest.mark.parametrize("decider", [MEMBER, DEPUTY], ids=lambda decider: decider.person_id)
@pytest.mark.parametrize("topic", DecisionTopic)
def test_others_decide_where_a_row_names_them(decider: Decider, topic: DecisionTopic) -> None:
    assert may_decide(decider, topic, MATRIX) == (topic is DecisionTopic.REPORTS)


def test_scopes_follow_the_rows() -> None:
    assert decision_scopes(HEAD, []) == DECISION_SCOPES
    assert decision_scopes(MEMBER, MATRIX) == {"visits:reports.approve"}
    assert decision_scopes(MEMBER, []) == frozenset()


def test_a_topic_without_a_scope_says_who_answers() -> None:
    speaker = [MatrixEntry(topic=DecisionTopic.SPOKESPERSON, decider_id="member")]

    assert topics_of(MEMBER, speaker) == {DecisionTopic.SPOKESPERSON}
    assert decision_scopes(MEMBER, speaker) == frozenset()
    assert DecisionTopic.SPOKESPERSON not in SCOPES


def test_nobody_decides_on_their_own_proposal() -> None:
    assert not may_decide(HEAD, DecisionTopic.REPORTS, [], proposed_by="head")
    assert not may_decide(MEMBER, DecisionTopic.REPORTS, MATRIX, proposed_by="member")
    assert may_decide(MEMBER, DecisionTopic.REPORTS, MATRIX, proposed_by="head")


def test_who_is_recused_decides_nothing() -> None:
    recused = Decider(person_id="head", roles=frozenset({"head"}), is_recused=True)

    assert not may_decide(recused, DecisionTopic.CONFLICTS, [])
