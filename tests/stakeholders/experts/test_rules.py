"""The states of an expert's engagement, standing, and what a contract says."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from services.stakeholders.experts.rules import (
    EXPERT_ENGAGEMENT,
    ContractTerms,
    ExpertAction,
    ExpertGap,
    ExpertModality,
    ExpertStatus,
    Period,
    StandingReason,
    TrainingKind,
    accreditation_gaps,
    confidentiality_gaps,
    contracting_gaps,
    is_lapsed,
    may_end,
    pooling_gaps,
    standing,
    training_gaps,
)
from tests.architecture import declared

BEGIN, END = date(2026, 1, 1), date(2026, 12, 31)
YEAR = Period(from_on=BEGIN, to_on=END)
TERMS = ContractTerms(
    period=YEAR,
    tasks="visits and reports",
    immunities_clause="OPCAT Art. 35",
    immunities_scope="when acting for the NPM, and after",
    confidentiality_clause="all information",
    names_article_21_2=True,
    excludes_representation=True,
    is_code_acknowledged=True,
    is_signed_by_expert=True,
)
IN_ORDER: dict[str, Any] = {
    "is_vetting_passed": True,
    "are_remuneration_rules_published": True,
    "are_conflicts_declared": True,
}


def reasons(status: ExpertStatus, **change: Any) -> tuple[StandingReason, ...]:
    known: dict[str, Any] = {
        "contracts": [YEAR],
        "training_valid_until": END,
        "accreditations": [YEAR],
        "day": date(2026, 6, 1),
    }
    return standing(status, **known | change).reasons


@pytest.mark.parametrize(("status", "action"), list(product(ExpertStatus, ExpertAction)))
def test_every_act_leads_where_the_declared_machine_says(status: ExpertStatus, action: ExpertAction) -> None:
    assert declared.reached(EXPERT_ENGAGEMENT, status, action) == declared.target("expert_engagement", status, action)


@pytest.mark.requirement("R-S63")
def test_the_three_routes() -> None:
    assert [modality.value for modality in ExpertModality] == "public_call ad_hoc via_organisation".split()


@pytest.mark.parametrize("status", ExpertStatus)
def test_only_an_accredited_expert_is_in_standing(status: ExpertStatus) -> None:
    expected = {
        ExpertStatus.ACCREDITED: (),
        ExpertStatus.SUSPENDED: (StandingReason.SUSPENDED,),
        ExpertStatus.ENDED: (StandingReason.ENDED,),
    }

    assert reasons(status) == expected.get(status, (StandingReason.NOT_ACCREDITED,))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"contracts": []}, StandingReason.NO_CONTRACT_TODAY),
        ({"contracts": [replace(YEAR, to_on=date(2026, 5, 31))]}, StandingReason.NO_CONTRACT_TODAY),
        ({"training_valid_until": None}, StandingReason.TRAINING_EXPIRED),
        ({"training_valid_until": date(2026, 5, 31)}, StandingReason.TRAINING_EXPIRED),
        ({"accreditations": []}, StandingReason.NO_ACCREDITATION_TODAY),
        ({"accreditations": [replace(YEAR, from_on=date(2026, 6, 2))]}, StandingReason.NO_ACCREDITATION_TODAY),
    ],
)
def test_standing_ends_with_any_of_its_conditions(change: dict[str, Any], reason: StandingReason) -> None:
    assert reasons(ExpertStatus.ACCREDITED, **change) == (reason,)


@pytest.mark.parametrize(
    ("day", "holds"), [(date(2025, 12, 31), False), (BEGIN, True), (END, True), (date(2027, 1, 1), False)]
)
def test_the_first_and_the_last_day_belong_to_it(day: date, holds: bool) -> None:
    found = standing(
        ExpertStatus.ACCREDITED, contracts=[YEAR], training_valid_until=END, accreditations=[YEAR], day=day
    )

    assert found.in_standing == holds


def test_one_valid_contract_of_several_is_enough() -> None:
    old = Period(from_on=date(2020, 1, 1), to_on=date(2020, 12, 31))

    assert reasons(ExpertStatus.ACCREDITED, contracts=[old, YEAR], accreditations=[YEAR, old]) == ()


def test_all_reasons_are_told() -> None:
    assert len(reasons(ExpertStatus.SUSPENDED, contracts=[], training_valid_until=None, accreditations=[])) == 4


@pytest.mark.parametrize("status", ExpertStatus)
def test_an_engagement_lapses_with_its_contract(status: ExpertStatus) -> None:
    assert is_lapsed(status, END, date(2027, 1, 1)) == (status is not ExpertStatus.ENDED)
    assert not is_lapsed(status, END, END)


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        pytest.param({"is_vetting_passed": False}, ExpertGap.VETTING, marks=pytest.mark.requirement("R-S71")),
        pytest.param({"is_route_noted": False}, ExpertGap.ROUTE),
        pytest.param(
            {"was_told_of_preparation": False}, ExpertGap.PREPARATION_TOLD, marks=pytest.mark.requirement("R-S76")
        ),
    ],
)
def test_the_pool_takes_who_was_vetted_and_told(change: dict[str, Any], gap: ExpertGap) -> None:
    ready = {"is_vetting_passed": True, "is_route_noted": True, "was_told_of_preparation": True}

    assert pooling_gaps(**ready) == ()
    assert pooling_gaps(**ready | change) == (gap,)


def test_a_complete_contract_can_be_made() -> None:
    assert contracting_gaps(TERMS, **IN_ORDER) == ()


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        pytest.param({"period": None}, ExpertGap.DATES),
        pytest.param({"period": Period(from_on=END, to_on=BEGIN)}, ExpertGap.DATES),
        pytest.param({"tasks": ""}, ExpertGap.TASKS),
        pytest.param({"immunities_clause": ""}, ExpertGap.IMMUNITIES, marks=pytest.mark.requirement("R-S68")),
        pytest.param({"immunities_scope": ""}, ExpertGap.IMMUNITIES, marks=pytest.mark.requirement("R-S68")),
        pytest.param({"confidentiality_clause": ""}, ExpertGap.CONFIDENTIALITY, marks=pytest.mark.requirement("R-S69")),
        pytest.param(
            {"names_article_21_2": False}, ExpertGap.SOURCES_PROTECTED, marks=pytest.mark.requirement("R-S69")
        ),
        pytest.param(
            {"excludes_representation": False}, ExpertGap.NO_REPRESENTATION, marks=pytest.mark.requirement("R-S70")
        ),
        pytest.param({"is_code_acknowledged": False}, ExpertGap.CODE, marks=pytest.mark.requirement("R-S70")),
        pytest.param({"is_signed_by_expert": False}, ExpertGap.SIGNATURE),
    ],
)
def test_a_contract_names_every_clause(change: dict[str, Any], gap: ExpertGap) -> None:
    assert contracting_gaps(replace(TERMS, **change), **IN_ORDER) == (gap,)


@pytest.mark.parametrize(
    ("left_out", "gap"),
    [
        pytest.param("is_vetting_passed", ExpertGap.VETTING, marks=pytest.mark.requirement("R-S71")),
        pytest.param(
            "are_remuneration_rules_published", ExpertGap.REMUNERATION_RULES, marks=pytest.mark.requirement("R-S64")
        ),
        pytest.param("are_conflicts_declared", ExpertGap.CONFLICTS_DECLARED, marks=pytest.mark.requirement("R-S72")),
    ],
)
def test_no_contract_before_its_conditions(left_out: str, gap: ExpertGap) -> None:
    assert contracting_gaps(TERMS, **IN_ORDER | {left_out: False}) == (gap,)


@pytest.mark.requirement("R-S69")
def test_the_secrecy_text_protects_sources() -> None:
    assert confidentiality_gaps(names_article_21_2=False) == (ExpertGap.SOURCES_PROTECTED,)
    assert confidentiality_gaps(names_article_21_2=True) == ()


@pytest.mark.requirement("R-S66")
def test_nobody_is_deployed_without_the_induction() -> None:
    assert training_gaps([TrainingKind.CONTINUING]) == (ExpertGap.INDUCTION,)
    assert training_gaps(list(TrainingKind)) == ()


def test_an_engagement_is_accredited_by_a_valid_accreditation() -> None:
    assert accreditation_gaps([YEAR], END) == ()
    assert accreditation_gaps([YEAR], date(2027, 1, 1)) == (ExpertGap.ACCREDITATION,)


@pytest.mark.parametrize(
    ("role", "reason", "past", "allowed"),
    [
        ("head", "breach", False, True),
        ("concerned", "moving", False, True),
        ("head", " ", False, False),
        ("head", "", True, True),
        ("staff", "breach", True, False),
    ],
)
def test_an_engagement_ends_with_a_reason_or_after_its_time(role: str, reason: str, past: bool, allowed: bool) -> None:
    assert may_end(by_role=role, reason=reason, is_past_contract=past) == allowed
